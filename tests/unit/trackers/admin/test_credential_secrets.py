"""Accounts in the admin: secrets only go in, and never come out again."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from common.vault import PREFIX
from config.people.models import Preferences
from tests.unit.trackers.admin.accounts import KEY, PASSKEY, form, said, url
from trackers.models import Credential

pytestmark = pytest.mark.django_db


def test_no_page_shows_a_stored_secret(client, people, credential):
    client.force_login(people["root"])
    tracker = reverse("admin:trackers_tracker_change", args=[credential.tracker_id])
    pages = (
        *(url("change", credential.pk), url("changelist"), url("add"), tracker),
        *(url("history", credential.pk), url("delete", credential.pk)),
    )
    for page in pages:
        text = client.get(page).content.decode()
        assert KEY not in text
        assert PASSKEY not in text
        assert PREFIX not in text


def test_new_values_replace_old_ones_and_blank_ones_keep_them(
    client, people, credential
):
    client.force_login(people["admin"])
    given = form(value_api_key="a-new-api-key-000001")
    answer = client.post(url("change", credential.pk), given)
    assert answer.url == url("change", credential.pk)
    credential.refresh_from_db()
    assert dict(credential.values) == {
        "api_key": "a-new-api-key-000001",
        "passkey": PASSKEY,
    }
    assert (credential.label, credential.priority) == ("mine", 5)
    assert credential.rotated_at is not None


def test_the_history_names_fields_and_never_values(client, people, credential):
    client.force_login(people["admin"])
    client.post(url("change", credential.pk), form(value_api_key="new-key-abcdef99"))
    entry = LogEntry.objects.get()
    assert "API key" in entry.change_message
    assert "Label" in entry.change_message
    assert "new-key-abcdef99" not in entry.change_message
    history = client.get(url("history", credential.pk)).content.decode()
    assert "new-key-abcdef99" not in history


def test_the_history_is_english_whoever_made_it(client, people, credential):
    Preferences.objects.create(user=people["admin"], language="de")
    client.force_login(people["admin"])
    given = form(label=credential.label, priority=credential.priority, is_active="")
    page = client.get(url("change", credential.pk)).content.decode()
    assert "Aktiv" in page
    client.post(url("change", credential.pk), given)
    fields = json.loads(LogEntry.objects.get().change_message)[0]["changed"]["fields"]
    assert fields == ["Active"]


def test_a_form_that_fails_does_not_give_the_secret_back(client, people, credential):
    client.force_login(people["admin"])
    given = form(label="", value_api_key=f"{KEY} with a space", value_passkey="aa\tbb")
    page = client.post(url("change", credential.pk), given).content.decode()
    assert KEY not in page
    assert "aa\tbb" not in page
    assert "API key has a space" in page
    credential.refresh_from_db()
    assert credential.values["api_key"] == KEY


def test_a_value_that_is_too_long_is_refused_without_being_quoted(
    client, people, credential
):
    client.force_login(people["admin"])
    page = client.post(
        url("change", credential.pk), form(value_api_key="k" * 4001)
    ).content.decode()
    assert "at most 4000 characters" in page
    assert "kkkk" not in page


def test_a_crash_report_has_no_posted_secret(client, people, credential, monkeypatch):
    client.force_login(people["admin"])
    client.raise_request_exception = False
    seen = []

    def report(self):
        seen.append(str(self.filter.get_post_parameters(self.request)))
        return {}

    monkeypatch.setattr(
        "django.views.debug.ExceptionReporter.get_traceback_data", report
    )
    monkeypatch.setattr(Credential, "save", lambda *_, **__: 1 / 0)
    given = form(value_api_key="crash-secret-123456")
    assert client.post(url("change", credential.pk), given).status_code == 500
    assert "crash-secret-123456" not in "".join(seen)


def test_values_that_cannot_be_decrypted_are_said_and_not_overwritten(
    client, people, credential, settings
):
    before = credential.values.token
    settings.HERALD_KEYS = {"text": f"other:{'B' * 43}="}
    client.force_login(people["admin"])
    page = client.get(url("change", credential.pk)).content.decode()
    assert "cannot be decrypted" in page
    answer = client.post(url("change", credential.pk), form(value_api_key="x" * 20))
    assert answer.status_code == 200
    assert said(answer)
    credential.refresh_from_db()
    assert credential.values.token == before
    assert credential.label != "mine"


@pytest.mark.parametrize(
    "value", ["a good key", "key\u200b1234", "k🔑y-1234", "clé-12"]
)
def test_a_key_with_signs_that_no_key_has_overwrites_nothing(
    client, people, credential, value
):
    client.force_login(people["admin"])
    answer = client.post(url("change", credential.pk), form(value_api_key=value))
    assert "API key has a space, a line break" in answer.content.decode()
    credential.refresh_from_db()
    assert credential.values["api_key"] == KEY
