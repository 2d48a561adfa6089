"""`Idempotency-Key`: sent twice, done once, answered alike."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connections
from django.utils import timezone
from rest_framework.test import APIClient

from config.access import token_issue
from config.answers import LAPSE, answers_clean
from config.models import StoredAnswer
from releases.models import Library, TorrentClient
from tests.interrupting import raising
from tests.unit.api.test_permissions import with_scope

pytestmark = pytest.mark.django_db

RELEASES = "/api/releases/"
CLIENTS = "/api/clients/"
KEY = "4f0c8a2e-key"


def post(client, path, body, key=KEY, **more):
    return client.post(path, body, "json", headers={"Idempotency-Key": key, **more})


def wanted(**more):
    return {"name": "qbt", "url": "http://localhost:8080", **more}


def replayed(answer):
    return answer.get("Idempotency-Replayed") == "true"


def test_the_same_request_is_done_once_and_answered_twice(api):
    client = api("admin")
    first = post(client, CLIENTS, wanted())
    second = post(client, CLIENTS, wanted())
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert second["Content-Type"] == first["Content-Type"]
    assert (replayed(first), replayed(second)) == (False, True)
    assert TorrentClient.objects.count() == 1


def test_without_a_key_nothing_is_remembered(api):
    api("admin").post(CLIENTS, wanted(), "json")
    assert not StoredAnswer.objects.exists()


def test_a_release_made_twice_is_one_release(api, folder):
    body = {"path": str(folder)}
    first = post(api("preparer"), RELEASES, body)
    again = post(api("preparer"), RELEASES, body)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["id"] == first.json()["id"]
    assert post(api("preparer"), RELEASES, body, key="other").status_code == 409


@pytest.mark.parametrize("other", [wanted(name="another"), {}, []])
def test_the_same_key_for_another_request_is_refused(api, other):
    client = api("admin")
    post(client, CLIENTS, wanted())
    answer = post(client, CLIENTS, other)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_mismatch")
    assert TorrentClient.objects.count() == 1


def test_a_key_counts_for_one_person_and_one_address(api, people, folder):
    post(api("admin"), CLIENTS, wanted())
    root = APIClient()
    root.force_authenticate(people["root"])
    assert not replayed(post(root, CLIENTS, wanted(name="of root")))
    assert not replayed(post(api("admin"), RELEASES, {"path": str(folder)}))
    assert TorrentClient.objects.count() == 2


def test_a_token_of_less_scope_does_not_read_what_more_was_answered(people):
    first = post(with_scope(people["admin"], ""), CLIENTS, wanted())
    assert first.status_code == 201
    answer = post(with_scope(people["admin"], "viewer"), CLIENTS, wanted())
    assert answer.status_code == 422


def test_a_refusal_by_the_rules_is_repeated_as_well(api):
    client = api("admin")
    first = post(client, CLIENTS, {"name": "x"})
    second = post(client, CLIENTS, {"name": "x"})
    assert (first.status_code, second.status_code) == (400, 400)
    assert replayed(second)


def test_what_was_not_done_is_not_remembered(api):
    assert post(api("viewer"), CLIENTS, wanted()).status_code == 403
    assert post(api(), CLIENTS, wanted()).status_code == 401
    assert post(api("viewer"), "/api/nothing/", {}).status_code == 404
    bad = APIClient()
    bad.credentials(HTTP_AUTHORIZATION="Token nonsense")
    assert post(bad, CLIENTS, wanted()).status_code == 401
    assert post(api("viewer"), "/api/uploads/%00/retry/", {}).status_code == 403
    assert post(api("approver"), "/api/uploads/%00/retry/", {}).status_code == 404
    odd = ("/api/nothing/", "/api/uploads/%00/retry/")
    assert not StoredAnswer.objects.exclude(path__in=odd).exists()


def test_a_crash_lets_the_key_try_again(api, monkeypatch):
    client = api("admin")
    with raising(
        ZeroDivisionError(), "call", "releases.services.clients.client_password"
    ):
        answer = post(client, CLIENTS, wanted())
    assert answer.status_code == 500
    assert not StoredAnswer.objects.exists()
    assert post(client, CLIENTS, wanted()).status_code == 201


@pytest.mark.parametrize("key", ["", "a b", "ü", "x" * 256, "\t"])
def test_odd_keys_are_refused(api, key):
    answer = post(api("admin"), CLIENTS, wanted(), key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key")
    assert not TorrentClient.objects.exists()


def test_what_is_shown_once_takes_no_key(api, people, rows):
    login = {"username": people["admin"].username, "password": "correct horse"}
    browser = APIClient()
    browser.force_login(people["admin"])
    hook = f"/api/webhooks/{rows['webhooks'].pk}/rotate/"
    for client, path, body in (
        (APIClient(), "/api/auth/login/", login),
        (browser, "/api/auth/tokens/", {}),
        (api("admin"), "/api/webhooks/", {"name": "x"}),
        (api("admin"), hook, {}),
    ):
        answer = post(client, path, body)
        assert answer.status_code == 400, path
        assert answer.json()["code"] == "idempotency_unsupported"
    assert not StoredAnswer.objects.exists()


def test_nothing_secret_is_kept(api, rows):
    secrets = ("s3cret-passw0rd", "n3w-api-key-value")
    post(api("admin"), CLIENTS, wanted(password=secrets[0]))
    post(
        api("admin"),
        "/api/credentials/",
        {
            "tracker": rows["trackers"].slug,
            "label": "second",
            "values": {"api_key": secrets[1], "passkey": "pa55key-value-0123"},
        },
    )
    assert StoredAnswer.objects.filter(status=201).count() == 2
    kept = str(list(StoredAnswer.objects.values()))
    assert not [secret for secret in (*secrets, "pa55key") if secret in kept]


def test_while_the_first_one_runs_the_second_waits(api, people):
    now = timezone.now()
    client = api("admin")
    post(client, CLIENTS, wanted())
    StoredAnswer.objects.update(status=None, body="", started_at=now)
    answer = post(client, CLIENTS, wanted())
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_running")
    assert int(answer["Retry-After"]) > 0
    StoredAnswer.objects.update(started_at=now - LAPSE - timedelta(seconds=1))
    TorrentClient.objects.all().delete()
    assert post(client, CLIENTS, wanted()).status_code == 201, "its process died"
    assert StoredAnswer.objects.get().status == 201


def test_after_a_day_a_key_is_new_again(api):
    client = api("admin")
    post(client, CLIENTS, wanted())
    long_ago = timezone.now() - timedelta(hours=25)
    StoredAnswer.objects.update(created_at=long_ago)
    answer = post(client, CLIENTS, wanted(name="another"))
    assert (answer.status_code, replayed(answer)) == (201, False)
    StoredAnswer.objects.update(created_at=long_ago)
    StoredAnswer.objects.create(
        user=StoredAnswer.objects.get().user,
        key="young",
        path="/",
        started_at=timezone.now(),
        created_at=timezone.now(),
    )
    answers_clean()
    assert [row.key for row in StoredAnswer.objects.all()] == ["young"]


def test_a_form_and_a_session_have_it_as_well(people):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(people["admin"])
    client.get("/admin/")
    token = client.cookies["csrftoken"].value
    for _ in range(2):
        answer = client.post(
            CLIENTS,
            "name=form&url=http://localhost:8080",
            content_type="application/x-www-form-urlencoded",
            headers={"Idempotency-Key": KEY, "X-CSRFToken": token},
        )
        assert answer.status_code == 201, answer.content
    assert replayed(answer)
    refused = client.post(CLIENTS, {}, "json", headers={"Idempotency-Key": "other"})
    assert refused.status_code == 403


def test_a_huge_body_is_refused_as_ever(api):
    answer = api("admin").post(
        CLIENTS,
        b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1),
        content_type="application/json",
        headers={"Idempotency-Key": KEY},
    )
    assert answer.status_code == 413


def test_an_answer_that_cannot_be_kept_is_given_all_the_same(api, caplog):
    with raising(DatabaseError("full"), "call", "config.answers.answer_keep"):
        answer = post(api("admin"), CLIENTS, wanted())
    assert answer.status_code == 201
    assert "could not be kept" in caplog.text


def test_a_database_in_trouble_is_said_in_json(api):
    with raising(
        DatabaseError("disk I/O error"), "call", "config.answers.answer_reserve"
    ):
        answer = post(api("admin"), CLIENTS, wanted())
    assert answer.status_code in (500, 503)
    assert set(answer.json()) == {"code", "message", "extra"}
    assert not TorrentClient.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_at_the_same_moment_one_is_done(people, tmp_path):
    """Each in a thread of its own, with its own connection to the database."""
    _, token = token_issue(people["admin"])
    (tmp_path / "books").mkdir()
    body = {"name": "books", "path": str(tmp_path / "books")}
    gate = threading.Barrier(6)
    found = []

    def ask():
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        gate.wait()
        found.append(post(client, "/api/libraries/", body))
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = sorted(answer.status_code for answer in found)
    assert set(statuses) <= {201, 409}
    assert sum(not replayed(a) and a.status_code == 201 for a in found) == 1
    assert {a.json().get("code") for a in found if a.status_code == 409} <= {
        "idempotency_running"
    }
    assert Library.objects.filter(name="books").count() == 1
