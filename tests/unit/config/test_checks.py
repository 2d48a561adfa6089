"""System checks: what is wrong with folders, keys and the queue, with stable ids."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.db import connection

from common.keys import KeyRingError
from config import checks


def ids(found):
    return [message.id for message in found]


def test_a_sound_installation_has_nothing_to_say():
    assert [found for found in run_checks() if not found.is_silenced()] == []


def test_a_data_folder_that_cannot_be_made_is_e001(settings, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    settings.DATA_DIR = tmp_path / "file" / "below"
    (found,) = checks.check_folders(None)
    assert found.id == "herald.E001"
    assert str(settings.DATA_DIR) in found.msg
    assert "HERALD_DATA_DIR" in (found.hint or "")


def test_a_data_folder_on_a_file_system_that_takes_no_files_is_e001(settings):
    settings.DATA_DIR = settings.FILES_DIR = Path("/proc")
    assert ids(checks.check_folders(None)) == ["herald.E001"]


def test_a_new_database_file_is_readable_by_its_owner_alone(tmp_path):
    """The command itself, since its order decides who makes the file."""
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "HERALD_DATA_DIR": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
    }
    command = [sys.executable, "manage.py", "migrate", "--plan"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    file = tmp_path / "data" / "herald.sqlite3"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.skipif(connection.vendor != "sqlite", reason="of a file")
def test_a_database_file_that_is_there_keeps_its_mode(tmp_path, monkeypatch):
    file = tmp_path / "herald.sqlite3"
    file.write_bytes(b"kept")
    file.chmod(0o640)
    monkeypatch.setitem(connection.settings_dict, "NAME", str(file))
    checks.make_database_file()
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"kept", 0o640)
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "no" / "f"))
    checks.make_database_file()


def test_the_folders_are_made_and_left_clean(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.FILES_DIR = tmp_path / "data" / "files"
    assert checks.check_folders(None) == []
    assert list(settings.FILES_DIR.iterdir()) == []


@pytest.mark.parametrize("keys", [{}, {"text": "not a key"}])
def test_keys_that_are_missing_or_broken_are_e002(keys, settings):
    settings.HERALD_KEYS = keys
    (found,) = checks.check_keys(None)
    assert found.id == "herald.E002"
    assert found.msg
    assert issubclass(KeyRingError, Exception)


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"retry": 900}, ["herald.E003"]),
        ({"max_attempts": 3}, ["herald.E004"]),
        ({"ack_failures": False}, ["herald.E004"]),
        ({"retry": 1, "max_attempts": 0}, ["herald.E003", "herald.E004"]),
        ({}, []),
    ],
)
def test_queue_settings_that_would_send_twice(change, wanted, settings):
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, "timeout": 900, "retry": 1020, **change}
    assert ids(checks.check_queue(None)) == wanted


def test_a_site_for_every_host_name_is_w001(settings):
    assert checks.check_debug_key(None) == []
    settings.ALLOWED_HOSTS = ["*"]
    assert ids(checks.check_debug_key(None)) == ["herald.W001"]
