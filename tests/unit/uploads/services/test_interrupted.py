"""A worker that ends, or fails, in the middle of an attempt."""

import pytest
from django.db import OperationalError, connection

from tests.driving import claim, drive, pass_time, work
from tests.interrupting import Killed, bury, calling, dead_worker, raising
from trackers.models import Credential
from uploads.models import UploadAttempt
from uploads.payloads import payload_digest
from uploads.retry import MAX_TRIES
from uploads.services.approval import release_approve
from uploads.services.attempts import attempt_close, attempt_open, attempt_sending
from uploads.services.claiming import claim_next
from uploads.services.queueing import upload_cancel, upload_retry
from uploads.services.recovery import claims_recover
from uploads.services.running import upload_run, uploads_work
from uploads.services.settling import upload_settle
from uploads.states import Outcome, UploadStatus

pytestmark = pytest.mark.django_db

BEFORE = {
    "claimed": ("return", "uploads.services.claiming.claim_next"),
    "checked": ("return", "uploads.services.readiness.upload_ready"),
    "opened": ("return", "uploads.services.attempts.attempt_open"),
    "built": ("return", "uploads.services.readiness.approved_payload"),
    "about to send": ("call", "uploads.services.attempts.attempt_sending"),
}
AFTER = {
    "sending": ("return", "uploads.services.attempts.attempt_sending"),
    "sent": ("call", "http.client.getresponse"),
    "answered": ("return", "trackers.adapters.http.send_upload"),
    "about to record": ("call", "uploads.services.success.upload_succeeded"),
}


@pytest.fixture
def one(ready, upload):
    """Only RED's upload is approved."""
    release_approve(release_id=ready.pk, actor_id=None, upload_ids=[upload("red").pk])


def die_at(event, place):
    with pytest.raises(Killed), raising(Killed(), event, place):
        uploads_work()
    bury(dead_worker())


@pytest.mark.parametrize("place", BEFORE)
def test_death_before_sending_sends_it_once_afterwards(place, one, upload, sandbox):
    die_at(*BEFORE[place])
    assert claims_recover() == 1
    assert upload("red").status == UploadStatus.PENDING
    drive()
    assert upload("red").status == UploadStatus.SUCCESS
    assert len(sandbox.uploads("red")) == 1
    assert len(sandbox.requests("red", "upload")) == 1
    assert [request["action"] for request in sandbox.requests("red")] == ["upload"]


@pytest.mark.parametrize("place", AFTER)
def test_death_after_sending_asks_before_anything_else(place, one, upload, sandbox):
    die_at(*AFTER[place])
    assert claims_recover() == 1
    gone = upload("red")
    assert gone.status == UploadStatus.UNKNOWN
    assert "the tracker is asked first" in gone.reason["message"]
    attempt = gone.attempts.get()
    assert attempt.outcome == Outcome.STALE
    assert attempt.error_code == "worker_died"
    drive()
    assert upload("red").status == UploadStatus.SUCCESS
    assert len(sandbox.uploads("red")) == 1
    actions = [request["action"] for request in sandbox.requests("red")]
    if place != "sending":
        assert actions.pop(0) == "upload"
    assert actions[0] == "torrent"
    assert actions.count("upload") == (1 if place == "sending" else 0)


def test_the_claim_of_a_living_worker_is_left_alone(one, upload):
    claim_next()
    assert claims_recover() == 0
    assert upload("red").status == UploadStatus.UPLOADING


def test_a_claim_a_living_worker_forgot_ends_with_its_lease(one, upload):
    claim_next()
    pass_time(3600)
    assert claims_recover() == 1
    assert upload("red").status == UploadStatus.PENDING


def test_a_worker_that_was_given_up_must_not_send(one, upload, sandbox):
    claimed = claim()
    assert claimed.credential
    attempt = attempt_open(claimed, claimed.credential)
    bury(dead_worker())
    claims_recover()
    with pytest.raises(Exception, match="Another worker took this upload over"):
        attempt_sending(attempt)
    assert UploadAttempt.objects.get().phase == "claimed"
    assert UploadAttempt.objects.get().outcome == Outcome.STALE


def test_of_two_threads_with_one_claim_one_sends(one, upload, sandbox):
    """A disk that hung for longer than a lease let both of one process go on."""
    first = claim()
    pass_time(3600)
    assert claims_recover() == 1
    second = claim()
    with calling(
        lambda: upload_run(second), "call", "trackers.adapters.http.read_bounded"
    ):
        upload_run(first)
    assert upload("red").status == UploadStatus.SUCCESS
    assert len(sandbox.requests("red", "upload")) == 1
    assert upload("red").attempts.count() == 1


def test_an_answer_that_comes_after_the_sweep_still_counts(one, upload, sandbox):
    """The sweep runs while the worker reads the site's answer."""
    dead = dead_worker()

    def sweep(*_):
        bury(dead)
        assert claims_recover() == 1

    with calling(sweep, "call", "trackers.adapters.http.read_bounded"):
        uploads_work()
    assert upload("red").status == UploadStatus.SUCCESS
    assert len(sandbox.requests("red")) == 1
    assert upload("red").attempts.get().outcome == Outcome.STALE


def test_a_dead_look_is_taken_over(one, upload, sandbox):
    sandbox.fail("red", "upload", "drop-after")
    uploads_work()
    pass_time(5)
    with (
        pytest.raises(Killed),
        raising(Killed(), "call", "uploads.services.looking.look_for"),
    ):
        upload_settle(upload("red").pk)
    assert upload("red").claimed_by
    bury(dead_worker())
    assert claims_recover() == 1
    drive()
    assert upload("red").status == UploadStatus.SUCCESS
    assert len(sandbox.requests("red", "upload")) == 1


@pytest.mark.parametrize("place", ["checked", "built"])
def test_our_own_error_before_sending_fails_and_says_so(place, one, upload, sandbox):
    with raising(ZeroDivisionError(), *BEFORE[place]):
        uploads_work()
    failed = upload("red")
    assert failed.status == UploadStatus.FAILED
    assert failed.reason["code"] == "internal"
    assert "ZeroDivisionError" in failed.reason["message"]
    assert "Nothing was sent" in failed.reason["remedy"]
    assert failed.finished_at
    assert not failed.claimed_by
    assert sandbox.requests("red") == []
    upload_retry(upload_id=failed.pk)
    work()
    assert upload("red").status == UploadStatus.SUCCESS


@pytest.mark.parametrize("place", ["checked", "built", "about to send"])
def test_a_database_in_trouble_before_sending_is_tried_again(
    place, one, upload, sandbox
):
    with raising(OperationalError("database is locked"), *BEFORE[place]):
        uploads_work()
    waiting = upload("red")
    assert waiting.status == UploadStatus.PENDING
    assert waiting.reason["code"] == "internal"
    assert "The database is busy" in waiting.reason["message"]
    assert waiting.reason["remedy"] == "Nothing was sent; it is tried again by itself."
    assert waiting.not_before
    assert waiting.tries == 1
    assert not waiting.claimed_by
    assert not waiting.attempts.filter(outcome="").exists()
    assert sandbox.requests("red") == []
    drive()
    assert upload("red").status == UploadStatus.SUCCESS
    assert len(sandbox.requests("red", "upload")) == 1


def test_a_database_in_trouble_at_every_try_is_given_up(one, upload, sandbox):
    for _ in range(MAX_TRIES):
        pass_time(2000)
        with raising(OperationalError("disk is full"), *BEFORE["built"]):
            uploads_work()
    failed = upload("red")
    assert failed.status == UploadStatus.FAILED
    assert failed.finished_at
    assert sandbox.requests("red") == []


@pytest.mark.parametrize("place", ["sending", "answered"])
def test_our_own_error_after_sending_asks_first(place, one, upload, sandbox):
    with raising(ZeroDivisionError(), *AFTER[place]):
        uploads_work()
    unknown = upload("red")
    assert unknown.status == UploadStatus.UNKNOWN
    assert unknown.attempts.get().outcome == Outcome.INTERNAL
    drive()
    assert upload("red").status == UploadStatus.SUCCESS
    assert len(sandbox.uploads("red")) == 1


def test_our_own_error_while_asking_is_no_answer(one, upload, sandbox):
    sandbox.fail("red", "upload", "drop-after")
    uploads_work()
    pass_time(5)
    with raising(ZeroDivisionError(), "call", "uploads.services.looking.look_for"):
        upload_settle(upload("red").pk)
    assert upload("red").status == UploadStatus.UNKNOWN
    assert "ZeroDivisionError" in upload("red").reason["message"]
    drive()
    assert len(sandbox.requests("red", "upload")) == 1


def test_an_unreadable_credential_holds_the_upload_unsent(one, upload, sandbox):
    table = Credential._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET \"values\" = 'g1$nokey$AAAA'")  # noqa: S608
    uploads_work()
    held = upload("red")
    assert held.status == UploadStatus.PENDING
    assert held.reason["code"] == "credential_incomplete"
    assert sandbox.requests("red") == []


def test_a_deleted_credential_needs_a_person(one, upload, sandbox):
    claimed = claim()
    Credential.objects.filter(tracker__slug="red").delete()
    claimed.refresh_from_db()
    upload_run(claimed)
    assert upload("red").status == UploadStatus.FAILED
    assert upload("red").reason["code"] == "credential_missing"


def test_a_payload_of_another_shape_is_our_own_error(one, upload, sandbox):
    broken = upload("red")
    broken.payload.pop("torrent")
    broken.digest = payload_digest(broken.payload, bytes(broken.torrent_file))
    broken.approved_digest = broken.digest
    broken.save()
    uploads_work()
    assert upload("red").status == UploadStatus.FAILED
    assert "KeyError" in upload("red").reason["message"]
    assert sandbox.requests("red") == []


def test_a_closed_attempt_never_changes(one, upload):
    uploads_work()
    attempt = upload("red").attempts.get()
    again = attempt_close(
        attempt, outcome=Outcome.INTERNAL, message="later", decision="later"
    )
    assert again is False
    attempt.refresh_from_db()
    assert attempt.outcome == Outcome.SUCCESS


def test_what_is_being_sent_cannot_be_cancelled(one, upload):
    claim_next()
    with pytest.raises(Exception, match="uploading and cannot be cancelled any more"):
        upload_cancel(upload_id=upload("red").pk)
