"""Tokens for programs: given once, kept as a hash, worthless after a logout."""

import pytest
from knox.models import get_token_model
from rest_framework.test import APIClient

from config.people.models import SecondFactor
from tests.unit.config.people.conftest import enrol

pytestmark = pytest.mark.django_db

LOGIN = "/api/auth/login/"


def log_in(person, password="correct horse", otp="", **more):  # noqa: S107 - made up
    given = {"username": person.username, "password": password}
    if otp:
        given["otp"] = otp
    return APIClient().post(LOGIN, given, "json", **more)


def with_token(token):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def test_a_token_opens_what_the_role_may(people):
    answer = log_in(people["viewer"])
    assert answer.status_code == 200
    assert answer.json()["expiry"]
    client = with_token(answer.json()["token"])
    assert client.get("/api/releases/").status_code == 200
    assert client.post("/api/releases/", {}, "json").status_code == 403


def test_only_its_hash_is_kept(people):
    token = log_in(people["viewer"]).json()["token"]
    row = get_token_model().objects.get()
    assert token not in str(row.__dict__)
    assert len(row.digest) >= 64


def test_logging_out_ends_the_token(people):
    client = with_token(log_in(people["viewer"]).json()["token"])
    assert client.post("/api/auth/logout/").status_code == 204
    answer = client.get("/api/releases/")
    assert (answer.status_code, answer.json()["code"]) == (
        401,
        "authentication_failed",
    )


def test_a_session_is_not_logged_out_here(people):
    client = APIClient()
    client.force_login(people["viewer"])
    assert client.post("/api/auth/logout/").status_code == 401


@pytest.mark.parametrize("name", ["viewer", "nobody"])
def test_a_wrong_password_says_the_same_as_a_wrong_name(people, name):
    username = people[name].username if name in people else name
    answer = APIClient().post(
        LOGIN, {"username": username, "password": "wrong"}, "json"
    )
    assert answer.status_code == 400
    assert answer.json()["extra"]["fields"] == {
        "non_field_errors": ["Unable to log in with provided credentials."]
    }
    assert not get_token_model().objects.exists()


def test_somebody_who_was_shut_out_gets_none(people):
    people["viewer"].is_active = False
    people["viewer"].save()
    assert log_in(people["viewer"]).status_code == 400


def test_an_expired_token_is_worthless(people):
    _, token = get_token_model().objects.create(people["viewer"], expiry=None)
    client = with_token(token)
    assert client.get("/api/releases/").status_code == 200
    from django.utils import timezone

    get_token_model().objects.update(expiry=timezone.now())
    assert client.get("/api/releases/").status_code == 401


def test_guessing_is_slowed_down_whatever_the_guesser_claims_to_be(people):
    statuses = [
        log_in(
            people["viewer"], "wrong", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}"
        ).status_code
        for number in range(11)
    ]
    assert statuses == [400] * 5 + [429] * 6
    assert log_in(people["viewer"]).status_code == 429


def test_a_name_is_locked_after_too_many_wrong_tries(people):
    for _one in range(5):
        log_in(people["viewer"], "wrong")
    answer = log_in(people["viewer"])
    assert (answer.status_code, answer.json()["code"]) == (429, "login_locked")
    assert 0 < int(answer["Retry-After"]) <= 15 * 60 + 1
    assert log_in(people["preparer"]).status_code == 200


def test_whoever_has_a_second_factor_sends_a_code_along(people):
    app, codes = enrol(people["viewer"])
    answer = log_in(people["viewer"])
    assert (answer.status_code, answer.json()["code"]) == (400, "otp_required")
    answer = log_in(people["viewer"], otp="123")
    assert (answer.status_code, answer.json()["code"]) == (400, "otp_wrong")
    assert not get_token_model().objects.exists()
    assert log_in(people["viewer"], otp=app.code()).status_code == 200
    assert log_in(people["viewer"], otp=codes[0]).status_code == 200


def test_wrong_codes_lock_the_name(people):
    _app, codes = enrol(people["viewer"])
    for _one in range(5):
        log_in(people["viewer"], otp="nonsense")
        SecondFactor.objects.update(wait_until=None)
    answer = log_in(people["viewer"], otp=codes[0])
    assert answer.json()["code"] == "login_locked"


def test_no_token_before_a_demanded_second_factor(people, settings):
    settings.REQUIRE_TOTP = "everybody"
    answer = log_in(people["viewer"])
    assert (answer.status_code, answer.json()["code"]) == (400, "otp_enrolment")
    assert not get_token_model().objects.exists()


def test_a_token_is_written_down(people):
    log_in(people["viewer"])
    event = people["viewer"].account_events.get()
    assert (event.kind, event.actor) == ("token_given", people["viewer"])


@pytest.mark.parametrize("body", [{}, [], {"username": "\\", "password": ["x"]}])
def test_odd_logins_are_refused(body, db):
    answer = APIClient().post(LOGIN, body, "json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
