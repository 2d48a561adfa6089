"""A tracker at another address: what was stored for the old one is not sent there."""

import pytest

from common.addresses import MOVED
from tests import factories
from tests.far_end import far_end, http_answer
from trackers.models import Credential, Tracker
from trackers.services.choosing import credential_choose
from trackers.services.credentials import (
    credential_resume,
    credential_test,
    credential_update,
)
from trackers.services.moving import tracker_save

pytestmark = pytest.mark.django_db
KEY = "the-real-key-4711"
PASSKEY = "f00dfacef00dfacef00dfacef00dface"


@pytest.fixture
def account():
    return factories.CredentialFactory(values={"api_key": KEY, "passkey": PASSKEY})


@pytest.fixture
def thief():
    """A server that keeps what it is sent."""

    def answer(connection, request, number):
        connection.sendall(http_answer(b"{}"))

    with far_end(answer) as far:
        yield far


def move(account, **addresses):
    tracker = Tracker.objects.get(pk=account.tracker_id)
    for name, value in addresses.items():
        setattr(tracker, name, value)
    moved = tracker_save(tracker)
    account.refresh_from_db()
    return moved


@pytest.mark.parametrize("name", ["base_url", "announce_url"])
def test_the_secrets_stay_behind(account, thief, name):
    assert move(account, **{name: f"{thief.url}/{{passkey}}"})
    assert dict(account.values) == {}
    assert account.paused_reason == MOVED
    assert credential_choose(account.tracker) is None


def test_neither_test_nor_resume_nor_half_a_value_brings_them_back(account, thief):
    stale = Credential.objects.select_related("tracker").get(pk=account.pk)
    move(account, base_url=thief.url)
    credential_test(account)
    credential_resume(account)
    credential_update(stale, {"passkey": "0123456789abcdef" * 2})
    credential_test(Credential.objects.get(pk=account.pk))
    assert not any(KEY.encode() in request for request in thief.requests)
    assert set(Credential.objects.get().values) == {"passkey"}


def test_an_answer_that_comes_after_the_move_says_nothing(account, sandbox):
    account.values = {"api_key": sandbox.key("red")}
    account.save()
    account.tracker.base_url = sandbox.url("red")
    account.tracker.save()
    asked_before = Credential.objects.select_related("tracker").get(pk=account.pk)
    move(account, base_url="http://127.0.0.1:9/red")
    assert "was replaced while" in credential_test(asked_before).message
    account.refresh_from_db()
    assert (dict(account.values), account.check_ok) == ({}, None)
    assert account.paused_reason == MOVED


def test_entered_again_they_are_used(account):
    move(account, base_url="https://other.example")
    credential_update(account, {"api_key": KEY, "passkey": PASSKEY})
    assert credential_choose(account.tracker) == account
    assert account.values["api_key"] == KEY


def test_another_path_of_the_same_place_keeps_them(account):
    assert not move(
        account,
        base_url="http://127.0.0.1:9/ops",
        announce_url="http://127.0.0.1:9/{passkey}/announce",
        name="Renamed",
    )
    assert account.values["api_key"] == KEY
    assert account.paused_at is None
