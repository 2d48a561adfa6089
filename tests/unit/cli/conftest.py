"""The command in this process, on rows that other threads and processes see."""

import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass

import pytest
import requests
from django.core.management import call_command

from common.worker import leave
from releases.services.remerge import release_override
from tests import factories
from tests.flaky import flaky_way
from tests.workers import ROOT


@dataclass
class Said:
    """What a run said, and its exit code."""

    code: int
    text: str

    @property
    def events(self):
        """Its lines as JSON; a line that is none fails the test."""
        found = [json.loads(line) for line in self.text.splitlines()]
        assert all("event" in one for one in found)
        return found

    def of(self, event):
        return [one for one in self.events if one["event"] == event]


class Terminal(io.StringIO):
    """What a person types, after something happened meanwhile."""

    def __init__(self, answer, meanwhile):
        super().__init__(answer)
        self.meanwhile = meanwhile

    def readline(self, *size):
        if self.meanwhile:
            self.meanwhile()
        return super().readline(*size)


@pytest.fixture
def cli(monkeypatch):
    """`cli("PATH", "--yes")` runs the command where nobody can answer.

    With an `answer` somebody can, and `meanwhile` happens while they think.
    """

    def run(*arguments, answer=None, meanwhile=None):
        stdin = Terminal(answer or "", meanwhile)
        monkeypatch.setattr(stdin, "isatty", lambda: answer is not None)
        monkeypatch.setattr(sys, "stdin", stdin)
        out = io.StringIO()
        try:
            call_command("upload", *arguments, stdout=out)
        except SystemExit as exc:
            assert isinstance(exc.code, int)
            return Said(exc.code, out.getvalue())
        return Said(0, out.getvalue())

    yield run
    leave(False)


@pytest.fixture
def desk(transactional_db, prepared_rows, sandbox, tmp_path):
    """Ready to publish, on committed rows."""
    factories.UserFactory(username="root", is_superuser=True)
    return prepared_rows.desk(sandbox, tmp_path)


@pytest.fixture
def book(desk):
    """The demo's audiobook in one file: the path of its folder."""
    from pathlib import Path

    return next(p for p in Path(desk.library.path).iterdir() if "Wells" in p.name)


@pytest.fixture
def server(live_server, desk, monkeypatch):
    """A live server; the token of its approver stands in the environment."""
    person = factories.UserFactory(role="approver", password="correct horse")
    login = {"username": person.username, "password": "correct horse"}
    answer = requests.post(f"{live_server.url}/api/auth/login/", json=login, timeout=30)
    assert answer.status_code == 200, answer.text
    monkeypatch.setenv("HERALD_TOKEN", answer.json()["token"])
    return live_server


@pytest.fixture
def remote(cli, server):
    """`remote(…)` runs the command against the server."""

    def run(*arguments, url=server.url, **more):
        return cli(*map(str, arguments), "--server", url, **more)

    return run


@pytest.fixture
def way(server):
    with flaky_way(server.url) as found:
        yield found


@pytest.fixture
def token():
    return os.environ["HERALD_TOKEN"]


def without_herald(*arguments, **more):
    """The command where no Herald is set up: an empty environment, another folder."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        **{name: os.environ[name] for name in ("HERALD_TOKEN",) if name in os.environ},
    }
    return subprocess.Popen(
        [sys.executable, "-m", "uploads.cli", *map(str, arguments)],
        cwd="/",
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A shell in the background lets its programs ignore Ctrl-C.
        preexec_fn=heed_ctrl_c,
        **more,
    )


def heed_ctrl_c():
    """Let the program end by SIGINT, whatever started the tests."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def leave_year_out(release):
    """So that RED's draft lacks a field that can be typed in."""
    changes = {"year": None, "release_date": None}
    release_override(release_id=release.pk, changes=changes, actor_id=None)
