"""Taking a tracker's last account away says what that stops, before and afterwards."""

import re
from html import unescape

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from tests import factories
from trackers.services.credentials import credential_pause
from uploads.services.troubles import troubles_now, troubles_watch

pytestmark = pytest.mark.django_db


@pytest.fixture
def tracker():
    return factories.TrackerFactory(name="Wren")


@pytest.fixture
def account(tracker):
    return factories.CredentialFactory(tracker=tracker, label="main", priority=1)


def wait(tracker, count=1, status="pending", **values):
    """So many approved uploads to a tracker."""
    factories.UploadFactory.create_batch(
        count, tracker=tracker, status=status, approved_digest="d", **values
    )


def url(name, *args):
    return reverse(f"admin:trackers_credential_{name}", args=args)


@pytest.fixture
def told(client, people):
    """The warnings of the page that asks before an account is deleted or paused."""

    def see(*accounts, deleted=True):
        client.force_login(people["admin"])
        if not deleted:
            answer = client.get(url("change", accounts[0].pk))
        elif len(accounts) == 1:
            answer = client.get(url("delete", accounts[0].pk))
        else:
            chosen = [one.pk for one in accounts]
            data = {"action": "delete_selected", "_selected_action": chosen}
            answer = client.post(url("changelist"), data)
        text = unescape(answer.content.decode())
        return re.findall(r"(?:Without it,|No approved upload)[^<]*", text)

    return see


NOTHING = "Without it, nothing can be sent to Wren: no other account can be used there."


@pytest.mark.parametrize("deleted", [True, False])
@pytest.mark.parametrize(
    ("count", "then"),
    [
        (0, "No approved upload waits for it at the moment."),
        (1, "1 approved upload waits until there is one."),
        (3, "3 approved uploads wait until there is one."),
    ],
)
def test_the_last_account_says_what_waits_for_it(
    told, tracker, account, deleted, count, then
):
    wait(tracker, count)
    factories.UploadFactory(tracker=tracker)  # a draft waits for approval
    wait(factories.TrackerFactory())

    assert told(account, deleted=deleted) == [f"{NOTHING} {then}"]


def test_what_may_be_on_the_tracker_needs_an_account_to_ask_by(told, tracker, account):
    wait(tracker, status="unknown")
    wait(tracker, status="success")
    assert told(account) == [f"{NOTHING} 1 approved upload waits until there is one."]
    account.delete()
    assert "1 upload waits for it." in troubles()["account_missing"]


def test_a_second_account_comes_next_when_the_first_is_deleted(told, tracker, account):
    wait(tracker)
    factories.CredentialFactory(tracker=tracker, priority=2)
    assert told(account) == []


@pytest.mark.parametrize("takes_over", [True, False])
def test_a_second_account_may_take_over_from_a_paused_one_or_not(
    told, tracker, account, takes_over
):
    factories.CredentialFactory(tracker=tracker, priority=2, takes_over=takes_over)
    assert bool(told(account, deleted=False)) is not takes_over


@pytest.mark.parametrize("state", ["off", "paused"])
def test_an_account_that_cannot_be_used_is_none(told, tracker, account, state):
    other = factories.CredentialFactory(tracker=tracker, is_active=state != "off")
    if state == "paused":
        credential_pause(other, "No.")
    assert told(account)


def test_both_accounts_at_once_are_the_last_ones(told, tracker, account):
    wait(tracker, 2)
    other = factories.CredentialFactory(tracker=tracker, priority=2)
    assert told(account, other) == [
        f"{NOTHING} 2 approved uploads wait until there is one."
    ]


def test_an_own_account_holds_what_its_owner_approved(told, people, tracker, account):
    pat = people["approver"]
    own = factories.CredentialFactory(tracker=tracker, owner=pat)
    wait(tracker, 2, approved_by=pat)
    wait(tracker, 1)
    # Deleted, the shared one is used; paused, it waits for no other.
    assert told(own) == []
    assert told(own, deleted=False) == [
        "Without it, 2 approved uploads to Wren have no account to go by, and wait "
        "until there is one."
    ]
    # What nobody with an account of their own approved goes by the shared one.
    assert told(account) == [
        "Without it, 1 approved upload to Wren has no account to go by, and waits "
        "until there is one."
    ]


def test_the_button_asks_first_where_something_stops(client, people, account, tracker):
    client.force_login(people["admin"])
    page = client.get(url("change", account.pk)).content.decode()
    assert "Pause it all the same" in page
    factories.CredentialFactory(tracker=tracker, priority=2, takes_over=True)
    page = client.get(url("change", account.pk)).content.decode()
    assert "Pause it all the same" not in page
    assert ">Pause</button>" in page


def test_it_is_said_again_once_it_is_paused(client, people, account, tracker):
    wait(tracker, 2)
    client.force_login(people["admin"])
    answer = client.post(url("pause", account.pk))
    said = [str(one) for one in get_messages(answer.wsgi_request)]
    assert said[1:] == [f"{NOTHING} 2 approved uploads wait until there is one."]


# --- afterwards ----------------------------------------------------------------------
def troubles():
    troubles_watch()
    return {row.code: row.message for row in troubles_now()}


def test_the_dashboard_says_that_a_tracker_has_no_account_while_uploads_wait(
    client, people, tracker, account
):
    account.delete()
    assert troubles() == {}, "nobody waits for it"
    wait(tracker, 2)
    sentence = "Wren has no account to send by; 2 uploads wait for it."
    assert troubles() == {"account_missing": sentence}

    client.force_login(people["viewer"])
    answer = client.get(reverse("admin:index"))
    assert sentence in answer.content.decode()
    (row,) = answer.context["dashboard"].trackers
    assert (row.tone, row.state) == ("bad", "no account, uploads wait")

    factories.CredentialFactory(tracker=tracker)
    assert troubles() == {}


def test_the_number_of_those_that_wait_is_kept_right(tracker):
    wait(tracker)
    assert "1 upload waits" in troubles()["account_missing"]
    wait(tracker)
    assert "2 uploads wait" in troubles()["account_missing"]


def test_a_paused_last_account_says_how_many_wait_for_it(tracker, account):
    wait(tracker, 2)
    credential_pause(account, "Paused by pat.", by_hand=True)
    assert troubles() == {
        "credential_paused": "Wren: main is paused: Paused by pat. Nothing is sent "
        "there; 2 uploads wait for it."
    }


def test_a_tracker_that_is_switched_off_is_no_trouble(tracker):
    wait(tracker)
    tracker.is_active = False
    tracker.save()
    assert troubles() == {}


def test_somebody_elses_own_account_sends_nothing_for_others(people, tracker):
    factories.CredentialFactory(tracker=tracker, owner=people["approver"])
    wait(tracker, 2, approved_by=people["approver"])
    assert troubles() == {}
    wait(tracker, 1, approved_by=people["admin"])
    assert "1 upload waits for it." in troubles()["account_missing"]
