"""The worker of a benchmark, and what its processes use."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
LONGEST = 180.0


@contextmanager
def running_worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`manage.py worker`, once it has shown that it works."""
    from uploads.models import Heartbeat

    with (
        (folder / "worker.log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=ROOT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        ) as worker,
    ):
        try:
            wait_for(Heartbeat.objects.exists)
            yield worker
        finally:
            for pid in session_of(worker.pid):
                os.kill(pid, signal.SIGKILL)


def wait_for(check: Callable[[], object], *, pause: float = 0.02) -> None:
    """Until it is true."""
    deadline = time.monotonic() + LONGEST
    while not check():
        if time.monotonic() > deadline:
            raise SystemExit(f"It did not come true in {LONGEST:.0f} s.")
        time.sleep(pause)


def session_of(leader: int) -> list[int]:
    """The living processes of a session."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        if int(fields[3]) == leader and fields[0] not in "ZX":
            found.append(int(entry.parent.name))
    return found


def processor_seconds(leader: int) -> float:
    """What the session's processes, and their ended children, used so far."""
    total = 0
    for pid in session_of(leader):
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        total += sum(map(int, text.rpartition(")")[2].split()[11:15]))
    return total / TICKS


def memory_mib(leader: int) -> float:
    """Their memory; pages that they share count once."""
    total = 0
    for pid in session_of(leader):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024
