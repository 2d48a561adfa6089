"""A release is published when nothing of it is left to do, however that came about."""

import threading
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.conf import Conf
from django_q.models import OrmQ

from common.worker import worker_id
from releases.models import Release, ReleaseEvent
from releases.services.lifecycle import release_reopen
from releases.services.prepare import release_prepare
from releases.services.remerge import release_override
from releases.states import ReleaseState
from tests.driving import drive
from trackers.models import Tracker
from uploads.errors import UploadError
from uploads.models import Upload
from uploads.services.approval import release_approve, release_reject
from uploads.services.drafting import drafts_renew
from uploads.services.queueing import upload_cancel
from uploads.services.recovery import PUBLISH_TASK, uploads_sweep
from uploads.services.success import upload_succeeded
from uploads.states import UploadStatus

pytestmark = pytest.mark.django_db


def state():
    return Release.objects.get().state


def succeed(upload):
    return upload_succeeded(
        upload,
        remote_id="1",
        url="",
        infohash="",
        old=UploadStatus.UPLOADING,
        why="Taken.",
    )


def give_up(upload):
    upload_cancel(upload_id=upload.pk)


def beside_a_success(first, second, action):
    """Run `action` on the second upload before the success of the first commits."""
    written, done = threading.Event(), threading.Event()

    def run():
        try:
            written.wait(30)
            action(second)
        finally:
            done.set()
            connection.close()

    beside = threading.Thread(target=run)
    beside.start()
    with transaction.atomic():
        succeed(first)
        written.set()
        done.wait(0.5)  # over only where nothing makes it wait for the commit
    beside.join()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("last", [succeed, give_up])
def test_two_that_end_at_the_same_moment_publish_it(
    last, turn, prepared_rows, sandbox, tmp_path
):
    prepared_rows.load(sandbox, tmp_path)
    release_approve(release_id=Release.objects.get().pk, actor_id=None)
    first, second = list(Upload.objects.order_by("pk"))[::turn]
    Upload.objects.filter(pk=first.pk).update(status="uploading")
    if last is succeed:
        Upload.objects.filter(pk=second.pk).update(status="uploading")
    beside_a_success(first, second, last)
    assert state() == ReleaseState.PUBLISHED


def test_the_sweep_publishes_what_was_left_complete(approved):
    Upload.objects.update(status=UploadStatus.SUCCESS)
    assert state() == ReleaseState.APPROVED
    uploads_sweep()
    assert state() == ReleaseState.PUBLISHED


def test_the_sweep_leaves_alone_what_is_not_complete(approved, upload):
    Upload.objects.filter(pk=upload("red").pk).update(status=UploadStatus.SUCCESS)
    uploads_sweep()
    assert state() == ReleaseState.APPROVED


def test_a_published_release_that_was_edited_is_published_again(approved):
    drive()
    release_override(release_id=approved.pk, changes={"title": "New"}, actor_id=None)
    drafts_renew(approved.pk)
    assert state() == ReleaseState.PUBLISHED
    last = ReleaseEvent.objects.filter(release=approved).latest("pk")
    assert (last.old, last.reason) == ("ready", "Every upload succeeded.")


def test_what_was_edited_and_has_other_files_now_waits_for_its_preparation(approved):
    drive()
    release_override(release_id=approved.pk, changes={"title": "New"}, actor_id=None)
    folder = Path(approved.library.path) / approved.source_path
    (folder / "more.txt").write_text("new")
    drafts_renew(approved.pk)
    assert state() == ReleaseState.READY


def test_what_was_edited_and_has_a_draft_left_waits_for_approval(approved, upload):
    drive()
    Upload.objects.filter(pk=upload("red").pk).delete()
    release_override(release_id=approved.pk, changes={"title": "New"}, actor_id=None)
    drafts_renew(approved.pk)
    assert upload("red").status == UploadStatus.DRAFT
    assert state() == ReleaseState.READY


def test_a_reopened_release_with_nothing_left_is_closed_by_the_next_preparation(
    approved,
):
    drive()
    release_reopen(release_id=approved.pk, actor_id=None)
    drafts_renew(approved.pk)
    assert state() == ReleaseState.READY, "whoever reopens it may add a tracker"
    with pytest.raises(UploadError, match="Prepare it again") as refused:
        release_reject(release_id=approved.pk, actor_id=None)
    assert refused.value.code == "nothing_to_reject"
    assert release_prepare(approved.pk)
    drive()
    assert state() == ReleaseState.PUBLISHED


def test_a_reopened_release_waits_for_what_it_was_reopened_for(approved):
    drive()
    release_reopen(release_id=approved.pk, actor_id=None)
    drive()
    assert state() == ReleaseState.READY


def test_a_prepared_release_with_a_draft_left_is_not_published(approved, upload):
    drive()
    release_reopen(release_id=approved.pk, actor_id=None)
    Upload.objects.filter(pk=upload("red").pk).delete()
    assert release_prepare(approved.pk)
    drive()
    assert upload("red").status == UploadStatus.DRAFT
    assert state() == ReleaseState.READY


# --- edited after its approval, and nobody left who would tell --------------------------
@pytest.fixture
def sweep(django_capture_on_commit_callbacks, monkeypatch):
    """Sweep, and do what was asked for; gives for how many releases it was."""
    # The database carries the nudges, whatever BROKER_URL says.
    monkeypatch.setattr(Conf, "ORM", "default")

    def once():
        OrmQ.objects.all().delete()
        with django_capture_on_commit_callbacks(execute=True):
            uploads_sweep()
        asked = [row.task for row in OrmQ.objects.all()]
        mine = [one for one in asked if one["func"] == PUBLISH_TASK]
        for task in mine:
            import_string(task["func"])(**task["kwargs"])
        return len(mine)

    return once


def edit(release):
    """A change of the metadata; what it asks for is lost."""
    release_override(release_id=release.pk, changes={"title": "New"}, actor_id=None)


def test_the_sweep_publishes_again_what_was_edited_when_its_nudge_got_lost(
    approved, sweep
):
    drive()
    edit(approved)
    assert state() == ReleaseState.READY
    assert sweep() == 1
    assert state() == ReleaseState.PUBLISHED
    assert sweep() == 0


@pytest.mark.parametrize("renewed", [True, False])
def test_what_was_edited_while_its_last_upload_was_on_its_way_is_published(
    approved, upload, sweep, renewed
):
    Upload.objects.update(
        status=UploadStatus.UPLOADING,
        claimed_by=worker_id(),
        claimed_at=timezone.now(),
    )
    succeed(upload("red"))
    edit(approved)
    if renewed:
        drafts_renew(approved.pk)
    assert sweep() == 0, "one is on its way still"
    succeed(upload("ops"))
    assert sweep() == 1
    assert state() == ReleaseState.PUBLISHED


def test_files_that_changed_are_looked_at_once_and_the_history_says_what_to_do(
    approved, sweep
):
    drive()
    edit(approved)
    folder = Path(approved.library.path) / approved.source_path
    (folder / "more.txt").write_text("new")
    assert sweep() == 1
    assert state() == ReleaseState.READY
    last = ReleaseEvent.objects.filter(release=approved).latest("pk")
    assert (last.old, last.new) == ("ready", "ready")
    assert last.reason == (
        "more.txt is new since the release was prepared. "
        "Prepare it again, and it counts as published."
    )
    assert sweep() == 0
    assert release_prepare(approved.pk)
    sweep()
    assert state() == ReleaseState.PUBLISHED


def test_a_tracker_that_never_had_an_upload_gets_its_draft_first(
    approved, upload, sweep
):
    drive()
    Upload.objects.filter(pk=upload("red").pk).delete()
    edit(approved)
    assert sweep() == 1
    assert upload("red").status == UploadStatus.DRAFT
    assert state() == ReleaseState.READY
    assert sweep() == 0


def test_what_was_given_up_after_the_edit_is_not_drafted_anew(approved, upload, sweep):
    Upload.objects.filter(pk=upload("red").pk).update(status=UploadStatus.UPLOADING)
    succeed(upload("red"))
    edit(approved)
    give_up(upload("ops"))
    assert sweep() == 1
    assert state() == ReleaseState.PUBLISHED
    assert upload("ops").status == UploadStatus.CANCELLED


def test_a_tracker_that_was_switched_off_since_keeps_nothing_open(approved, sweep):
    drive()
    Release.objects.update(targets=["red", "ops"])
    Tracker.objects.filter(slug="red").update(is_active=False)
    edit(approved)
    assert sweep() == 1
    assert state() == ReleaseState.PUBLISHED


def test_a_reopened_release_is_asked_about_by_nobody(approved, sweep):
    drive()
    release_reopen(release_id=approved.pk, actor_id=None)
    edit(approved)
    assert sweep() == 0
    assert state() == ReleaseState.READY
