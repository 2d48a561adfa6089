"""Whatever goes wrong each time is left to a person in the end."""

import pytest

from tests.driving import claim, drive, pass_time, work
from tests.interrupting import bury, dead_worker, raising
from uploads.models import Upload
from uploads.retry import MAX_TRIES
from uploads.services.answering import upload_send_again
from uploads.services.approval import release_approve
from uploads.services.drafting import drafts_make
from uploads.services.queueing import upload_cancel
from uploads.services.recovery import uploads_sweep
from uploads.services.restored import uploads_ask_first
from uploads.services.running import upload_run, uploads_work
from uploads.services.settling import upload_settle
from uploads.states import UploadStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def alone(ready, upload):
    """Only RED is approved."""
    release_approve(release_id=ready.pk, actor_id=None, upload_ids=[upload("red").pk])


def sends(sandbox):
    return len(sandbox.requests("red", "upload"))


def look():
    """Every look there is to make at what is unknown."""
    while Upload.objects.filter(status="unknown").exists():
        pass_time(3600)
        for pk in Upload.objects.values_list("pk", flat=True):
            upload_settle(pk)


def test_what_is_lost_and_absent_each_time_ends_with_a_question(
    approved, upload, sandbox
):
    sandbox.fail("red", "upload", "server-error", times=0)
    drive()
    failed = upload("red")
    assert failed.status == UploadStatus.FAILED
    assert failed.reason["code"] == "sent_in_vain"
    assert failed.reason["message"] == (
        "Sent 5 times without a clear answer, and Redacted has it still not."
    )
    assert "Look on the tracker" in failed.reason["remedy"]
    assert failed.finished_at
    assert sends(sandbox) == failed.attempts.count() == failed.tries == MAX_TRIES

    sandbox.heal()
    upload_send_again(upload_id=failed.pk)
    drive()
    assert upload("red").status == UploadStatus.SUCCESS
    assert len(sandbox.uploads("red")) == 1


def test_each_try_waits_longer_than_the_one_before(approved, upload, sandbox):
    sandbox.fail("red", "upload", "server-error", times=0)
    uploads_work()
    waits = []
    while upload("red").status != UploadStatus.FAILED:
        pass_time(3600)
        work()
        red = upload("red")
        if red.status == UploadStatus.PENDING:
            assert red.reason["code"] == "settled_absent"
            left = red.not_before - red.events.latest("pk").created_at
            waits.append(round(left.total_seconds()))
    assert len(waits) == MAX_TRIES - 1
    for wait, usual in zip(waits, (10, 20, 40, 80), strict=True):
        assert usual * 0.75 <= wait <= usual * 1.25


def test_an_upload_that_kills_every_worker_is_given_up(alone, upload, sandbox):
    dead = dead_worker()
    for _ in range(MAX_TRIES):
        claim()
        bury(dead)
        uploads_sweep()
    failed = upload("red")
    assert failed.status == UploadStatus.FAILED
    assert failed.reason["code"] == "worker_died"
    assert "Tried 5 times" in failed.reason["message"]
    assert failed.reason["remedy"]
    assert failed.finished_at
    assert sends(sandbox) == 0


def test_errors_of_ours_after_sending_are_counted(alone, upload, sandbox):
    """The request may have left: it is asked about, and not sent for ever."""
    for _ in range(MAX_TRIES):
        place = "uploads.services.attempts.attempt_sending"
        with raising(ValueError("ours"), "return", place):
            upload_run(claim())
        assert upload("red").status == UploadStatus.UNKNOWN
        look()
        pass_time(3600)
    failed = upload("red")
    assert (failed.status, failed.tries) == (UploadStatus.FAILED, MAX_TRIES)
    assert failed.reason["code"] == "sent_in_vain"


def test_who_cancels_a_question_and_drafts_anew_sends_nothing_unasked(
    alone, ready, upload, sandbox, settings
):
    settings.TRACKER_PATIENCE_SECONDS = 3600
    sandbox.fail("red", "upload", "drop-after")
    sandbox.fail("red", "torrent", "server-error", times=0)
    drive()
    assert upload("red").reason["code"] == "outcome_unsettled"
    sandbox.heal()
    upload_cancel(upload_id=upload("red").pk)
    drafts_make(ready.pk)
    release_approve(release_id=ready.pk, actor_id=None)
    drive()
    assert ready.uploads.get(tracker__slug="red", status="success")
    assert sends(sandbox) == 1


def test_a_draft_cancelled_after_a_restore_is_asked_about_when_made_anew(
    ready, upload, sandbox
):
    uploads_ask_first()
    upload_cancel(upload_id=upload("red").pk)
    drafts_make(ready.pk)
    release_approve(release_id=ready.pk, actor_id=None)
    drive()
    actions = [request["action"] for request in sandbox.requests("red")]
    assert actions.index("torrent") < actions.index("upload")
