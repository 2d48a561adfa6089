"""The settings as they take effect: the database's, the broker's, production's."""

import math
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from common.deadlines import LONGEST_RUN_S
from trackers.adapters.http import HttpTrackerAdapter
from uploads.models import Heartbeat

ROOT = Path(__file__).resolve().parents[3]
PROD = {
    "DJANGO_SETTINGS_MODULE": "config.settings.prod",
    "HERALD_SECRET_KEY": "made-up-and-long-enough-for-the-checks-0123456789-abcdefgh",
    "HERALD_MASTER_PASSPHRASE": "made up and long enough as well",
}
# Prints SQLite's settings, and what a second writer meets.
SQLITE = """
import threading, django
django.setup()
from django.db import OperationalError, connection, transaction
def pragma(name):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA " + name)
        return cursor.fetchone()[0]
for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys"):
    print(name, pragma(name))
def second():
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 0")
        with transaction.atomic():
            print("second began")
    except OperationalError as exc:
        print("second:", exc)
    connection.close()
with transaction.atomic():
    thread = threading.Thread(target=second)
    thread.start()
    thread.join(10)
"""


def run(*arguments, **variables):
    # What the browser's tests set for their own process is not meant for this one.
    calm = {k: v for k, v in os.environ.items() if k != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={
            **calm,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def setting(name, **variables):
    """A setting's value as text, as another environment has it."""
    found = run(
        "-c",
        f"from django.conf import settings; print(settings.{name})",
        **variables,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


def test_sqlite_is_set_up_for_several_processes(tmp_path):
    """A transaction begins as a writer: one that reads first and writes later would
    fail at once, without waiting."""
    found = run("-c", SQLITE, DATABASE_URL="", HERALD_DATA_DIR=str(tmp_path))
    assert found.stdout.splitlines() == [
        "journal_mode wal",
        "synchronous 1",
        "busy_timeout 20000",
        "foreign_keys 1",
        "second: database is locked",
    ], found.stderr


@pytest.mark.django_db(transaction=True)
def test_a_reader_is_never_kept_waiting_by_a_writer():
    seen = []

    def read():
        try:
            seen.append(Heartbeat.objects.count())
        finally:
            connection.close()

    with transaction.atomic():
        Heartbeat.objects.create(worker="w", seen_at="2026-01-01T00:00:00Z")
        thread = threading.Thread(target=read)
        thread.start()
        thread.join(10)
    assert seen == [0]


def test_a_database_url_switches_to_postgresql():
    found = setting(
        "DATABASES['default']", DATABASE_URL="postgres://me:secret@db:5433/herald"
    )
    for part in ("postgresql", "'me'", "'db'", "5433", "'herald'"):
        assert part in found
    assert "IMMEDIATE" not in found


KEPT = """
import config.wsgi
from django.db import connections
found = connections["default"].settings_dict
print(found["CONN_MAX_AGE"] > 0, found["CONN_HEALTH_CHECKS"])
"""


@pytest.mark.parametrize(
    ("address", "kept"),
    [("postgres://me:secret@127.0.0.1:9/herald", "True True"), ("", "False False")],
)
def test_the_web_server_keeps_its_connections_to_postgresql(address, kept, tmp_path):
    found = run(
        *("-c", KEPT), DATABASE_URL=address, HERALD_DATA_DIR=str(tmp_path), **PROD
    )
    assert found.stdout.strip() == kept, found.stderr


def test_without_a_database_url_there_is_sqlite(tmp_path):
    found = setting(
        "DATABASES['default']['NAME']", DATABASE_URL="", HERALD_DATA_DIR=str(tmp_path)
    )
    assert found == str(tmp_path / "herald.sqlite3")


def test_the_broker_is_the_database_or_redis():
    alone = setting("Q_CLUSTER", BROKER_URL="")
    assert "'orm': 'default'" in alone
    assert "redis" not in alone
    shared = setting("Q_CLUSTER", BROKER_URL="redis://queue:6379/2")
    assert "'redis': 'redis://queue:6379/2'" in shared
    assert "'orm'" not in shared


def test_django_q2_neither_repeats_nor_keeps_what_it_did():
    cluster = settings.Q_CLUSTER
    assert cluster["max_attempts"] == 1
    assert cluster["ack_failures"] is True
    assert cluster["retry"] > cluster["timeout"]
    assert cluster["save_limit"] == -1
    assert cluster["timeout"] < settings.CLAIM_LEASE_SECONDS


def test_no_worker_is_ended_while_it_sends():
    """A run that began its last upload just before its end, at the slowest of sites."""
    slowest = HttpTrackerAdapter
    upload = (
        slowest.connect_timeout + slowest.upload_read_timeout + slowest.upload_deadline
    )
    least = math.ceil(LONGEST_RUN_S + upload)
    assert str(least) in (ROOT / "docs/configuration.md").read_text()
    assert setting("TASK_TIMEOUT_SECONDS", HERALD_TASK_TIMEOUT=str(least)) == str(least)
    lease = setting("CLAIM_LEASE_SECONDS", HERALD_TASK_TIMEOUT=str(least))
    assert int(lease) > upload


def test_only_a_preparation_may_take_hours():
    assert set(settings.TASK_TIMEOUTS) == {"releases.tasks.prepare_release"}
    assert settings.PREPARE_TIMEOUT_SECONDS > 3600


def test_production_passes_djangos_deployment_checks(tmp_path):
    found = run(
        "manage.py",
        "check",
        "--deploy",
        "--fail-level=WARNING",
        **PROD,
        HERALD_DATA_DIR=str(tmp_path),
    )
    assert found.returncode == 0, found.stderr
    assert "no issues" in found.stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "False"),
        ("SECURE_SSL_REDIRECT", "True"),
        ("SESSION_COOKIE_SECURE", "True"),
        ("CSRF_COOKIE_SECURE", "True"),
    ],
)
def test_production_is_strict(name, value, tmp_path):
    assert setting(name, **PROD, HERALD_DATA_DIR=str(tmp_path)) == value


def test_a_private_network_may_do_without_tls(tmp_path):
    plain = {**PROD, "HERALD_DATA_DIR": str(tmp_path), "HERALD_HTTPS": "no"}
    assert setting("SECURE_SSL_REDIRECT", **plain) == "False"
    assert setting("SECURE_PROXY_SSL_HEADER", **plain) == "None"


def test_a_checkout_makes_its_own_keys(tmp_path):
    found = run(
        "manage.py",
        "check",
        DJANGO_SETTINGS_MODULE="config.settings.dev",
        HERALD_DATA_DIR=str(tmp_path),
        DATABASE_URL="",
    )
    assert found.returncode == 0, found.stderr
    assert (tmp_path / "master.key").stat().st_mode & 0o777 == 0o600
