"""Another account of the tracker goes on where its owner allowed it."""

import pytest

from tests import factories
from tests.driving import drive, work
from trackers.models import Credential
from trackers.services.credentials import credential_choose, credential_pause
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
