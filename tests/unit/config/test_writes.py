"""A database that takes no writes: pages are shown, what fails says why, once."""

import errno
import logging
from contextlib import contextmanager

import pytest
from django.contrib import admin
from django.db import OperationalError, connection
from django.urls import reverse

from common.database import (
    AWAY,
    BUSY,
    FULL,
    GOES_ON,
    READ_ONLY,
    last_word,
    takes_no_writes,
    trouble_of,
)
from config import writes
from config.writes import probe
from releases.models import Library
from tests import factories
from tests.database import read_only
from trackers.models import Tracker
from uploads.models import EventCursor

pytestmark = pytest.mark.django_db


@contextmanager
def refusing():
    """No write is taken until the block ends, and the pages know it at once."""
    probe.forget()
    with read_only():
        yield
    probe.forget()


@pytest.fixture(autouse=True)
def _fresh():
    probe.forget()
    yield
    probe.forget()


@pytest.fixture
def rows(quick_desk):
    """A prepared release on two trackers, and whatever else has a page."""
    factories.TorrentClientFactory(name="seedbox")


def pages():
    for model, model_admin in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        row = model._default_manager.first()
        if row is not None and model_admin is not None:
            yield reverse(f"{name}_change", args=[row.pk])


def test_every_page_is_shown_and_says_so(client, people, rows):
    client.force_login(people["root"])
    addresses = [reverse("admin:index"), *pages()]
    with refusing():
        for address in addresses:
            answer = client.get(address, follow=True)
            assert answer.status_code == 200, address
            assert READ_ONLY in answer.content.decode(), address
    assert READ_ONLY not in client.get(reverse("admin:index")).content.decode()


def test_the_page_for_logging_in_says_so_and_no_login_breaks(client, people):
    people["root"].set_password("right")
    people["root"].save()
    given = {"username": people["root"].username, "password": "right"}
    with refusing():
        page = client.get(reverse("admin:login"))
        assert READ_ONLY in page.content.decode()
        assert "Nobody can log in until then." in page.content.decode()
        answer = client.post(reverse("admin:login"), given)
    assert answer.status_code == 503
    assert READ_ONLY in answer.content.decode()
    assert "Traceback" not in answer.content.decode()
    assert client.post(reverse("admin:login"), given).status_code == 302


def test_what_is_sent_is_refused_in_one_sentence_and_nothing_is_lost(
    client, people, tmp_path, caplog
):
    client.force_login(people["root"])
    address = reverse("admin:releases_library_add")
    given = {"name": "Books", "path": str(tmp_path)}
    with refusing(), caplog.at_level(logging.ERROR):
        answer = client.post(address, given)
    assert answer.status_code == 503
    text = answer.content.decode()
    assert "Nothing was saved" in text
    assert READ_ONLY in text
    assert "what you entered is still there" in text
    assert "Traceback" not in caplog.text
    assert not Library.objects.exists()
    assert client.post(address, given).status_code == 302
    assert Library.objects.get().name == "Books"


def test_programs_are_told_the_same(client, people, tmp_path):
    client.force_login(people["root"])
    with refusing():
        listed = client.get("/api/libraries/")
        answer = client.post(
            "/api/libraries/",
            {"name": "B", "path": str(tmp_path)},
            content_type="application/json",
        )
    assert listed.status_code == 200
    assert answer.status_code == 503
    assert answer.json() == {
        "code": "database",
        "message": f"{READ_ONLY} Nothing was saved.",
        "extra": {},
    }


def test_an_error_of_ours_is_still_one(client, people):
    client.force_login(people["root"])
    client.raise_request_exception = False

    def refuse(execute, sql, params, many, context):
        raise ZeroDivisionError

    with connection.execute_wrapper(refuse):
        answer = client.get(reverse("admin:releases_library_changelist"))
    assert answer.status_code == 500


def test_a_database_that_is_away_is_said(client, people):
    client.force_login(people["root"])

    def refuse(execute, sql, params, many, context):
        if "library" in sql:
            raise OperationalError("server closed the connection unexpectedly")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        answer = client.get(reverse("admin:releases_library_changelist"))
    assert answer.status_code == 503
    assert AWAY in answer.content.decode()
    assert "Nothing was saved" not in answer.content.decode()


def test_a_file_that_finds_no_room_is_one_sentence(client, people):
    client.force_login(people["root"])

    def refuse(execute, sql, params, many, context):
        if "library" in sql:
            raise OSError(errno.ENOSPC, "No space left on device", "/srv/covers/x")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        page = client.get(reverse("admin:releases_library_changelist"))
        called = client.get("/api/libraries/")
    assert (page.status_code, called.status_code) == (503, 503)
    assert "A disk is full: /srv/covers/x could not" in page.content.decode()
    assert called.json()["code"] == "disk_full"
    assert "A disk is full: /srv/covers/x could not" in called.json()["message"]


def test_a_command_says_what_is_full_and_where_the_database_is(settings):
    last = last_word(OperationalError("database or disk is full"))
    assert last == (
        "The database takes no writes: its disk is full. Make room there. The data "
        f"folder is {settings.DATA_DIR}."
    )


def test_it_is_looked_at_once_in_a_while_and_leaves_nothing(monkeypatch):
    asked = []
    monkeypatch.setattr(writes, "write_and_forget", lambda: asked.append(1))
    for _ in range(5):
        assert probe.trouble() == ""
    assert len(asked) == 1
    probe.forget()
    monkeypatch.undo()
    assert probe.trouble() == ""
    assert not EventCursor.objects.exists()


def test_a_write_that_was_refused_is_told_though_smaller_ones_pass(monkeypatch):
    probe.note(OperationalError("database or disk is full"))
    assert probe.trouble() == FULL
    probe.forget()
    probe.note(OperationalError("database is locked"))
    assert probe.trouble() == ""


@pytest.mark.skipif(connection.vendor != "sqlite", reason="of a file")
def test_a_disk_without_room_is_told(monkeypatch):
    monkeypatch.setattr(writes, "NO_ROOM_BYTES", 2**62)
    assert probe.trouble() == FULL


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="of a file")
def test_a_full_file_really_refuses_in_these_words():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        (pages_now,) = cursor.fetchone()
        # What other tests left free is taken first.
        cursor.execute("PRAGMA freelist_count")
        (free,) = cursor.fetchone()
        cursor.execute("PRAGMA page_size")
        (page_bytes,) = cursor.fetchone()
        text = "x" * (2**20 + free * page_bytes)
        cursor.execute(f"PRAGMA max_page_count = {pages_now}")
        try:
            with pytest.raises(OperationalError) as refused:
                Tracker.objects.create(slug="long", options={"long": text})
        finally:
            cursor.execute("PRAGMA max_page_count = 4294967294")
    assert trouble_of(refused.value) == FULL
    assert not Tracker.objects.exists()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OperationalError("attempt to write a readonly database"), READ_ONLY),
        (OperationalError("database or disk is full"), FULL),
        (OperationalError("disk I/O error"), FULL),
        (OperationalError("database is locked"), BUSY),
        (OperationalError("connection refused"), AWAY),
        (ValueError("database is locked"), ""),
        (PermissionError(errno.EACCES, "Permission denied"), ""),
        (
            OSError(errno.ENOSPC, "No space left on device", "/srv/a.jpg"),
            f"A disk is full: /srv/a.jpg could not be written. Make room. {GOES_ON}",
        ),
        (
            OSError(errno.EDQUOT, "Disk quota exceeded"),
            f"A disk is full: a file could not be written. Make room. {GOES_ON}",
        ),
    ],
)
def test_refusals_are_told_apart(error, sentence):
    assert trouble_of(error) == sentence
    assert takes_no_writes(error) == (sentence in (READ_ONLY, FULL))
