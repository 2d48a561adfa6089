"""Secrets go in and never come out, at any address, for any role."""

import pytest

from common.addresses import MOVED
from tests.unit.api.calls import calls
from tests.unit.api.test_permissions import send
from trackers.models import Credential

pytestmark = pytest.mark.django_db

SECRETS = (
    "pl41n-api-key-value",
    "pl41npasskey0123456789",
    "pl41n-client-password",
    "n3w-s3cret-value",
    "pl41n-signing-secret",
)


@pytest.mark.parametrize("role", ["viewer", "admin"])
def test_no_answer_holds_a_secret(role, api, rows):
    said = []
    for call in calls():
        if call.method in ("GET", "PATCH", "PUT", "POST"):
            said.append((call, send(api(role), call, rows).content.decode()))
    for call, text in said:
        for secret in SECRETS:
            assert secret not in text, call


def test_a_credential_is_written_and_shows_only_what_is_filled(api, rows):
    answer = api("admin").post(
        "/api/credentials/",
        {
            "tracker": rows["trackers"].slug,
            "label": "second",
            "values": {"api_key": "n3w-s3cret-value", "passkey": ""},
        },
        "json",
    )
    assert answer.status_code == 201
    assert answer.json()["filled"] == ["api_key"]
    assert "values" not in answer.json()
    assert "n3w-s3cret-value" not in answer.content.decode()
    stored = Credential.objects.get(pk=answer.json()["id"])
    assert stored.values["api_key"] == "n3w-s3cret-value"


def test_blank_values_keep_what_there_is(api, rows):
    url = f"/api/credentials/{rows['credentials'].pk}/"
    answer = api("admin").patch(
        url, {"label": "renamed", "values": {"api_key": ""}}, "json"
    )
    assert answer.status_code == 200
    assert answer.json()["label"] == "renamed"
    stored = Credential.objects.get(pk=rows["credentials"].pk)
    assert stored.values["api_key"] == "pl41n-api-key-value"
    assert answer.json()["rotated_at"] is None


@pytest.mark.parametrize("value", ["n3w key", "n3w-🔑", "n3w\nkey"])
def test_a_value_with_signs_that_none_has_overwrites_nothing(api, rows, value):
    url = f"/api/credentials/{rows['credentials'].pk}/"
    answer = api("admin").patch(url, {"values": {"api_key": value}}, "json")
    assert answer.status_code == 400
    assert "API key has a space, a line break" in answer.content.decode()
    assert "n3w" not in answer.content.decode()
    assert Credential.objects.get().values["api_key"] == "pl41n-api-key-value"


def test_new_values_rotate_and_end_a_pause(api, rows):
    from trackers.services.credentials import credential_pause

    credential_pause(rows["credentials"], "The key was refused.")
    url = f"/api/credentials/{rows['credentials'].pk}/"
    answer = api("admin").patch(
        url, {"values": {"api_key": "n3w-s3cret-value"}}, "json"
    )
    assert answer.json()["paused_at"] is None
    assert answer.json()["rotated_at"] is not None
    assert Credential.objects.get().values["api_key"] == "n3w-s3cret-value"


def test_resuming_a_paused_credential(api, rows):
    from trackers.services.credentials import credential_pause

    credential_pause(rows["credentials"], "The key was refused.")
    answer = api("admin").post(f"/api/credentials/{rows['credentials'].pk}/resume/")
    assert (answer.status_code, answer.json()["paused_at"]) == (200, None)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"api_key": "x", "cookie": "y"}, "has no value called cookie."),
        ({"passkey": "x"}, "also needs: API key."),
        ({}, "also needs: API key."),
    ],
)
def test_wrong_values_are_told_without_repeating_them(api, rows, values, sentence):
    answer = api("admin").post(
        "/api/credentials/",
        {"tracker": rows["trackers"].slug, "label": "x", "values": values},
        "json",
    )
    assert answer.status_code == 400
    (told,) = answer.json()["extra"]["fields"]["values"]
    assert told.endswith(sentence)


def test_a_credential_stays_with_its_tracker(api, rows):
    from tests import factories

    other = factories.TrackerFactory()
    url = f"/api/credentials/{rows['credentials'].pk}/"
    answer = api("admin").patch(url, {"tracker": other.slug}, "json")
    assert answer.status_code == 400
    assert "tracker" in answer.json()["extra"]["fields"]


def test_a_credential_whose_key_is_gone_is_listed_all_the_same(api, rows):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE trackers_credential SET values = %s"
            if connection.vendor == "postgresql"
            else 'UPDATE trackers_credential SET "values" = %s',
            ["herald:v1:gone:AAAA"],
        )
    answer = api("viewer").get("/api/credentials/")
    assert answer.status_code == 200
    assert answer.json()["results"][0]["filled"] == []


def test_a_test_says_who_we_are(api, desk):
    for credential in Credential.objects.all():
        answer = api("admin").post(f"/api/credentials/{credential.pk}/test/")
        assert answer.status_code == 200
        assert answer.json()["ok"]
        assert answer.json()["username"]
    row = api("viewer").get("/api/credentials/").json()["results"][0]
    assert row["check_ok"] is True


def test_a_wrong_key_is_told_and_pauses(api, desk):
    credential = Credential.objects.get(tracker__slug="red")
    credential.values = {"api_key": "n3w-s3cret-value"}
    credential.save()
    answer = api("admin").post(f"/api/credentials/{credential.pk}/test/")
    assert answer.status_code == 200
    assert not answer.json()["ok"]
    assert "n3w-s3cret-value" not in answer.content.decode()
    credential.refresh_from_db()
    assert credential.paused_at is not None


def test_a_client_keeps_its_password(api, rows):
    url = f"/api/clients/{rows['clients'].pk}/"
    answer = api("admin").patch(url, {"name": "box", "password": ""}, "json")
    assert answer.json()["name"] == "box"
    rows["clients"].refresh_from_db()
    assert rows["clients"].login["password"] == "pl41n-client-password"
    answer = api("admin").patch(url, {"password": "n3w-s3cret-value"}, "json")
    assert "password" not in answer.json()
    rows["clients"].refresh_from_db()
    assert rows["clients"].login["password"] == "n3w-s3cret-value"


def test_a_client_that_is_down_is_told(api, rows):
    answer = api("admin").post(f"/api/clients/{rows['clients'].pk}/test/")
    assert answer.status_code == 200
    assert answer.json()["ok"] is False
    assert answer.json()["message"].endswith(".")


def test_a_client_is_made(api):
    answer = api("admin").post(
        "/api/clients/",
        {"name": "box", "url": "http://box:8080", "password": "n3w-s3cret-value"},
        "json",
    )
    assert answer.status_code == 201, answer.content
    assert "n3w-s3cret-value" not in answer.content.decode()


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "box:8080", "http://", "http://a b", "http://a:0"),
        *("http://a:99999", "http://[x", "http://é", "http://ada:pw@box:8080"),
    ],
)
def test_an_address_that_is_none_is_refused(api, url):
    answer = api("admin").post("/api/clients/", {"name": "x", "url": url}, "json")
    assert set(answer.json()["extra"]["fields"]) == {"url"}


def test_secrets_do_not_follow_an_address(api, rows):
    credential, client = rows["credentials"], rows["clients"]
    for url, body in (
        (f"/api/trackers/{rows['trackers'].pk}/", {"base_url": "http://own.example"}),
        (f"/api/clients/{client.pk}/", {"url": "http://own.example"}),
    ):
        assert api("admin").patch(url, body, "json").status_code == 200
    shown = api("viewer").get(f"/api/credentials/{credential.pk}/").json()
    assert (shown["filled"], shown["paused_reason"]) == ([], MOVED)
    shown = api("viewer").get(f"/api/clients/{client.pk}/").json()
    assert (shown["check_ok"], shown["check_message"]) == (None, MOVED)
    client.refresh_from_db()
    assert dict(client.login) == {}


def test_a_password_given_with_the_address_is_for_that_address(api, rows):
    client = rows["clients"]
    api("admin").patch(
        f"/api/clients/{client.pk}/",
        {"url": "http://other.example", "password": "n3w-s3cret-value"},
        "json",
    )
    client.refresh_from_db()
    assert dict(client.login) == {"password": "n3w-s3cret-value"}


def test_another_name_of_the_client_keeps_its_password(api, rows):
    client = rows["clients"]
    api("admin").patch(
        f"/api/clients/{client.pk}/",
        {"url": "http://127.0.0.1:9/qb", "name": "x"},
        "json",
    )
    client.refresh_from_db()
    assert dict(client.login) == {"password": "pl41n-client-password"}
