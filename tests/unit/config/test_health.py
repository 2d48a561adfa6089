"""/healthz and /readyz: each part says in a sentence how it is."""

import re
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from uploads.models import Heartbeat
from uploads.services.heartbeat import heartbeat_age, heartbeat_write

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(client):
    """Ask /readyz: the status, and one part's answer."""

    def ask(part):
        answer = client.get("/readyz")
        return answer.status_code, answer.json()["checks"][part]

    return ask


def test_healthz_answers_without_a_database(client, django_db_blocker):
    with django_db_blocker.block():
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_all_is_well(client):
    heartbeat_write()
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.json()
    assert answer.json()["status"] == "ok"
    assert all(part["message"] for part in answer.json()["checks"].values())


def test_programs_are_answered_in_english(client, marked_german):
    heartbeat_write()
    answer = client.get("/readyz", headers={"accept-language": "de"})
    assert answer.json()["checks"]["worker"]["message"].startswith("A worker started")


def test_no_worker_ever(ready):
    assert ready("worker") == (
        503,
        {
            "ok": False,
            "message": "No worker ever started a task; run manage.py worker.",
        },
    )


def test_a_worker_that_starts_nothing_any_more(ready):
    heartbeat_write()
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(seconds=200))
    status, part = ready("worker")
    assert status == 503
    assert part["message"].startswith("No worker started a task for 20")


def test_one_worker_of_several_is_enough(ready):
    old = timezone.now() - timedelta(hours=1)
    Heartbeat.objects.create(worker="elsewhere", seen_at=old)
    heartbeat_write()
    assert ready("worker")[0] == 200
    assert (heartbeat_age() or 100.0) < 60


def test_heartbeats_of_a_day_ago_are_forgotten():
    Heartbeat.objects.create(
        worker="gone", seen_at=timezone.now() - timedelta(days=1, seconds=1)
    )
    heartbeat_write()
    heartbeat_write()
    assert Heartbeat.objects.count() == 1


def test_migrations_that_wait(ready):
    heartbeat_write()
    (newest,) = MigrationLoader(None).graph.leaf_nodes("uploads")
    MigrationRecorder(connection).record_unapplied(*newest)
    status, part = ready("migrations")
    assert status == 503
    assert part["message"] == "1 migrations are waiting; run manage.py migrate."


def test_a_database_that_takes_nothing(ready):
    """Such as one that is full, or mounted read-only: questions are still answered."""
    heartbeat_write()

    def refuse(execute, sql, params, many, context):
        if sql.startswith("INSERT"):
            raise OperationalError("attempt to write a readonly database")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        status, part = ready("database")
    assert status == 503
    assert part["message"] == (
        "The database answers, but takes nothing: full or read-only?"
    )


def test_little_room_on_the_disk(ready, settings):
    heartbeat_write()
    settings.DISK_LOW_BYTES = 2**62
    status, part = ready("disk")
    assert status == 503
    said = part["message"]
    assert re.fullmatch(r"Only \d+\.\d [MGT]iB are free in the data folder\.", said)


def test_no_data_folder(ready, settings, tmp_path):
    heartbeat_write()
    settings.DATA_DIR = tmp_path / "gone"
    assert ready("disk") == (
        503,
        {"ok": False, "message": "The data folder cannot be read."},
    )


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away(ready, settings, tmp_path):
    """The real thing: the connection's own address leads nowhere."""
    values = connection.settings_dict
    kept = {name: values[name] for name in ("NAME", "HOST", "PORT", "OPTIONS")}
    connection.close()
    try:
        if connection.vendor == "sqlite":
            values["NAME"] = str(tmp_path / "no" / "such.sqlite3")
        else:
            values["PORT"] = 9
        status, part = ready("database")
    finally:
        connection.close()
        values.update(kept)
    assert status == 503
    assert part == {"ok": False, "message": "The database does not answer."}
