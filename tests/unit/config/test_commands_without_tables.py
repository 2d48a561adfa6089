"""Commands in a Herald that was never set up, or whose output finds no room."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workers import ROOT

pytestmark = pytest.mark.slow
COMMANDS = (
    ("backup", "backup.tar.gz"),
    ("demo_setup", "--sandbox=http://127.0.0.1:1"),
    ("rebuild_analytics",),
    ("rotate_keys", "--dry-run"),
    ("seed_load", "--releases=1", "--uploads=1", "--attempts=1"),
    ("seed_trackers",),
    ("worker",),
)


def start(data: Path, *arguments: str, **streams) -> subprocess.Popen[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("HERALD_") and name != "DATABASE_URL"
    }
    return subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        cwd=data.parent,
        env={
            **kept,
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "HERALD_DATA_DIR": str(data),
            "HERALD_LOG_LEVEL": "WARNING",
        },
        stdin=subprocess.DEVNULL,
        text=True,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams},
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """The exit code, and all that was said."""
    said = process.communicate(timeout=120)
    return process.returncode, "".join(filter(None, said))


def test_each_says_what_to_run_first_and_leaves_nothing_behind(tmp_path):
    data = tmp_path / "data"
    started = [start(data, *command) for command in COMMANDS]
    for command, process in zip(COMMANDS, started, strict=True):
        code, said = ended(process)
        assert (code, said.strip()) == (
            1,
            f"CommandError: The database has no tables yet. The data folder is {data}. "
            "Check HERALD_DATA_DIR and DATABASE_URL, and run manage.py migrate.",
        ), command
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_empty_has_no_tables_either(tmp_path):
    (tmp_path / "herald.sqlite3").touch()
    code, said = ended(start(tmp_path, "seed_trackers"))
    assert code == 1
    assert "The database has no tables yet." in said
    assert [one.name for one in tmp_path.iterdir()] == ["herald.sqlite3"]


def test_what_is_to_be_restored_is_looked_for_before_anything_is_made(tmp_path):
    data = tmp_path / "data"
    code, said = ended(start(data, "restore", "absent.tar.gz"))
    assert code == 2
    assert "absent.tar.gz cannot be read: there is no such file." in said
    assert not data.exists()


def test_a_command_of_the_framework_ends_with_a_sentence_too(tmp_path):
    """Its own last word would be a traceback."""
    made = ("createsuperuser", "--noinput", "--username=x", "--email=x@example.org")
    code, said = ended(start(tmp_path, *made))
    assert code == 1
    assert "Traceback" not in said
    last = said.strip().splitlines()[-1]
    assert last.startswith("The database cannot be used: no such table")
    assert last.endswith("run manage.py migrate.")


def test_who_wants_the_traceback_has_it(tmp_path):
    made = ("createsuperuser", "--noinput", "--username=x", "--email=x@example.org")
    code, said = ended(start(tmp_path, *made, "--traceback"))
    assert code == 1
    assert "Traceback" in said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", [("generate_key",), ("upload", "--queue")])
def test_an_output_without_room_is_one_sentence(tmp_path, command):
    with Path("/dev/full").open("w") as full:
        code, said = ended(start(tmp_path, *command, stdout=full))
    assert code == 1
    assert said.strip().splitlines()[-1] == (
        "A disk is full: a file could not be written. Make room. The data folder is "
        f"{tmp_path}."
    )
    assert "Traceback" not in said
    assert "Exception ignored" not in said


def test_a_reader_that_has_gone_is_no_error(tmp_path):
    process = start(tmp_path, "generate_key")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert (process.wait(timeout=120), process.stderr.read()) == (141, "")
    process.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_log_without_room_stops_nothing(tmp_path):
    code = "import logging, django; django.setup(); logging.error('x'); print('on')"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "HERALD_DATA_DIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=full,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.stdout == "on\n"
