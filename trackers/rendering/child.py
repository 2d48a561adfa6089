"""The child process: takes its own rights away, then renders what it is told.

In, one JSON value a line, written by trackers.rendering.process: the settings, then
the jobs. Out, JSON arrays, one a line: ["ready"], then per job ["job"],
["field", name] before and ["done", {…}] after each field, and ["end"]. The last
lines tell what was being done when the child died.
"""

import json
import math
import os
import resource
import signal
import sys
from dataclasses import asdict
from typing import Any

from trackers.rendering.engine import Engine, iterate
from trackers.rendering.types import Limits


def main() -> None:
    """Render the jobs one after the other, and answer line by line."""
    _drop_rights()
    settings = json.loads(sys.stdin.buffer.readline())
    limits = Limits(**settings["limits"])
    memory = limits.memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    _say("ready")
    for line in sys.stdin.buffer:
        job = json.loads(line)
        _say("job")
        _start_clocks(limits)
        _render(job, limits, settings)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _say("end")


def _drop_rights() -> None:
    """No new files, no processes, no core dumps: what is open now is all there is.

    Numbers below the limit stay usable, so it is set to the three pipes.
    """
    for kind in (resource.RLIMIT_NPROC, resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(kind, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def _start_clocks(limits: Limits) -> None:
    """Both clocks end the process by their signal: Python code cannot ignore it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = math.ceil(used.ru_utime + used.ru_stime)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (spent + limits.cpu_seconds, hard))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)


def _render(job: dict[str, Any], limits: Limits, settings: dict[str, Any]) -> None:
    engine = Engine(job["fields"], job["layouts"], limits, settings["tag_names"])
    for name, result in iterate(engine, job["context"], check=settings["check"]):
        if result is None:
            _say("field", name)
        else:
            _say("done", asdict(result))


def _say(*line: object) -> None:
    # Straight to the pipe: nothing may wait in a buffer when the child is killed.
    content = memoryview(json.dumps(line).encode() + b"\n")
    while content:
        content = content[os.write(1, content) :]
