"""Starts the child that renders, feeds it, and reads what became of each job."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from trackers.markup.dialects import ALL_TAG_NAMES
from trackers.rendering.types import Limits

_ROOT = str(Path(__file__).resolve().parents[2])
# -I: no environment, no user site, no current folder. -S: no site, so no .pth files
# that run code. The child sees the standard library, the libraries and our packages.
_PROGRAM = (
    "import sys; sys.path += sys.argv[1:]; "
    "from trackers.rendering.child import main; main()"
)
# Scheduling on a busy machine may hold back the child's own clock by this much.
_GRACE_SECONDS = 5.0


@dataclass(slots=True)
class Outcome:
    """What the child said about one job. `ended` is False when it died in it.

    `done` holds a Rendered as a dict per field; `current` is the field in work.
    """

    done: list[dict[str, Any]] = field(default_factory=list)
    current: str = ""
    ended: bool = False


@dataclass(slots=True)
class Run:
    """One life of the child: an outcome per job that it began, and how it ended.

    `exit_code` is negative when a signal ended it.
    """

    ready: bool = False
    outcomes: list[Outcome] = field(default_factory=list)
    exit_code: int = 0
    timed_out: bool = False


def run_child(jobs: Sequence[bytes], *, limits: Limits, check: bool) -> Run:
    """Run jobs (one line of JSON each) in one child, and leave nothing behind.

    Safe in threads and workers: no fork of this process' Python, no signal handlers.
    """
    settings = {
        "limits": asdict(limits),
        "tag_names": sorted(ALL_TAG_NAMES),
        "check": check,
    }
    content = b"\n".join([json.dumps(settings).encode(), *jobs]) + b"\n"
    patience = limits.start_seconds + len(jobs) * (limits.seconds + _GRACE_SECONDS)
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-I", "-S", "-c", _PROGRAM, *_library_folders(), _ROOT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )
    with process:
        try:
            output, _ = process.communicate(content, timeout=patience)
            timed_out = False
        except subprocess.TimeoutExpired:
            _kill(process.pid)
            output, _ = process.communicate()
            timed_out = True
        except BaseException:
            # A worker that is being stopped must not leave a child running.
            _kill(process.pid)
            raise
    run = _read(output)
    run.exit_code, run.timed_out = process.returncode, timed_out
    return run


def _library_folders() -> list[str]:
    names = {"site-packages", "dist-packages"}
    return [path for path in sys.path if Path(path).name in names]


def _kill(process_group: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process_group, signal.SIGKILL)


def _read(output: bytes) -> Run:
    """Read the child's lines; a last line cut off by its death is dropped."""
    run = Run()
    for line in output.split(b"\n")[:-1]:
        match json.loads(line):
            case ["ready"]:
                run.ready = True
            case ["job"]:
                run.outcomes.append(Outcome())
            case ["field", str(name)]:
                run.outcomes[-1].current = name
            case ["done", dict(result)]:
                run.outcomes[-1].done.append(result)
                run.outcomes[-1].current = ""
            case ["end"]:
                run.outcomes[-1].ended = True
    return run
