"""One demo in one folder, and none beside what a killed one left running.

The lock is the kernel's and goes with the last process that has it open. Every program
of the demo inherits it, so those that outlive a killed demo still hold it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

NAME = "demo.lock"


class RunsAlready(RuntimeError):
    """Something uses the folder; the message is for people."""


@contextmanager
def lock(run: Path) -> Iterator[int]:
    """Hold `run` for this process and whatever inherits the descriptor it gives.

    Raises RunsAlready. Say with `say_where` where it can be reached.
    """
    path = run / NAME
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunsAlready(_who(path)) from None
        say_where(descriptor, "")
        yield descriptor
    finally:
        os.close(descriptor)


def say_where(descriptor: int, url: str) -> None:
    """Write down whose lock it is, for whoever finds it taken."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()} {url}".encode(), 0)


def _who(path: Path) -> str:
    number, _, url = path.read_text().partition(" ")
    holders = _holders(path)
    if int(number or 0) in holders or not holders:
        at = f" at {url}" if url else ""
        return f"A demo runs already{at}, in {path.parent}. End it with Ctrl-C there."
    pids = " ".join(map(str, holders))
    return (
        f"A demo in {path.parent} was killed, and some of its programs still run. End "
        f"them, then start again: kill {pids}"
    )


def _holders(path: Path) -> list[int]:
    """The processes that have the lock open; [] where the system does not tell."""
    own, wanted = os.getpid(), path.stat()
    found = set()
    for entry in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            there = entry.stat()
            if (there.st_dev, there.st_ino) == (wanted.st_dev, wanted.st_ino):
                found.add(int(entry.parts[2]))
    return sorted(found - {own})
