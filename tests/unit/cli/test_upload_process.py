"""The command as people and programs run it: a process, a terminal, a signal."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from releases.models import Release
from tests.unit.cli.conftest import heed_ctrl_c
from tests.workers import ROOT, wait_until, worker_environment
from uploads.models import Upload

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def start(*arguments, **streams):
    return subprocess.Popen(
        [sys.executable, "manage.py", "upload", *map(str, arguments)],
        cwd=ROOT,
        env=worker_environment(HERALD_USER="root", TERM="xterm-256color"),
        preexec_fn=heed_ctrl_c,
        **streams,
    )


def run(*arguments, **more):
    done = subprocess.run(
        [sys.executable, "manage.py", "upload", *map(str, arguments)],
        cwd=ROOT,
        env=worker_environment(HERALD_USER="root", **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done


def huge(book):
    """A release whose hashing takes a while: a hole costs no disk."""
    with (book / "long.mp3").open("wb") as file:
        file.truncate(64 * 2**30)


def read_terminal(terminal, until, seconds=60.0):
    """What the terminal shows, until `until` is in it or it is closed."""
    shown, deadline = "", time.monotonic() + seconds
    while until not in shown and time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], 0.2)
        if ready:
            try:
                part = os.read(terminal, 65536)
            except OSError:  # how Linux says that the other end is closed
                break
            if not part:
                break
            shown += part.decode(errors="replace")
    return shown


def test_a_script_gets_lines_of_json_and_a_code(book, desk):
    done = run(book, "--yes", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert events[-1] == {"event": "result", "ok": True, "exit_code": 0}
    assert done.stderr == ""
    assert len(desk.sandbox.uploads()) == 2


def test_with_a_worker_the_worker_sends(book, desk, workers):
    workers.start()
    from uploads.models import Heartbeat

    wait_until(Heartbeat.objects.exists)
    done = run(book, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    attempts = [a for u in Upload.objects.all() for a in u.attempts.all()]
    seen = set(Heartbeat.objects.values_list("worker", flat=True))
    assert len(attempts) == 2
    assert {attempt.worker.split(":")[0] for attempt in attempts} == {
        worker.split(":")[0] for worker in seen
    }
    assert len(desk.sandbox.uploads()) == 2


@pytest.mark.parametrize(
    ("arguments", "code"), [(["/etc/passwd"], 2), (["--queue", "--status"], 2), ([], 2)]
)
def test_bad_input_ends_with_two(desk, arguments, code):
    assert run(*arguments).returncode == code


def test_names_that_are_no_text(desk, book):
    (book.parent / os.fsdecode(b"caf\xe9")).mkdir()
    done = run(book.parent / os.fsdecode(b"caf\xe9"))
    assert done.returncode == 2
    assert "is not valid UTF-8, which torrents need" in done.stdout


def test_a_database_without_tables(desk, book, tmp_path):
    empty = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    done = run(book, DATABASE_URL=empty)
    assert done.returncode == 1
    assert "run manage.py migrate" in done.stdout


def test_a_reader_that_has_seen_enough(desk, book):
    process = start(
        book, "--dry-run", stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    process.stdout.close()
    assert process.wait(timeout=60) == 4
    assert process.stderr.read() == ""
    process.stderr.close()


def test_ctrl_c_stops_a_preparation(desk, book):
    huge(book)
    process = start(book, "--json", stdout=subprocess.PIPE, text=True)
    lines = []
    for line in process.stdout:
        lines.append(json.loads(line))
        if lines[-1].get("phase") == "hash" and lines[-1]["done"]:
            break
    process.send_signal(signal.SIGINT)
    lines += [json.loads(line) for line in process.stdout]
    assert process.wait(timeout=30) == 3
    process.stdout.close()
    assert lines[-1]["event"] == "interrupted"
    assert lines[-1]["message"] == "Stopped. Nothing was approved or sent."
    release = Release.objects.get()
    assert (release.state, release.claimed_by) == ("new", "")


def test_ctrl_c_stops_looking(desk, book):
    desk.trackers["ops"].credentials.update(is_active=False)
    process = start(book, "--yes", "--json", stdout=subprocess.PIPE, text=True)
    wait_until(lambda: Upload.objects.filter(status="success").exists())
    process.send_signal(signal.SIGINT)
    said = process.stdout.read()
    assert process.wait(timeout=30) == 4
    process.stdout.close()
    assert [json.loads(line)["event"] for line in said.splitlines()][-3:] == [
        *("interrupted", "unfinished", "result")
    ]
    assert Upload.objects.get(tracker__slug="ops").status == "pending"


def test_a_kill_is_recovered_from_by_the_next_command(desk, book):
    huge(book)
    process = start(book, "--json", stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if json.loads(line).get("phase") == "hash":
            break
    process.kill()
    process.wait(timeout=30)
    process.stdout.close()
    assert Release.objects.get().state == "preparing"
    (book / "long.mp3").unlink()
    done = run(book, "--yes")
    assert done.returncode == 0, done.stdout
    assert len(desk.sandbox.uploads()) == 2


@contextmanager
def terminal(*arguments):
    """The command on a terminal: the process, and our end of it."""
    ours, theirs = pty.openpty()
    process = start(
        *arguments, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True
    )
    os.close(theirs)
    try:
        yield process, ours
    finally:
        process.kill()
        process.wait(timeout=30)
        os.close(ours)


def test_a_terminal_shows_how_far_hashing_is(desk, book):
    huge(book)
    with terminal(book, "--trackers", "red") as (process, ours):
        shown = read_terminal(ours, "iB/s")
        assert "Hashing" in shown
        assert " of 64.0 GiB" in shown
        process.send_signal(signal.SIGINT)
        shown = read_terminal(ours, "Nothing was approved or sent.")
        assert "Stopped." in shown
        assert process.wait(timeout=30) == 3


def test_a_terminal_asks_and_shows_the_result(desk, book):
    with terminal(book) as (process, ours):
        shown = read_terminal(ours, "[all]")
        assert "1. ops  Orpheus" in shown
        os.write(ours, b"\n")
        shown = read_terminal(ours, "[y/N]")
        assert "Approve and upload to these trackers? [y/N]" in shown
        assert "duplicates" in shown  # no worker has asked for any
        os.write(ours, b"y\n")
        shown = read_terminal(ours, "nothing more: until it is closed")
        assert process.wait(timeout=60) == 0, shown
        assert "Result" in shown
    assert len(desk.sandbox.uploads()) == 2
