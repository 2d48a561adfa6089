"""Another account of the tracker goes on where its owner allowed it."""

import pytest
from django.utils import timezone

from tests import factories
from tests.driving import claim, drive, work
from tests.interrupting import calling
from trackers.models import Credential, RequestBudget
from trackers.services.choosing import credential_choose
from trackers.services.credentials import (
    credential_pause,
    credential_resume,
)
from uploads.models import Upload
from uploads.services.running import upload_run
from uploads.services.settling import upload_settle
from uploads.services.troubles import troubles_now, troubles_watch
from uploads.states import UploadStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(approved):
    """RED's account that is used."""
    return Credential.objects.select_related("tracker").get(tracker__slug="red")


@pytest.fixture
def second(first):
    """Another one after it, with a key of its own."""
    values = {**first.values}
    return factories.CredentialFactory(
        tracker=first.tracker, label="second", priority=20, values=values
    )


def let_take_over(credential):
    Credential.objects.filter(pk=credential.pk).update(takes_over=True)


def test_without_leave_no_other_account_is_used(first, second):
    credential_pause(first, "Its key was refused.")
    assert credential_choose(first.tracker) is None


def test_with_leave_the_next_one_is_used_while_the_first_is_paused(first, second):
    let_take_over(second)
    assert credential_choose(first.tracker) == first
    credential_pause(first, "Its key was refused.")
    assert credential_choose(first.tracker) == second


def test_a_refused_upload_goes_by_the_other_account_at_once(
    first, second, upload, sandbox
):
    let_take_over(second)
    sandbox.fail("red", "upload", "bad-key")
    work()
    work()
    sent = upload("red")
    assert sent.status == UploadStatus.SUCCESS
    assert sent.credential == second
    refused, taken = sent.attempts.order_by("number")
    assert (refused.credential, refused.outcome) == (first, "auth")
    assert "second takes over." in refused.decision
    assert (taken.credential, taken.outcome) == (second, "success")
    assert len(sandbox.uploads("red")) == 1


def test_when_all_are_refused_it_fails_once(first, second, upload, sandbox):
    let_take_over(second)
    sandbox.fail("red", "upload", "bad-key", times=2)
    drive()
    assert upload("red").status == UploadStatus.FAILED
    assert upload("red").attempts.count() == 2
    assert not Credential.objects.filter(tracker=first.tracker, paused_at=None).exists()


@pytest.mark.parametrize("allowed", [False, True])
def test_what_is_claimed_is_not_sent_by_an_account_paused_since(
    allowed, first, second, upload, sandbox
):
    if allowed:
        let_take_over(second)
    taken = claim()
    while taken.tracker != first.tracker:
        taken = claim()
    place = "uploads.services.readiness.approved_payload"
    with calling(lambda: credential_pause(first, "Banned."), "return", place):
        upload_run(taken)
    assert sandbox.requests("red") == []
    put_back = upload("red")
    assert (put_back.status, put_back.tries) == (UploadStatus.PENDING, 0)
    attempt = put_back.attempts.get()
    assert (attempt.phase, attempt.outcome, attempt.decision) == (
        *("claimed", "auth"),
        "Nothing was sent; it is due again.",
    )
    work()
    if allowed:
        assert upload("red").credential == second
        assert upload("red").status == UploadStatus.SUCCESS
        return
    assert "Banned." in upload("red").reason["message"]
    credential_resume(first)
    work()
    work()
    assert upload("red").status == UploadStatus.SUCCESS


@pytest.mark.parametrize("fault", ["429", "429-date", "rate-limit"])
@pytest.mark.parametrize("site", ["red", "ops"])
def test_every_way_to_say_wait_moves_the_row_for_everyone(
    fault, site, approved, upload, sandbox
):
    sandbox.fail(site, "upload", fault, seconds=90)
    work()
    row = RequestBudget.objects.get(credential__tracker__slug=site, action="")
    assert row.blocked_until
    wait = (row.blocked_until - timezone.now()).total_seconds()
    least, most = (5, 16) if (fault, site) == ("rate-limit", "ops") else (80, 91)
    assert least < wait < most
    assert upload(site).status == UploadStatus.PENDING


@pytest.mark.parametrize("site", ["red", "ops"])
@pytest.mark.parametrize(
    "words", ["your ip address has been banned", "invalid token", "Bad credentials"]
)
def test_a_ban_and_a_failed_login_pause_at_once(words, site, approved, sandbox):
    sandbox.fail(site, "upload", "refuse", message=words)
    work()
    assert Credential.objects.get(tracker__slug=site).paused_at
    assert len(sandbox.requests(site)) == 1


def test_only_one_process_at_a_time_looks_at_a_tracker(first, upload):
    """A site that takes its time to answer keeps one worker, never all of them."""
    Upload.objects.filter(tracker=first.tracker).update(
        status="unknown", claimed_by="somebody", claimed_at=timezone.now()
    )
    waiting = factories.UploadFactory(tracker=first.tracker, status="unknown")
    upload_settle(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.claimed_by, waiting.looks) == ("", 0)
    assert not waiting.events.exists()


def test_the_dashboard_says_who_is_used_instead(first, second):
    let_take_over(second)
    credential_pause(first, "The key was refused.")
    troubles_watch()
    (trouble,) = troubles_now()
    assert trouble.message.endswith("The key was refused. second is used instead.")


def test_what_waits_for_a_paused_account_says_why(first, upload):
    credential_pause(first, "The key was refused.")
    work()
    assert upload("red").reason["message"] == (
        f"{first} is paused: The key was refused. Enter a working key and test it, or "
        "let another account take over; it goes on by itself."
    )
