"""A release is published when nothing of it is left to do, however that came about."""

import threading
from pathlib import Path

import pytest
from django.db import connection, transaction

from releases.models import Release, ReleaseEvent
from releases.services.lifecycle import release_reopen
from releases.services.prepare import release_prepare
from releases.services.remerge import release_override
from releases.states import ReleaseState
from tests.driving import drive
from uploads.errors import UploadError
from uploads.models import Upload
from uploads.services.approval import release_approve, release_reject
from uploads.services.drafting import drafts_renew
from uploads.services.queueing import upload_cancel
from uploads.services.recovery import uploads_sweep
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
