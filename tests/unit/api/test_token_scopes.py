"""Tokens with a name, an end and a scope: what they open, and that they end."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from config.access import token_issue, tokens_of
from config.models import TokenLabel
from tests.interrupting import raising
from tests.unit.api.test_tokens import LOGIN, log_in, with_token

pytestmark = pytest.mark.django_db

TOKENS = "/api/auth/tokens/"


def make(person, **wanted):
    return with_token(token_issue(person, **wanted)[1])


def asked(person, **more):
    body = {"username": person.username, "password": "correct horse", **more}
    return APIClient().post(LOGIN, body, "json")


def test_a_token_is_as_it_was_asked_for(people):
    answer = asked(people["admin"], name="backup", scope="viewer", days=7)
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"token", "expiry", "id", "name", "scope"}
    assert (body["name"], body["scope"]) == ("backup", "viewer")
    assert answer["Cache-Control"] == "no-store"
    left = AuthToken.objects.get().expiry - timezone.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)


def test_without_wishes_it_is_good_for_ninety_days(people):
    assert log_in(people["viewer"]).json()["scope"] == ""
    left = AuthToken.objects.get().expiry - timezone.now()
    assert timedelta(days=89) < left <= timedelta(days=90)


@pytest.mark.parametrize(
    ("wish", "value"),
    [("days", 366), ("days", 0), ("scope", "root"), ("name", "x" * 101)],
)
def test_odd_wishes_are_refused(people, wish, value):
    answer = asked(people["admin"], **{wish: value})
    assert answer.status_code == 400
    assert set(answer.json()["extra"]["fields"]) == {wish}
    assert not AuthToken.objects.exists()


@pytest.mark.parametrize("owner", ["admin", "root"])
def test_a_scope_takes_from_whoever_owns_the_token(people, rows, owner):
    client = make(people[owner], scope="viewer")
    tracker = f"/api/trackers/{rows['trackers'].pk}/"
    assert client.get(tracker).status_code == 200
    answer = client.patch(tracker, {"name": "X"}, "json")
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    approve = f"/api/releases/{rows['releases'].pk}/approve/"
    answer = client.post(approve, {}, "json")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert make(people[owner]).patch(tracker, {"name": "X"}, "json").status_code == 200


def test_a_scope_gives_nothing(people, rows):
    client = make(people["viewer"], scope="admin")
    tracker = f"/api/trackers/{rows['trackers'].pk}/"
    assert client.get(tracker).status_code == 200
    assert client.patch(tracker, {"name": "X"}, "json").status_code == 403


def test_each_scope_may_what_its_role_may(people, rows):
    approve = f"/api/releases/{rows['releases'].pk}/reject/"
    assert make(people["admin"], scope="preparer").post(approve).status_code == 403
    assert make(people["admin"], scope="approver").post(approve).status_code == 200
    made = make(people["admin"], scope="approver").post("/api/trackers/", {}, "json")
    assert made.status_code == 403
    user = make(people["root"], scope="viewer")
    assert user.get("/api/analytics/trackers/").status_code == 200


def test_what_is_done_by_a_scoped_token_names_its_owner(people, rows):
    client = make(people["admin"], scope="approver")
    client.post(f"/api/releases/{rows['releases'].pk}/reject/")
    decision = rows["releases"].approvals.get()
    assert decision.actor == people["admin"]


def test_ones_own_tokens_are_listed_without_themselves(people):
    _, token = token_issue(people["viewer"], name="script", scope="viewer")
    token_issue(people["admin"], name="not mine")
    token_issue(people["viewer"], name="ended")
    AuthToken.objects.filter(label__name="ended").update(expiry=timezone.now())
    answer = with_token(token).get(TOKENS)
    assert token not in answer.content.decode()
    assert AuthToken.objects.first().digest not in answer.content.decode()
    (row,) = answer.json()["results"]
    assert (row["name"], row["scope"], row["current"]) == ("script", "viewer", True)
    assert row["created_at"] and row["expiry"]


def test_using_a_token_is_noted_to_the_minute(people):
    label, token = token_issue(people["viewer"])
    assert label.last_used_at is None
    with_token(token).get(TOKENS)
    label.refresh_from_db()
    first = label.last_used_at
    assert first is not None
    assert timezone.now() - first < timedelta(seconds=30)
    with_token(token).get(TOKENS)
    label.refresh_from_db()
    assert label.last_used_at == first
    TokenLabel.objects.update(last_used_at=first - timedelta(minutes=2))
    with_token(token).get(TOKENS)
    label.refresh_from_db()
    assert label.last_used_at is not None and label.last_used_at >= first


def test_a_database_that_takes_no_writes_still_lets_one_read(people, caplog):
    label, token = token_issue(people["viewer"])
    broken = DatabaseError("attempt to write a readonly database")
    with raising(broken, "call", "django.db.models.query.update"):
        assert with_token(token).get("/api/releases/").status_code == 200
    label.refresh_from_db()
    assert label.last_used_at is None
    assert "could not be noted" in caplog.text


def test_a_token_is_revoked(people):
    label, token = token_issue(people["viewer"], name="lost")
    keeper = make(people["viewer"])
    assert keeper.delete(f"{TOKENS}{label.pk}/").status_code == 204
    assert with_token(token).get("/api/releases/").status_code == 401
    assert keeper.get(TOKENS).status_code == 200


def test_nobody_revokes_anothers_token(people):
    label, token = token_issue(people["viewer"])
    for role in ("admin", "root"):
        answer = make(people[role]).delete(f"{TOKENS}{label.pk}/")
        assert answer.status_code == 404
    assert with_token(token).get(TOKENS).status_code == 200


def test_a_scoped_token_ends_only_itself(people):
    other, _ = token_issue(people["admin"])
    mine, token = token_issue(people["admin"], scope="admin")
    client = with_token(token)
    answer = client.delete(f"{TOKENS}{other.pk}/")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert client.delete(f"{TOKENS}{mine.pk}/").status_code == 204
    assert client.get(TOKENS).status_code == 401


def test_a_session_makes_a_token(people):
    client = APIClient()
    client.force_login(people["preparer"])
    answer = client.post(TOKENS, {"name": "ci", "scope": "viewer", "days": 3}, "json")
    assert answer.status_code == 201
    fresh = with_token(answer.json()["token"])
    assert fresh.get("/api/releases/").status_code == 200
    assert fresh.post("/api/releases/", {}, "json").status_code == 403


def test_a_session_makes_none_without_its_csrf_token(people):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(people["preparer"])
    assert client.post(TOKENS, {}, "json").status_code == 403
    assert not AuthToken.objects.exists()


def test_a_session_with_its_csrf_token_may_write(people):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(people["preparer"])
    client.get("/admin/")
    token = client.get("/admin/releases/release/").cookies.get("csrftoken")
    token = token or client.cookies["csrftoken"]
    answer = client.post(TOKENS, {}, "json", HTTP_X_CSRFTOKEN=token.value)
    assert answer.status_code == 201


def test_a_token_makes_no_token(people):
    answer = make(people["root"]).post(TOKENS, {}, "json")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_tokens_from_before_have_a_row_as_well(people):
    _, token = AuthToken.objects.create(people["admin"])
    assert [label.name for label in tokens_of(people["admin"])] == [""]
    client = with_token(token)
    assert client.get(TOKENS).json()["results"][0]["current"] is True
    assert client.get("/api/trackers/").status_code == 200


def test_the_admin_shows_names_and_scopes(client, people):
    token_issue(people["viewer"], name="nightly", scope="viewer")
    AuthToken.objects.create(people["admin"])
    client.force_login(people["admin"])
    page = client.get("/admin/knox/authtoken/")
    assert page.status_code == 200
    assert b"nightly" in page.content
    assert b"all its owner may" in page.content


def test_more_tokens_cost_no_more_queries(people):
    _, token = token_issue(people["viewer"])

    def cost():
        with CaptureQueriesContext(connection) as seen:
            assert with_token(token).get(TOKENS).status_code == 200
        return len(seen)

    cost()
    few = cost()
    for _ in range(4):
        token_issue(people["viewer"])
    assert cost() == few
