"""Acting, or raising, at one named place of the code, without changing the code.

Python's own profiler hook watches for the function, as in tests/chaos/trigger.py.
"""

import subprocess
import sys
from contextlib import contextmanager

from common.worker import worker_id
from uploads.models import Upload


class Killed(BaseException):
    """Stands for the end of the process: nobody catches it."""


@contextmanager
def calling(action, event, place):
    """Call `action` once, when `place` (module.function) is called or returns."""
    module, _, function = place.rpartition(".")

    def look(frame, what, argument):
        if what != event or frame.f_code.co_name != function:
            return
        if frame.f_globals.get("__name__") == module:
            sys.setprofile(None)
            action()

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(before)


@contextmanager
def raising(error, event, place):
    """Raise `error` once, when `place` is called or returns."""

    def throw():
        raise error

    with calling(throw, event, place):
        yield


def dead_worker():
    """The id of a worker on this machine that lives no more."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pid = process.pid
    host, place, _, start = worker_id().split(":")
    return f"{host}:{place}:{pid}:{start}"


def bury(dead):
    """Let this process's claims be those of a dead one."""
    Upload.objects.filter(claimed_by=worker_id()).update(claimed_by=dead)
