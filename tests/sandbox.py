"""The sandbox as a fixture: real HTTP on loopback, and a say in what goes wrong.

`sandbox` serves from a thread of the test; `sandbox_process` from the real command,
with a state folder that survives `restart()`. Both give a `SandboxControl`.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from trackers.sandbox import accounts
from trackers.sandbox.server import SandboxServer

ROOT = Path(__file__).resolve().parent.parent
KEYS = {"red": accounts.RED_KEY, "ops": accounts.OPS_TOKEN}
PASSKEYS = {"red": accounts.RED_PASSKEY, "ops": accounts.OPS_PASSKEY}
_OPENER = build_opener(ProxyHandler({}))


class SandboxControl:
    """Talks to a running sandbox over its control API."""

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def url(self, site: str) -> str:
        """A site's base URL ("red", "ops", "audnexus"), without a slash at its end."""
        return f"{self.origin}/{site}"

    def announce(self, site: str) -> str:
        """A tracker's announce URL shape, with `{passkey}` in it."""
        return f"{self.origin}/announce/{site}/{{passkey}}"

    def key(self, site: str) -> str:
        """An API key that may do everything."""
        return KEYS[site]

    def passkey(self, site: str) -> str:
        """The passkey of that key's member."""
        return PASSKEYS[site]

    def uploads(self, site: str = "") -> list[dict[str, Any]]:
        """Stored uploads, oldest first, each with its `group`, `form` (list of name
        and value), `infohash`, `files`, `seeders`; `content` is the site's file."""
        found: list[dict[str, Any]] = self.call("GET", "uploads", site=site)["uploads"]
        for upload in found:
            if upload["content"] is not None:
                upload["content"] = bytes.fromhex(upload["content"])
        return found

    def requests(self, site: str = "", action: str = "") -> list[dict[str, Any]]:
        """Every request that arrived, oldest first, also those that were dropped."""
        answer = self.call("GET", "requests", site=site, action=action)
        return list(answer["requests"])

    def seeders(self, site: str = "") -> list[dict[str, Any]]:
        """Peers that announced with nothing left, each with its `torrent_id`."""
        return list(self.call("GET", "seeders", site=site)["seeders"])

    def fail(
        self,
        site: str,
        action: str,
        fault: str,
        *,
        times: int | None = 1,
        seconds: float = 0,
        message: str = "",
        status: int = 0,
    ) -> int:
        """Plan a failure (docs/sandbox.md lists them); returns its id."""
        planned = {
            "site": site,
            "action": action,
            "fault": fault,
            "times": times,
            "seconds": seconds,
            "message": message,
            "status": status,
        }
        return int(self.call("POST", "faults", planned)["id"])

    def faults(self) -> list[dict[str, Any]]:
        """The failures that still wait for their request."""
        return list(self.call("GET", "faults")["faults"])

    def heal(self) -> None:
        """Forget every planned failure."""
        self.call("DELETE", "faults")

    def options(self, **changes: Any) -> dict[str, Any]:
        """Change how the sandbox behaves: `limits`, `browse_lag`, ..."""
        return dict(self.call("POST", "options", changes))

    def add_account(self, site: str, username: str, **values: Any) -> dict[str, Any]:
        """Add a member; gives its `key` and `passkey`."""
        wanted = {"site": site, "username": username, **values}
        return dict(self.call("POST", "accounts", wanted))

    def lose(self, site: str, torrent_id: int) -> None:
        """Let the site lose its copy of a torrent file."""
        self.call("POST", "lose", {"site": site, "id": torrent_id})

    def reset(self) -> None:
        """Forget uploads, requests, faults and added members."""
        self.call("POST", "reset", {})

    def call(self, method: str, name: str, body: Any = None, **query: str) -> Any:
        """One call of the control API. Raises `AssertionError` when it is refused."""
        address = f"{self.origin}/control/{name}?{urlencode(query)}"
        content = None if body is None else json.dumps(body).encode()
        request = Request(address, data=content, method=method)  # noqa: S310 - loopback
        try:
            with _OPENER.open(request, timeout=10) as answer:
                return json.loads(answer.read())
        except HTTPError as exc:
            with exc:
                raise AssertionError(exc.read().decode()) from exc


class SandboxProcess(SandboxControl):
    """The management command as a process of its own, which can be killed."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._process: subprocess.Popen[str] | None = None
        super().__init__("")
        self.start(port=0)

    def start(self, port: int) -> None:
        """Start the command and wait until it says where it listens."""
        command = [
            sys.executable,
            str(ROOT / "manage.py"),
            "sandbox",
            f"--port={port}",
            f"--state={self._state}",
        ]
        self._process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert "ready at" in line, f"the sandbox did not start: {line}"
        self.origin = line.split()[-1].rstrip("/")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the process with a signal; returns its exit code."""
        assert self._process is not None
        self._process.send_signal(number)
        code = self._process.wait(timeout=20)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process = None
        return code

    def restart(self, number: int = signal.SIGKILL) -> None:
        """Kill it, and start it again at the same port with the same state."""
        port = int(self.origin.rpartition(":")[2])
        self.stop(number)
        self.start(port)

    @property
    def running(self) -> bool:
        """Whether there is a process to stop."""
        return self._process is not None


@pytest.fixture
def sandbox() -> Iterator[SandboxControl]:
    """A sandbox with nothing in it, on a free port."""
    server = SandboxServer()
    server.start()
    yield SandboxControl(server.origin)
    server.stop()
    assert server.crashes == []


@pytest.fixture
def sandbox_process(tmp_path: Path) -> Iterator[SandboxProcess]:
    """The real command with a state folder."""
    process = SandboxProcess(tmp_path / "sandbox")
    yield process
    if process.running:
        process.stop()
