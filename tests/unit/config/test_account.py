"""“My account”, and what admins do with the sign-in of others."""

import pytest
from axes.models import AccessAttempt
from django.urls import reverse

from config.people.models import BackupCode, Preferences, SecondFactor
from config.people.services.second_factor import codes_left, factor_begin
from config.people.services.sessions import sessions_of
from tests.unit.config.people.conftest import LOGIN, PASSWORD, App, enrol

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(client, people):
    client.force_login(people["viewer"])
    return people["viewer"]


def page(client, name="account"):
    answer = client.get(reverse(f"admin:{name}"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_who_one_is_and_what_is_on(client, viewer):
    text = page(client)
    assert "Your role: viewer." in text
    assert "Off. With it, whoever learns your password" in text
    assert "You have none. A program gets one" in text


def test_somebody_without_a_role_is_told_so(client, people):
    people["stranger"].is_staff = True
    people["stranger"].save()
    client.force_login(people["stranger"])
    assert "You have no role yet" in page(client)


def test_a_second_factor_is_set_up_by_qr_code_or_key(client, viewer):
    text = page(client, "second_factor")
    assert "<svg" in text
    key = factor_begin(viewer).secret["key"]
    assert key[:4] + " " + key[4:8] in text
    wrong = client.post(reverse("admin:second_factor"), {"code": "12"})
    assert b"The code is wrong" in wrong.content
    answer = client.post(reverse("admin:second_factor"), {"code": App(key).code()})
    assert answer.content.count(b"<li><code") == 10
    assert "no-store" in answer["Cache-Control"]
    assert "10 backup codes are left." in page(client)
    assert client.get(reverse("admin:second_factor")).status_code == 302


def test_setting_it_up_ends_sessions_that_began_without(client, viewer, django_client):
    key = factor_begin(viewer).secret["key"]
    client.post(reverse("admin:second_factor"), {"code": App(key).code()})
    assert sessions_of(viewer).count() == 1
    assert django_client.get("/admin/").status_code == 302


@pytest.fixture
def django_client(viewer):
    from django.test import Client

    other = Client()
    other.force_login(viewer)
    return other


def test_too_many_wrong_first_codes_wait(client, viewer):
    for _one in range(3):
        client.post(reverse("admin:second_factor"), {"code": "x"})
    answer = client.post(reverse("admin:second_factor"), {"code": "x"})
    assert answer.status_code == 429


@pytest.mark.parametrize("name", ["second_factor_off", "second_factor_codes"])
def test_a_wrong_password_changes_nothing(client, viewer, name):
    enrol(viewer)
    answer = client.post(reverse(f"admin:{name}"), {"password": "wrong"})
    assert b"This is not your password." in answer.content
    assert SecondFactor.objects.exists()


def test_it_is_switched_off_with_the_password(client, viewer):
    enrol(viewer)
    assert page(client, "second_factor_off")
    client.post(reverse("admin:second_factor_off"), {"password": PASSWORD})
    assert not SecondFactor.objects.exists()


def test_new_backup_codes_come_with_the_password(client, viewer):
    _app, old = enrol(viewer)
    answer = client.post(reverse("admin:second_factor_codes"), {"password": PASSWORD})
    assert answer.content.count(b"<li><code") == 10
    assert old[0].encode() not in answer.content
    assert codes_left(viewer) == 10


def test_preferences_are_kept_and_odd_ones_refused(client, viewer):
    url = reverse("admin:account_preferences")
    client.post(url, {"time_zone": "Europe/Vienna", "language": "en"})
    row = Preferences.objects.get(user=viewer)
    assert (row.time_zone, row.language) == ("Europe/Vienna", "en")
    assert client.post(url, {"time_zone": "Mars/Base"}).status_code == 422
    client.post(url, {})
    row.refresh_from_db()
    assert (row.time_zone, row.language) == ("", "")


def test_changing_the_password_leads_to_the_account(client, viewer):
    assert client.get("/admin/password_change/").url == reverse("admin:account")


# --- admins ---------------------------------------------------------------------


def signin(person, name="signin"):
    return reverse(f"admin:auth_user_{name}", args=[person.pk])


def test_an_admin_resets_a_second_factor(client, people):
    enrol(people["viewer"])
    client.force_login(people["admin"])
    assert b"Reset the second factor" in client.get(signin(people["viewer"])).content
    client.post(signin(people["viewer"], "reset_factor"))
    assert not SecondFactor.objects.exists()
    event = people["viewer"].account_events.get(kind="factor_off")
    assert event.actor == people["admin"]
    answer = client.post(signin(people["viewer"], "reset_factor"), follow=True)
    assert b"There was no second factor." in answer.content


def test_an_admin_ends_sessions(client, people, django_user_model):
    from django.test import Client

    there = Client()
    there.force_login(people["viewer"])
    client.force_login(people["admin"])
    assert b"Unknown device" in client.get(signin(people["viewer"])).content
    client.post(signin(people["viewer"], "end_sessions"))
    assert there.get("/admin/account/").status_code == 302


@pytest.mark.parametrize("name", ["signin", "reset_factor", "end_sessions"])
@pytest.mark.parametrize(
    ("who", "whom"), [("approver", "viewer"), ("viewer", "viewer"), ("admin", "root")]
)
def test_others_do_not(client, people, name, who, whom):
    enrol(people[whom])
    client.force_login(people[who])
    method = client.get if name == "signin" else client.post
    assert method(signin(people[whom], name)).status_code == 403
    assert SecondFactor.objects.exists()


def test_the_users_page_links_to_it(client, people):
    client.force_login(people["admin"])
    change = reverse("admin:auth_user_change", args=[people["viewer"].pk])
    assert signin(people["viewer"]) in client.get(change).content.decode()
    root = reverse("admin:auth_user_change", args=[people["root"].pk])
    assert signin(people["root"]) not in client.get(root).content.decode()


def test_a_password_that_an_admin_sets_ends_the_sessions(client, people):
    from django.test import Client

    there = Client()
    there.force_login(people["viewer"])
    client.force_login(people["admin"])
    change = reverse("admin:auth_user_password_change", args=[people["viewer"].pk])
    given = {
        "password1": "battery staple 7",
        "password2": "battery staple 7",
        "usable_password": "true",
    }
    assert client.post(change, given).status_code == 302
    assert not sessions_of(people["viewer"]).exists()
    assert people["viewer"].account_events.filter(kind="password").exists()


def test_an_admin_unlocks_a_name(client, people):
    from django.test import Client

    name = people["viewer"].username
    there = Client()
    for _one in range(5):
        there.post(LOGIN, {"username": name, "password": "wrong"})
    client.force_login(people["admin"])
    url = reverse("admin:axes_accessattempt_changelist")
    row = AccessAttempt.objects.get()
    assert b"Locked until" in client.get(url).content
    chosen = {"action": "unlock_selected", "_selected_action": [row.pk]}
    answer = client.post(url, chosen, follow=True)
    assert f"{name} may log in again." in answer.content.decode()
    given = {"username": name, "password": PASSWORD}
    assert there.post(LOGIN, given).status_code == 302
    assert people["viewer"].account_events.filter(kind="unlocked").exists()


def test_what_was_typed_is_not_shown(client, people):
    row = AccessAttempt.objects.create(
        username="pat",
        ip_address="10.0.0.1",
        user_agent="curl/8",
        path_info="/admin/login/",
        post_data="pl41n-typed",
        get_data="pl41n-query",
        failures_since_start=1,
    )
    client.force_login(people["admin"])
    change = reverse("admin:axes_accessattempt_change", args=[row.pk])
    text = client.get(change).content.decode()
    assert "curl" in text
    assert "pl41n" not in text


@pytest.mark.parametrize("role", ["viewer", "preparer", "approver"])
def test_locked_names_are_for_admins(client, people, role):
    client.force_login(people[role])
    url = reverse("admin:axes_accessattempt_changelist")
    assert client.get(url).status_code == 403


@pytest.mark.parametrize("name", ["second_factor_off", "second_factor_codes"])
def test_passwords_cannot_be_guessed_where_they_are_asked_again(client, viewer, name):
    _app, old = enrol(viewer)
    url = reverse(f"admin:{name}")
    for _one in range(5):
        client.post(url, {"password": "wrong"})

    answer = client.post(url, {"password": PASSWORD})

    assert answer.status_code == 429
    assert b"Too many wrong tries. Try again in 15 minutes" in answer.content
    assert SecondFactor.objects.exists()
    assert BackupCode.objects.filter(used_at=None).count() == len(old)


def test_nor_where_a_new_one_is_set(client, viewer):
    url = reverse("admin:account_password")
    new = {"new_password1": "staple battery", "new_password2": "staple battery"}
    for _one in range(5):
        client.post(url, {"old_password": "wrong", **new})

    answer = client.post(url, {"old_password": PASSWORD, **new})

    assert answer.status_code == 429
    viewer.refresh_from_db()
    assert viewer.check_password(PASSWORD)
