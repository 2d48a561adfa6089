"""Holding a worker at one named place, without changing the code.

Python's own trace hook watches for the function: unlike the profiler hook it does not
see each call of a built-in one, which makes the workers half as slow. Lane and workers see one piece of
shared memory, the board: what is reached, whether it goes on, and what is broken.
"""

import mmap
import os
import struct
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from django_q.signals import post_spawn

from tests.chaos.tables import Step

LONGEST_HOLD = 60.0
_PID, _GO, _TROUBLE = 0, 4, 5
TROUBLES = ("", "disk-full", "gone")
Trace = Callable[[FrameType, str, Any], Any]


class Board:
    """Shared memory without locks: whoever is killed holds nothing."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 16)

    def clear(self) -> None:
        """Begin a cell."""
        self._memory[:] = bytes(16)

    @property
    def reached(self) -> int:
        """The process that is at the step; 0 while none is."""
        return int(struct.unpack_from("i", self._memory, _PID)[0])

    def hold(self) -> None:
        """Say that this process is at the step, and wait until it may go on."""
        struct.pack_into("i", self._memory, _PID, os.getpid())
        until = time.monotonic() + LONGEST_HOLD
        while not self._memory[_GO] and time.monotonic() < until:
            time.sleep(0.01)

    def go(self) -> None:
        """Let the step go on."""
        self._memory[_GO] = 1

    @property
    def trouble(self) -> str:
        """What statements fail of now."""
        return TROUBLES[self._memory[_TROUBLE]]

    @trouble.setter
    def trouble(self, name: str) -> None:
        self._memory[_TROUBLE] = TROUBLES.index(name)


def watch(board: Board, step: Step, tracker_id: int, slug: str) -> None:
    """Hold the first thread of a worker forked from here that does a tracker's step."""
    module, _, function = step.place.rpartition(".")

    def called(frame: FrameType, what: str, argument: Any) -> Trace | None:
        name = frame.f_code.co_name
        if name != function or frame.f_globals.get("__name__") != module:
            return None
        if step.event == "return" and not board.reached:
            frame.f_trace_lines = False
            return returned
        reached(frame)
        return None

    def returned(frame: FrameType, what: str, argument: Any) -> Trace | None:
        if what == "return":
            reached(frame)
        return returned

    def reached(frame: FrameType) -> None:
        mine = not board.reached and _concerns(frame, tracker_id, slug, step.within)
        if mine:
            board.hold()
        if mine or board.reached:
            sys.settrace(None)

    def begin(**_: Any) -> None:
        threading.settrace(called)
        sys.settrace(called)

    # Supervisor and sentinel do no step; the hook would only make them slow.
    post_spawn.connect(begin, weak=False)


def _concerns(frame: FrameType, tracker_id: int, slug: str, within: str) -> bool:
    """Whether a frame works for this tracker, by what it and its callers hold."""
    names = []
    at: FrameType | None = frame
    whose: bool | None = None
    while at is not None and (whose is None or within):
        names.append(at.f_code.co_name)
        if whose is None:
            whose = _whose(at.f_locals, tracker_id, slug)
        at = at.f_back
    return bool(whose) and (not within or within in names)


def _whose(values: dict[str, Any], tracker_id: int, slug: str) -> bool | None:
    """Whether it is this tracker's, or None where nothing tells. Asks no database."""
    for name in ("upload", "credential"):
        found = vars(values[name]) if hasattr(values.get(name), "__dict__") else {}
        if "tracker_id" in found:
            return bool(found["tracker_id"] == tracker_id)
    site = getattr(values.get("self"), "site", None) or values.get("site")
    named = getattr(site, "slug", None)
    return None if named is None else named == slug
