"""Sessions know whose they are; people and admins end them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.people.models import Session
from config.people.services.sessions import sessions_end, sessions_of
from tests.unit.config.people.conftest import LOGIN, PASSWORD

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def logged_in(agent=FIREFOX, **more):
    client = Client(headers={"user-agent": agent})
    client.post(LOGIN, {"username": "pat", "password": PASSWORD}, **more)
    return client


def is_in(client):
    return client.get("/admin/account/").status_code == 200


def test_a_login_leaves_a_session_that_knows_where_it_came_from(person):
    logged_in(REMOTE_ADDR="10.4.4.4")
    row = sessions_of(person).get()
    assert (row.address, row.agent) == ("10.4.4.4", FIREFOX)
    assert timezone.now() - row.started_at < timedelta(minutes=1)


def test_it_keeps_that_when_something_else_is_written_to_it(person):
    client = logged_in(REMOTE_ADDR="10.4.4.4")
    session = client.session
    session["x"] = 1
    session.save()
    assert sessions_of(person).get().address == "10.4.4.4"


def test_last_use_is_written_once_a_minute(person):
    client = logged_in()
    Session.objects.update(seen_at=timezone.now() - timedelta(seconds=61))
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/account/")
        client.get("/admin/account/")
    writes = [q["sql"] for q in queries if q["sql"].startswith("UPDATE")]
    assert len(writes) == 1
    assert timezone.now() - Session.objects.get().seen_at < timedelta(seconds=30)


def test_the_page_lists_them_and_ends_one(person):
    here, there = logged_in(), logged_in("curl/8.0", REMOTE_ADDR="10.4.4.4")
    page = here.get("/admin/account/").content.decode()
    assert "Firefox on Linux" in page
    assert "10.4.4.4" in page
    for row in Session.objects.all():
        assert row.session_key not in page
    other = sessions_of(person).get(address="10.4.4.4")
    here.post("/admin/account/sessions/end/", {"session": other.handle})
    assert is_in(here)
    assert not is_in(there)


def test_all_others_end_at_once(person):
    here, there, elsewhere = logged_in(), logged_in(), logged_in()
    here.post("/admin/account/sessions/end/")
    assert [is_in(one) for one in (here, there, elsewhere)] == [True, False, False]
    assert person.account_events.get(kind="sessions").detail == "2"


def test_nobody_ends_the_session_of_another(person, people, client):
    there = logged_in()
    client.force_login(people["viewer"])
    handle = sessions_of(person).get().handle
    client.post("/admin/account/sessions/end/", {"session": handle})
    assert is_in(there)


def test_a_new_password_ends_the_others_and_keeps_this_one(person):
    here, there = logged_in(), logged_in()
    given = {
        "old_password": PASSWORD,
        "new_password1": "battery staple 7",
        "new_password2": "battery staple 7",
    }
    assert here.post("/admin/account/password/", given).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert sessions_of(person).count() == 1
    assert person.account_events.filter(kind="password").exists()


def test_a_wrong_old_password_changes_nothing(person):
    here, there = logged_in(), logged_in()
    given = {
        "old_password": "wrong",
        "new_password1": "battery staple 7",
        "new_password2": "battery staple 7",
    }
    answer = here.post("/admin/account/password/", given)
    assert answer.status_code == 422
    assert b"old password was entered incorrectly" in answer.content
    assert is_in(there)


def test_an_expired_session_is_not_listed(person):
    logged_in()
    Session.objects.update(expire_date=timezone.now())
    assert not sessions_of(person).exists()


def test_a_page_costs_no_more_queries_for_knowing_its_person(person):
    """The session brings preferences and second factor along."""
    client = logged_in()
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/jsi18n/")
    assert len(queries) == 2  # session, person


def test_ending_none_is_nothing_to_tell(person, people):
    assert sessions_end(person, actor=people["admin"]) == 0
    assert not person.account_events.exists()
