"""Real worker processes on the test's own database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django_q.brokers import get_broker

ROOT = Path(__file__).resolve().parent.parent


def database_url() -> str:
    """The test database as a URL, for other processes."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    login = f"{values['USER']}:{values['PASSWORD']}@" if values["USER"] else ""
    return f"postgres://{login}{values['HOST']}:{values['PORT']}/{values['NAME']}"


def worker_environment(**more: str) -> dict[str, str]:
    """What a process needs to work on this test's rows, quickly."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": database_url(),
        "HERALD_DATA_DIR": str(settings.DATA_DIR),
        "HERALD_SETTLE_LOOKS": "0.2,0.3,0.5",
        "HERALD_WORKERS": "2",
        "PYTHONUNBUFFERED": "1",
        **more,
    }


def wait_until(check: Callable[[], Any], *, seconds: float = 40.0) -> Any:
    """What `check` says once it is true; fails the test when it never is."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = check()
        if value:
            return value
        time.sleep(0.1)
    pytest.fail(f"It did not come true in {seconds:.0f} s: {check()!r}")


class Workers:
    """Starts `manage.py worker`, and ends it with all of its processes."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """A worker, or what `arguments` name, as a session of its own."""
        command = arguments or ("manage.py", "worker")
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=worker_environment(**environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._started.append(process)
        return process

    def log(self) -> str:
        """All that the workers said."""
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    def check_log(self) -> None:
        """Fail with every traceback that they logged, and the lines around it."""
        lines = self.log().splitlines()
        starts = [at for at, line in enumerate(lines) if "Traceback" in line]
        around = ["\n".join(lines[max(at - 5, 0) : at + 60]) for at in starts]
        assert not around, "\n\n".join(around)

    def kill_all(self) -> None:
        """End every process that was started here at once, without asking."""
        for process in self._started:
            for pid in session_of(process.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        for process in self._started:
            process.wait(timeout=20)
        self._started.clear()


def session_of(leader: int) -> list[int]:
    """The living processes of a session, its leader first."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        if int(fields[3]) == leader and fields[0] not in "ZX":
            found.append(int(entry.parent.name))
    return sorted(found, key=lambda pid: (pid != leader, pid))


@pytest.fixture(autouse=True)
def _nothing_queued(request: pytest.FixtureRequest) -> None:
    """Redis keeps what earlier tests queued; a database gives back what it held.

    Before any other fixture: what those queue is for the workers of this test.
    """
    if "workers" in request.fixturenames and settings.BROKER_URL:
        get_broker().purge_queue()


@pytest.fixture
def workers(transactional_db: None, tmp_path: Path) -> Iterator[Workers]:
    """Workers on this test's database; killed at its end."""
    found = Workers(tmp_path / "workers.log")
    yield found
    found.kill_all()
    connection.close()
