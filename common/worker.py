"""Who works on a row, and whether that process surely lives no more.

An id is `host:place:pid:start`. The place is the machine's boot and the process
namespace, so that a pid is never mistaken for the same number on another machine,
after a restart, or in another container; the start time tells a reused pid apart.
"""

import ctypes
import os
import socket
from datetime import datetime, timedelta
from multiprocessing import RawValue
from pathlib import Path

from django.conf import settings

from common import clock

_PROC = Path("/proc")
_UNKNOWN = "-"
_STATE, _START = 0, 19  # fields of /proc/PID/stat behind the program's name

# Shared with the processes forked from here. Without a lock: one that is killed while
# it holds a lock would leave all others waiting.
_leaving = RawValue(ctypes.c_bool, False)


def leave(leaving: bool = True) -> None:
    """Ask this process and those forked from it to begin nothing new."""
    _leaving.value = leaving


def is_leaving() -> bool:
    """Whether nothing new should be begun: the worker is being stopped."""
    return bool(_leaving.value)


def worker_id() -> str:
    """The id of this process, below 200 characters."""
    pid = os.getpid()
    _, start = _stat(pid)
    return f"{_host()}:{_place()}:{pid}:{start}"


def is_dead(worker: str) -> bool | None:
    """True when the worker surely lives no more, False when it does.

    None when that cannot be told from here: another host, container or boot, a system
    without /proc, or no id at all.
    """
    parts = worker.split(":")
    if len(parts) != 4 or not parts[2].isdecimal() or not parts[3].isdecimal():
        return None
    host, place, pid, start = parts
    if host != _host() or place != _place() or _UNKNOWN in place.split("."):
        return None
    return _is_gone(int(pid), start)


def is_abandoned(worker: str, claimed_at: datetime | None) -> bool:
    """Whether a claim's process lives no more, as far as can be told from here.

    A process elsewhere, or of another boot, counts as gone once its claim is older
    than settings.CLAIM_LEASE_SECONDS: everything it may do takes less.
    """
    dead = is_dead(worker)
    if dead is not None:
        return dead
    lease = timedelta(seconds=settings.CLAIM_LEASE_SECONDS)
    return claimed_at is None or claimed_at < clock.now() - lease


def _is_gone(pid: int, start: str) -> bool | None:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        pass  # it belongs to somebody else; what it is, /proc may still tell
    state, found = _stat(pid)
    if found == _UNKNOWN:
        return None
    return found != start or state in "ZXx"


def _host() -> str:
    return socket.gethostname()[:100].replace(":", "-")


def _place() -> str:
    """The boot and the process namespace, as `boot.namespace`."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()[:8]
        namespace = str((_PROC / "self/ns/pid").stat().st_ino)
    except OSError:
        return f"{_UNKNOWN}.{_UNKNOWN}"
    return f"{boot}.{namespace}"


def _stat(pid: int) -> tuple[str, str]:
    """State letter and start time (clock ticks after boot) of a process."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return _UNKNOWN, _UNKNOWN
    fields = text.rpartition(")")[2].split()
    return fields[_STATE], fields[_START]
