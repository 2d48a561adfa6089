"""The login page: two steps, and a pause after too many wrong tries."""

import pytest
from axes.models import AccessAttempt
from django.urls import reverse
from django.utils import timezone

from config.people.models import PersonEvent
from tests.unit.config.people.conftest import CODE, LOGIN, PASSWORD, enrol

pytestmark = pytest.mark.django_db


def try_in(client, name="pat", password=PASSWORD, **more):
    given = {"username": name, "password": password}
    return client.post(f"{LOGIN}?next=/admin/account/", given, **more)


def is_in(client):
    return client.get("/admin/account/").status_code == 200


def miss(client, times, **more):
    return [try_in(client, password="wrong", **more).status_code for _ in range(times)]


def test_the_right_password_is_enough_without_a_second_factor(client, person):
    answer = try_in(client)
    assert (answer.status_code, answer.url) == (302, "/admin/account/")
    assert is_in(client)
    event = PersonEvent.objects.get()
    assert (event.kind, event.actor, event.address) == (
        "signed_in",
        person,
        "127.0.0.1",
    )


def test_a_login_leads_nowhere_else(client, person):
    given = {"username": "pat", "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post(LOGIN, given).url == "/admin/"


def test_too_many_wrong_tries_lock_the_name_and_say_for_how_long(client, person):
    assert miss(client, 5) == [200] * 4 + [429]
    answer = try_in(client)
    assert answer.status_code == 429
    text = answer.content.decode()
    assert "Too many wrong tries. Try again in 15 minutes, or ask an admin" in text
    assert not is_in(client)


def test_tries_from_one_network_of_ipv6_count_together(client, person):
    """Whoever has one address of it has all of them, more than anybody can count."""
    net = "2a00:1450:4001:800"
    for number in range(1, 6):
        miss(client, 1, REMOTE_ADDR=f"{net}::{number}")
    assert try_in(client, REMOTE_ADDR=f"{net}:1:2:3:4").status_code == 429
    assert try_in(client, REMOTE_ADDR="2a00:1450:4001:801::1").status_code == 302


def test_tries_of_different_ipv4_addresses_in_ipv6_form_count_apart(client, person):
    miss(client, 5, REMOTE_ADDR="::ffff:8.8.8.8")
    assert try_in(client, REMOTE_ADDR="8.8.8.8").status_code == 429
    assert try_in(client, REMOTE_ADDR="::ffff:8.8.4.4").status_code == 302


def test_a_try_while_locked_does_not_make_it_longer(client, person):
    miss(client, 5)
    before = AccessAttempt.objects.get().attempt_time
    miss(client, 2)
    assert AccessAttempt.objects.get().attempt_time == before


def test_a_name_longer_than_any_is_a_wrong_one(client, person):
    answer = try_in(client, name="x" * 300)
    assert answer.status_code == 200
    assert b"The username or the password is wrong" in answer.content


def test_after_the_pause_the_name_is_free_again(client, person, settings):
    miss(client, 5)
    AccessAttempt.objects.update(
        attempt_time=timezone.now() - settings.AXES_COOLOFF_TIME
    )
    assert try_in(client).status_code == 302


def test_another_name_and_another_address_are_not_locked(client, person, people):
    miss(client, 5)
    assert try_in(client, name=people["viewer"].username).status_code == 302
    client.logout()
    assert try_in(client, REMOTE_ADDR="10.9.9.9").status_code == 302


def test_an_unknown_name_is_locked_alike(client, person):
    assert miss(client, 5, name="nobody") == [200] * 4 + [429]


def test_a_good_login_forgets_the_wrong_tries(client, person):
    miss(client, 4)
    try_in(client)
    client.logout()
    assert miss(client, 4) == [200] * 4


def test_what_was_typed_is_not_kept_but_for_the_name(client, person):
    miss(client, 1)
    client.post(LOGIN, {"username": "pat", "password": "pl41n-password", "otp": "1"})
    row = AccessAttempt.objects.get()
    assert "pl41n-password" not in str(row.__dict__)
    assert "csrf" not in row.post_data or "********" in row.post_data


@pytest.mark.parametrize(("proxies", "locked"), [(0, True), (1, False)])
def test_addresses_behind_proxies_of_ours_are_told_apart(
    client, person, settings, proxies, locked
):
    settings.PROXIES = proxies
    miss(client, 5, HTTP_X_FORWARDED_FOR="10.1.1.1")
    answer = try_in(client, HTTP_X_FORWARDED_FOR="10.2.2.2")
    assert (answer.status_code == 429) is locked


def test_a_second_factor_is_asked_for(client, person, enrolled):
    app, _codes = enrolled
    assert try_in(client).url == CODE
    assert not is_in(client)
    assert b"backup code" in client.get(CODE).content
    answer = client.post(CODE, {"code": app.code()})
    assert (answer.status_code, answer.url) == (302, "/admin/account/")
    assert is_in(client)


def test_a_code_is_taken_once(client, person, enrolled):
    app, _codes = enrolled
    code = app.code()
    try_in(client)
    client.post(CODE, {"code": code})
    client.logout()
    try_in(client)
    answer = client.post(CODE, {"code": code})
    assert b"was used already" in answer.content
    assert not is_in(client)


def test_a_backup_code_opens_once(client, person, enrolled):
    _app, codes = enrolled
    try_in(client)
    client.post(CODE, {"code": codes[3].upper()})
    assert is_in(client)
    client.logout()
    try_in(client)
    client.post(CODE, {"code": codes[3]})
    assert not is_in(client)
    assert PersonEvent.objects.filter(kind="code_used").count() == 1


def test_wrong_codes_lock_like_wrong_passwords(client, person, enrolled):
    app, _codes = enrolled
    try_in(client)
    statuses = []
    for _one in range(5):
        statuses.append(client.post(CODE, {"code": "nonsense"}).status_code)
        person.second_factor.__class__.objects.update(wait_until=None)
    assert statuses == [200] * 4 + [429]
    assert client.post(CODE, {"code": app.code()}).status_code == 429
    assert not is_in(client)


def test_the_second_step_needs_the_first(client, person, enrolled):
    app, _codes = enrolled
    assert client.get(CODE).url == LOGIN
    assert client.post(CODE, {"code": app.code()}).url == LOGIN


def test_the_first_step_does_not_last(client, person, enrolled):
    app, _codes = enrolled
    try_in(client)
    session = client.session
    step = session["first_step"]
    session["first_step"] = {**step, "at": step["at"] - 301}
    session.save()
    assert client.post(CODE, {"code": app.code()}).url == LOGIN


def test_a_new_password_ends_the_first_step(client, person, enrolled):
    app, _codes = enrolled
    try_in(client)
    person.set_password("another one 9")
    person.save()
    assert client.post(CODE, {"code": app.code()}).url == LOGIN


@pytest.mark.parametrize(
    ("rule", "role", "asked"),
    [
        ("nobody", "admin", False),
        ("approver", "preparer", False),
        ("approver", "approver", True),
        ("approver", "root", True),
        ("everybody", "viewer", True),
    ],
)
def test_a_second_factor_can_be_demanded(client, people, settings, rule, role, asked):
    settings.REQUIRE_TOTP = rule
    client.force_login(people[role])
    setup = reverse("admin:second_factor")
    answer = client.get("/admin/")
    assert (answer.status_code == 302 and answer.url == setup) is asked
    answer = client.get("/api/uploads/")
    assert (answer.status_code == 403) is asked
    if asked:
        assert answer.json()["code"] == "otp_enrolment"
        assert b"demands a second factor" in client.get(setup).content
    enrol(people[role])
    assert client.get("/admin/").status_code == 200


def test_a_wrong_password_is_told_in_plain_words(client, person):
    answer = client.post(LOGIN, {"username": person.username, "password": "no"})
    assert "The username or the password is wrong, or" in answer.content.decode()
