"""Processes of a lane: forked, in sessions of their own, and none left behind."""

import ctypes
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.workers import session_of
from trackers.sandbox.server import SandboxServer

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_libc = ctypes.CDLL(None)
SMALL_BUFFER = 4096


def adopt_orphans() -> None:
    """Let processes whose parent was killed become children of this one."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def fork(run: Callable[[], None], log: Path | None = None) -> int:
    """Run a function in a child that leads its own session; gives its id."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if log is not None:
            _write_to(log)
        run()
        code = 0
    except SystemExit as exc:
        code = exc.code if isinstance(exc.code, int) else int(exc.code is not None)
    except BaseException:  # noqa: BLE001 - the last word of this process
        traceback.print_exc()
    finally:
        with suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _write_to(log: Path) -> None:
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    number = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for descriptor in (1, 2):
        os.dup2(number, descriptor)
    os.close(number)


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or a zombie. Buries those that can be."""
    bury()
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state in "ZX"


def bury() -> None:
    """Take leave of all children that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def signal_session(leader: int, number: int) -> None:
    """Send a signal to every process of a session, its leader first."""
    for pid in session_of(leader):
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def end_session(leader: int) -> None:
    """Kill every process of a session, and see them gone. 0 is nobody's."""
    while leader and session_of(leader):
        signal_session(leader, signal.SIGKILL)
        time.sleep(0.01)
        bury()
    bury()


def start_sandbox(log: Path) -> tuple[int, str]:
    """A sandbox in a process of its own: its id and its address.

    It receives little at a time, so that half of a request is half of it.
    """
    reading, writing = os.pipe()

    def serve() -> None:
        server = SandboxServer()
        server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        ended = []
        signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
        server.start()
        os.write(writing, server.origin.encode())
        while not ended:
            time.sleep(0.5)
        server.stop()
        raise SystemExit(1 if server.crashes else 0)

    pid = fork(serve, log)
    os.close(writing)
    origin = os.read(reading, 200).decode()
    os.close(reading)
    if not origin:
        raise RuntimeError(f"The sandbox did not start; {log} says why.")
    return pid, origin
