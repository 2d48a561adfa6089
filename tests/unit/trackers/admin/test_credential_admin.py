"""Accounts in the admin: who may do what, adding them, and their buttons."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.unit.trackers.admin.accounts import KEY, form, said, url
from trackers.models import Credential, RequestBudget

pytestmark = pytest.mark.django_db


# --- who ---------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["viewer", "preparer", "approver"])
def test_who_may_only_look_sees_state_and_neither_form_nor_buttons(
    client, people, credential, role
):
    client.force_login(people[role])
    page = client.get(url("change", credential.pk)).content.decode()
    assert "API key: stored" in page
    assert 'name="value_api_key"' not in page
    assert url("test", credential.pk) not in page


@pytest.mark.parametrize("role", ["viewer", "preparer", "approver"])
@pytest.mark.parametrize("name", ["change", "test", "pause", "resume"])
def test_who_may_only_look_changes_nothing(client, people, credential, role, name):
    client.force_login(people[role])
    assert client.post(url(name, credential.pk), form()).status_code == 403
    assert client.get(url("add")).status_code == (403 if role == "viewer" else 200)
    credential.refresh_from_db()
    assert (credential.label, credential.paused_at) != ("mine", None)
    assert credential.checked_at is None


@pytest.mark.parametrize("name", ["test", "pause", "resume"])
def test_buttons_act_on_post_only(client, people, credential, name):
    client.force_login(people["admin"])
    assert client.get(url(name, credential.pk)).status_code == 405


# --- adding ------------------------------------------------------------------------
def test_adding_asks_for_the_tracker_first_when_there_are_several(client, people):
    one, two = factories.TrackerFactory(), factories.TrackerFactory()
    client.force_login(people["admin"])
    page = client.get(url("add")).content.decode()
    assert f"?tracker={one.pk}" in page
    assert f"?tracker={two.pk}" in page
    assert 'name="value_api_key"' not in page


def test_adding_without_a_tracker_says_how_to_get_one(client, people):
    client.force_login(people["admin"])
    assert b"seed_trackers" in client.get(url("add")).content


def test_adding_stores_the_values_encrypted(client, people):
    tracker = factories.TrackerFactory()
    client.force_login(people["admin"])
    answer = client.post(url("add") + f"?tracker={tracker.pk}", form(value_api_key=KEY))
    row = Credential.objects.get()
    assert answer.url == url("change", row.pk)
    assert (row.tracker, row.label) == (tracker, "mine")
    assert row.values["api_key"] == KEY
    assert LogEntry.objects.get().get_change_message() == "Added."


def test_what_the_family_requires_must_be_given(client, people):
    tracker = factories.TrackerFactory()
    client.force_login(people["admin"])
    page = client.post(url("add") + f"?tracker={tracker.pk}", form())
    assert b"API key is needed to use this account." in page.content
    assert not Credential.objects.exists()


def test_a_label_is_taken_once_per_tracker(client, people, credential):
    client.force_login(people["admin"])
    given = form(label=credential.label, value_api_key="x" * 20)
    page = client.post(url("add") + f"?tracker={credential.tracker_id}", given)
    assert b"already has an account with this label" in page.content


def test_a_test_of_earlier_values_is_called_so(client, people, credential):
    Credential.objects.update(checked_at=timezone.now(), check_message="")
    client.force_login(people["admin"])
    page = client.get(url("change", credential.pk)).content.decode()
    assert re.search(r"\d\d:\d\d, of the values before</dd>", page)
    at = reverse("admin:trackers_tracker_change", args=[credential.tracker_id])
    page = client.get(at).content.decode()
    assert re.search(r"\d\d:\d\d, of the values before</td>", page)


def test_a_budget_of_one_request_reads_as_one(client, people, credential):
    tracker = credential.tracker
    tracker.budget_requests, tracker.budget_seconds = 1, 10
    tracker.save()
    client.force_login(people["admin"])
    page = client.get(url("change", credential.pk)).content.decode()
    assert "Nothing asked yet; 1 request in 10 s is allowed." in page
    row = RequestBudget.objects.create(credential=credential)
    page = client.get(url("change", credential.pk)).content.decode()
    assert "0 used of 1 request in 10 s." in page
    row.blocked_until = timezone.now() + timedelta(seconds=90)
    row.save()
    page = client.get(url("change", credential.pk)).content.decode()
    assert re.search(r"it is asked again in (89|90) s\.", page)


# --- buttons -----------------------------------------------------------------------
def test_test_says_who_the_site_knows_and_what_a_key_may_lack(client, people, sandbox):
    tracker = factories.TrackerFactory(slug="red", base_url=sandbox.url("red"))
    row = factories.CredentialFactory(
        tracker=tracker,
        values={"api_key": sandbox.key("red")},
        paused_at=timezone.now(),
        paused_reason="old",
    )
    client.force_login(people["admin"])
    answer = client.post(url("test", row.pk))
    assert answer.url == url("change", row.pk)
    text = " ".join(said(answer))
    assert "knows this key" in text
    assert re.search("may\\s+upload", text)
    row.refresh_from_db()
    assert (row.check_ok, row.paused_at) == (True, None)
    assert row.values["passkey"] == sandbox.passkey("red")


def test_a_good_test_and_new_values_keep_a_pause_that_a_person_set(
    client, people, sandbox
):
    tracker = factories.TrackerFactory(slug="red", base_url=sandbox.url("red"))
    key = sandbox.key("red")
    row = factories.CredentialFactory(tracker=tracker, values={"api_key": KEY})
    client.force_login(people["admin"])
    client.post(url("pause", row.pk))
    client.post(url("change", row.pk), form(value_api_key=key))
    row.refresh_from_db()
    assert (row.values["api_key"], bool(row.paused_at)) == (key, True)

    answer = client.post(url("test", row.pk))

    assert "It stays paused until somebody presses Resume." in said(answer)
    row.refresh_from_db()
    assert (row.check_ok, bool(row.paused_at)) == (True, True)
    page = client.get(url("change", row.pk)).content.decode()
    assert "Press Resume to use it again; a test does not end this pause." in page
    client.post(url("resume", row.pk))
    row.refresh_from_db()
    assert (row.paused_at, row.paused_by_hand) == (None, False)


def test_a_refused_key_pauses_the_account_with_the_sites_reason(
    client, people, sandbox
):
    tracker = factories.TrackerFactory(slug="red", base_url=sandbox.url("red"))
    row = factories.CredentialFactory(tracker=tracker, values={"api_key": KEY})
    client.force_login(people["admin"])
    answer = client.post(url("test", row.pk))
    assert said(answer)
    page = client.get(url("change", row.pk)).content.decode()
    assert "Paused since" in page
    assert KEY not in page + " ".join(said(answer))


def test_pause_and_resume_are_kept_with_who_did_it(client, people, credential):
    client.force_login(people["admin"])
    client.post(url("pause", credential.pk))
    credential.refresh_from_db()
    assert people["admin"].username in credential.paused_reason
    assert b">Resume<" in client.get(url("change", credential.pk)).content
    client.post(url("resume", credential.pk))
    credential.refresh_from_db()
    assert credential.paused_at is None
    messages = [one.get_change_message() for one in LogEntry.objects.order_by("pk")]
    assert messages == ["Paused.", "Resumed."]


def test_deleting_takes_the_budget_along(client, people, credential):
    RequestBudget.objects.create(credential=credential)
    client.force_login(people["admin"])
    client.post(url("delete", credential.pk), {"post": "yes"})
    assert not Credential.objects.exists()
    assert not RequestBudget.objects.exists()


def test_a_credential_that_is_gone_leads_back_to_the_list(client, people):
    client.force_login(people["admin"])
    answer = client.get(url("change", 4711))
    assert answer.url == url("changelist")
    assert said(answer) == ["There is no such credential any more."]
