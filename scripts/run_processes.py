"""Run several programs together: started in order, watched, ended together.

    with Processes(logs=Path(".run/logs")) as processes:
        processes.start(Process(name="web", argv=(…), ready_url="http://…/healthz"))
        return processes.watch()

Output goes to LOGS/NAME.log. Ctrl-C or SIGTERM to us ends them all within STOP_SECONDS:
each gets SIGTERM alone, never with its children (a worker cluster hangs when its whole
process group is signalled), and whatever is left of its group is killed afterwards.
"""

import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from types import TracebackType
from typing import IO

STOP_SECONDS = 10.0
_KILL_AFTER = STOP_SECONDS - 1.0
LAST_LINES = 15


class ProcessFailed(RuntimeError):
    """A program did not start or ended by itself; the message is for people."""


@dataclass(frozen=True, kw_only=True)
class Process:
    """One program. `ready_url` answers (any status below 500) once it is of use.

    `env` is added to ours. An `optional` program may fail: the rest goes on.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    ready_url: str = ""
    ready_seconds: float = 60.0
    optional: bool = False


class Processes:
    """The programs that run at the moment; leaving the block ends them."""

    def __init__(self, *, logs: Path, pass_fds: tuple[int, ...] = ()) -> None:
        """`pass_fds` stay open in every program, such as a lock for all of them."""
        self._logs = logs
        self._pass_fds = pass_fds
        self._running: dict[Process, subprocess.Popen[bytes]] = {}
        self._stop = threading.Event()
        self._handlers: dict[int, object] = {}

    def __enter__(self) -> "Processes":
        self._logs.mkdir(parents=True, exist_ok=True)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._handlers[number] = signal.signal(number, self._asked_to_stop)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def start(self, process: Process) -> bool:
        """Start a program and wait until it is ready; False for a failed optional one.

        Raises ProcessFailed with the program's last lines, or KeyboardInterrupt when
        somebody asked us to stop meanwhile.
        """
        return self._start(process, None)

    def finish(self, process: Process) -> str:
        """Run a program to its end; give what it printed, without its log lines.

        Raises as `start` does.
        """
        with tempfile.TemporaryFile() as said:
            if self._start(process, said):
                self._wait_end(process)
            said.seek(0)
            return said.read().decode(errors="replace")

    def watch(self) -> int:
        """Wait until somebody asks us to stop (0) or a program ends by itself (1)."""
        while not self._stop.wait(0.2):
            for process, running in list(self._running.items()):
                if running.poll() is None:
                    continue
                try:
                    self._failed(process, _ended(running.returncode))
                except ProcessFailed as exc:
                    print(exc, file=sys.stderr)
                    return 1
        return 0

    def stop(self) -> None:
        """End every program: politely, then by force, all at the same time."""
        for running in self._running.values():
            if running.poll() is None:
                running.terminate()
        deadline = time.monotonic() + _KILL_AFTER
        for running in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                running.wait(max(0.0, deadline - time.monotonic()))
        for running in self._running.values():
            _kill_group(running)
        self._running.clear()

    def _start(self, process: Process, output: IO[bytes] | None) -> bool:
        with self._log(process).open("wb") as log:
            try:
                started = subprocess.Popen(
                    process.argv,
                    env=os.environ | dict(process.env),
                    stdin=subprocess.DEVNULL,
                    stdout=output or log,
                    stderr=log,
                    start_new_session=True,
                    pass_fds=self._pass_fds,
                )
            except OSError as exc:
                return self._failed(process, f"cannot be started ({exc.strerror})")
        self._running[process] = started
        return self._wait_ready(process, started)

    def _wait_end(self, process: Process) -> None:
        running = self._running[process]
        while running.poll() is None:
            if self._stop.wait(0.05):
                raise KeyboardInterrupt
        if running.returncode:
            self._failed(process, _ended(running.returncode))
        self._running.pop(process, None)

    def _wait_ready(self, process: Process, started: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + process.ready_seconds
        while process.ready_url and not answers(process.ready_url):
            if self._stop.wait(0.1):
                raise KeyboardInterrupt
            if started.poll() is not None:
                return self._failed(process, _ended(started.returncode))
            if time.monotonic() > deadline:
                return self._failed(
                    process, f"was not ready within {process.ready_seconds:.0f} s"
                )
        return True

    def _asked_to_stop(self, number: int, frame: object) -> None:
        self._stop.set()

    def _log(self, process: Process) -> Path:
        return self._logs / f"{process.name}.log"

    def _failed(self, process: Process, what: str) -> bool:
        log = self._log(process)
        lines = log.read_text(errors="replace").splitlines()[-LAST_LINES:]
        said = "\n".join(f"  {process.name} | {line}" for line in lines)
        message = (
            f"{process.name} {what}: {shlex.join(process.argv)}\n"
            f"{said}\nIts whole output is in {log}."
        )
        running = self._running.pop(process, None)
        if running is not None:
            _kill_group(running)
        if not process.optional:
            raise ProcessFailed(message)
        print(f"{message}\nGoing on without {process.name}.", file=sys.stderr)
        return False


def answers(url: str) -> bool:
    """Whether a web server there answers with anything but an error of its own."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as response:
            return bool(response.status < 500)
    except urllib.error.HTTPError as exc:
        with exc:
            return exc.code < 500
    except (OSError, HTTPException):
        return False


def choose_port(name: str, wanted: int) -> int:
    """`wanted`, or, with a line that says so, a free loopback port when it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            pass
        else:
            return wanted
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    print(f"Port {wanted} is in use; {name} takes {port}.")
    return port


def _ended(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"


def _kill_group(running: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):  # nothing is left of it
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()
