"""A lane: one process that runs cell after cell, with everything it needs of its own.

It has one thread, so that whatever it forks begins sound.
"""

import ctypes
import os
import shutil
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import RawValue
from pathlib import Path
from typing import Any

import urllib3.connection
from django.core.management import call_command
from django.db import connections

import common.worker
from config.cluster import preload
from tests.chaos.broken import BROKEN
from tests.chaos.cells import Cell
from tests.chaos.databases import Database, fail_with, use
from tests.chaos.haste import GRACE_SECONDS, hasten
from tests.chaos.prepared import Book
from tests.chaos.processes import (
    SMALL_BUFFER,
    adopt_orphans,
    end_session,
    fork,
    has_ended,
    signal_session,
    start_sandbox,
)
from tests.chaos.tables import BEHAVIOUR, STEP, STOP
from tests.chaos.trigger import Board, watch
from tests.chaos.verdict import closed_attempts, is_over, judge
from tests.sandbox import SandboxControl
from tests.workers import session_of
from uploads.models import UploadAttempt
from uploads.services.approval import release_approve

REACH_SECONDS = 20.0
END_SECONDS = 40.0
TROUBLE_SECONDS = 1.0
LEAVE_SECONDS = 10.0
HIDDEN_SECONDS = 1.0
MOST_STARTS = 3
_ENDING = ("kill-all", "term", "term-slow", "term-all")


@dataclass
class Result:
    """What became of a cell. `seconds`: from the stop until nothing was under way."""

    cell: str
    database: str
    reached: bool = False
    problems: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    seconds: float = 0.0
    took: float = 0.0


class Lane:
    """Runs cells one after another on a database of its own."""

    def __init__(
        self, folder: Path, database: Database, vendor: str, *, client: str, broken: str
    ) -> None:
        adopt_orphans()
        self._log = folder / "log"
        self._database, self._vendor, self._client = database, vendor, client
        self._broken = broken
        self._board = Board()
        self._sandbox_pid, origin = start_sandbox(self._log)
        self._sandbox = SandboxControl(origin)
        use(database)
        self._book = Book(folder, self._sandbox, folder.name)
        self._stall = 0
        self._worker = 0
        preload()  # once, not in each worker that is forked from here

    def close(self) -> bool:
        """End the sandbox; False when it failed itself."""
        os.kill(self._sandbox_pid, signal.SIGTERM)
        return os.waitpid(self._sandbox_pid, 0)[1] == 0

    def run(self, cell: Cell) -> Result:
        """Everything about one cell."""
        begun = time.monotonic()
        result = Result(str(cell), self._vendor)
        try:
            self._begin(cell)
            pid = self._reached(cell)
            result.reached = bool(pid)
            closed = closed_attempts()
            stopped = time.monotonic()
            if pid:
                result.problems += self._stop(cell, pid)
            result.problems += self._finish(cell)
            result.seconds = round(time.monotonic() - stopped, 2)
            end_session(self._worker)
            result.problems += judge(cell, self._sandbox, closed)
        except Exception as exc:  # noqa: BLE001 - the others must be run
            result.problems.append(f"the lane failed: {type(exc).__name__}: {exc}")
        finally:
            self._go()
            end_session(self._worker)
            self._worker = 0
        result.took = round(time.monotonic() - begun, 2)
        return result

    def log(self) -> str:
        """What the workers of the current cell said."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def _begin(self, cell: Cell) -> None:
        with suppress(FileNotFoundError):
            os.truncate(self._log, 0)
        self._board.clear()
        self._sandbox.reset()
        self._sandbox.options(limits=False)
        self._book.restore()
        if STEP[cell.step].client:
            self._book.seed_with(self._client)
        self._plan(cell)
        release_approve(release_id=self._book.release_id, actor_id=None)
        self._start(cell)

    def _plan(self, cell: Cell) -> None:
        """Let the site behave."""
        behaviour = BEHAVIOUR[cell.behaviour]
        self._stall = 0
        if cell.step == "half-body":
            self._stall = self._sandbox.fail(
                cell.tracker, "upload", "stall", seconds=REACH_SECONDS
            )
        fault = behaviour.fault
        if cell.step == "answer-half" and fault == "drop-after":
            fault = "cut"  # an answer that does not come cannot be half read
        if fault:
            self._sandbox.fail(cell.tracker, "upload", fault)
        if behaviour.hides:
            self._sandbox.fail(
                cell.tracker, "*", "hide", times=0, seconds=HIDDEN_SECONDS
            )

    def _start(self, cell: Cell | None = None) -> None:
        """A worker, held at the cell's step where one is given."""

        def supervise() -> None:
            hasten()
            fail_with(self._board, self._vendor)
            # All lanes were forked from one process, which shared this with them.
            common.worker._leaving = RawValue(ctypes.c_bool, False)
            if self._broken:
                BROKEN[self._broken]()
            if cell is not None:
                self._arm(cell)
            call_command("worker", grace=GRACE_SECONDS)

        connections.close_all()
        self._worker = fork(supervise, self._log)

    def _arm(self, cell: Cell) -> None:
        step = STEP[cell.step]
        tracker_id = self._book.tracker_ids[cell.tracker]
        if step.place:
            watch(self._board, step, tracker_id, cell.tracker)
        else:
            self._board.go()  # only to see that it does not come to that
            watch(self._board, STEP["body-sent"], tracker_id, cell.tracker)
            option = (socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_BUFFER)
            urllib3.connection.HTTPConnection.default_socket_options.append(option)

    def _reached(self, cell: Cell) -> int:
        """The process that is at the step, or 0 when all ended without it."""
        until = time.monotonic() + REACH_SECONDS
        while time.monotonic() < until:
            pid = self._halfway(cell) if self._stall else self._board.reached
            if pid:
                return pid
            if is_over(cell) and not _wait(lambda: bool(self._board.reached), 0.5):
                return 0  # also when the step comes right after what ends all
            time.sleep(0.05)
        return 0

    def _halfway(self, cell: Cell) -> int:
        """Who sends the request of which the sandbox has read half."""
        found = self._sandbox.requests(cell.tracker, "upload")
        if not found or not found[0]["size"] or found[0]["complete"]:
            return 0
        if self._board.reached:
            raise RuntimeError("All of the request is sent, though half was read.")
        attempts = UploadAttempt.objects.filter(upload__tracker__slug=cell.tracker)
        attempt = attempts.filter(outcome="").last()
        return int(attempt.worker.split(":")[2]) if attempt else 0

    def _go(self) -> None:
        """Let the step go on."""
        self._board.go()
        if self._stall:
            self._sandbox.call("DELETE", "faults", id=str(self._stall))

    def _stop(self, cell: Cell, pid: int) -> list[str]:
        """Stop the work at the step, and take the cause away again."""
        connections.close_all()
        stops: dict[str, Callable[[], Any]] = {
            "kill-worker": lambda: os.kill(pid, signal.SIGKILL),
            "kill-all": lambda: end_session(self._worker),
            "term": lambda: os.kill(self._worker, signal.SIGTERM),
            "term-slow": lambda: os.kill(self._worker, signal.SIGTERM),
            "term-all": lambda: signal_session(self._worker, signal.SIGTERM),
            "timeout": lambda: os.kill(pid, signal.SIGALRM),
            "disk-full": self._disk_full,
            "locked": lambda: self._locked(cell),
            "gone": self._gone,
        }
        stops[cell.stop]()
        if not STOP[cell.stop].holds:
            self._go()
        problems = self._left(cell) if cell.stop in _ENDING else []
        if cell.stop == "timeout" and not _wait(lambda: has_ended(pid), LEAVE_SECONDS):
            problems.append("the timeout did not end the process")
        self._go()
        return problems

    def _left(self, cell: Cell) -> list[str]:
        """See the worker off that was told to end."""
        leader = self._worker
        gone = _wait(
            lambda: has_ended(leader) and not session_of(leader), LEAVE_SECONDS
        )
        return [] if gone else ["the worker did not end in time"]

    def _disk_full(self) -> None:
        self._board.trouble = "disk-full"
        self._go()
        time.sleep(TROUBLE_SECONDS)
        self._board.trouble = ""

    def _locked(self, cell: Cell) -> None:
        if STEP[cell.step].in_transaction:
            self._go()  # or its own lock would keep us waiting
        with self._database.locked():
            self._go()
            time.sleep(TROUBLE_SECONDS)

    def _gone(self) -> None:
        self._board.trouble = "gone"
        with self._database.gone():
            self._go()
            time.sleep(TROUBLE_SECONDS)
        self._board.trouble = ""

    def _finish(self, cell: Cell) -> list[str]:
        """Wait until nothing is under way, with a new worker where there is none."""
        until = time.monotonic() + END_SECONDS
        starts = 0
        problems = []
        while not is_over(cell):
            if has_ended(self._worker):
                starts += 1
                if cell.stop not in _ENDING or starts > 1:
                    problems.append("the worker ended by itself")
                if starts > MOST_STARTS:
                    break
                end_session(self._worker)
                self._start()
            if time.monotonic() > until:
                return [*problems, f"not over after {END_SECONDS:.0f} s"]
            time.sleep(0.1)
        return problems


def _wait(check: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if check():
            return True
        time.sleep(0.02)
    return False


def emptied(folder: Path) -> Path:
    """The folder, made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
