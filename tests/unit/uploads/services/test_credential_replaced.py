"""A key that somebody replaces while the site still answers about the old one."""

import pytest

from tests.driving import claim
from tests.interrupting import calling
from trackers.models import Credential
from trackers.services.credentials import (
    credential_pause,
    credential_test,
    credential_update,
)
from uploads.services.running import upload_run

pytestmark = pytest.mark.django_db


def stored():
    return Credential.objects.get(tracker__slug="red")


@pytest.fixture
def red(quick_desk):
    """RED's account as a worker holds it, without a passkey."""
    account = stored()
    account.values = {"api_key": account.values["api_key"]}
    account.save()
    return Credential.objects.select_related("tracker").get(pk=account.pk)


def replace(**values):
    credential_update(stored(), values or {"api_key": "another-key"})


def answering(action):
    """Act once the site has answered a test, before the answer is written down."""
    return calling(action, "return", "trackers.services.credentials._ask")


def test_the_answer_about_the_old_key_leaves_the_new_one_alone(red, sandbox):
    with answering(replace):
        result = credential_test(red)
    assert not result.ok
    assert result.message == (
        "The credential was replaced while the tracker answered. Test the new one."
    )
    after = stored()
    assert after.values == {"api_key": "another-key"}
    assert (after.check_ok, after.checked_at) == (None, None)


def test_a_refusal_of_the_old_key_does_not_pause_the_new_one(red, sandbox):
    sandbox.fail("red", "index", "bad-key")
    place = "trackers.adapters.gazelle.adapter.check"
    with calling(replace, "return", place):
        credential_test(red)
    assert stored().paused_at is None


def test_a_refused_upload_does_not_pause_the_new_key(approved, sandbox):
    sandbox.fail("red", "upload", "bad-key")
    upload = claim()
    while upload.tracker.slug != "red":
        upload = claim()
    with calling(replace, "return", "trackers.adapters.http.send_upload"):
        upload_run(upload)
    assert stored().paused_at is None


def test_a_pause_is_about_the_key_that_was_read(red):
    replace()
    credential_pause(red, "The key was refused.")
    assert stored().paused_at is None
    credential_pause(stored(), "The key was refused.")
    assert stored().paused_at


def test_what_two_tests_learn_is_kept_once(red, sandbox):
    other = Credential.objects.select_related("tracker").get(pk=red.pk)
    with answering(lambda: credential_test(other)):
        assert credential_test(red).ok
    assert stored().values["passkey"] == sandbox.passkey("red")
    assert red.values == stored().values
