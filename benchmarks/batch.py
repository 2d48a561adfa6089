"""How close a batch of uploads comes to what the trackers themselves allow.

    python benchmarks/batch.py [--json] [--releases 10] [--starts 20]

Ten releases go to five trackers of the sandbox, which have request budgets, uploads at
once and answer times like real ones. The bound is when the last answer would arrive if
Herald took no time at all. Everything is real: `manage.py worker`, SQLite, HTTP on
loopback. `--json` ends with one JSON object.
"""

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "demo" / "audio"
TICKS = os.sysconf("SC_CLK_TCK")
LONGEST = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A tracker: its dialect, budget (requests in seconds), and how long it answers."""

    slug: str
    dialect: str
    requests: int
    window: float
    answer: float
    at_once: int = 4

    def bound(self, uploads: int) -> float:
        """Seconds until the last of so many uploads is answered at the earliest."""
        starts: list[float] = []
        for n in range(uploads):
            by_budget = (
                starts[n - self.requests] + self.window if n >= self.requests else 0
            )
            by_places = (
                starts[n - self.at_once] + self.answer if n >= self.at_once else 0
            )
            starts.append(max(by_budget, by_places))
        return starts[-1] + self.answer


SITES = (
    Site(slug="red", dialect="red", requests=10, window=10, answer=2.0),
    Site(slug="red-2", dialect="red", requests=10, window=10, answer=4.0),
    Site(slug="red-3", dialect="red", requests=10, window=10, answer=3.0),
    Site(slug="ops", dialect="ops", requests=5, window=10, answer=2.5),
    Site(slug="ops-2", dialect="ops", requests=5, window=10, answer=1.5),
)


def main() -> None:
    """Read the arguments, set everything up, and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--releases", type=int, default=10)
    parser.add_argument("--starts", type=int, default=20, help="single approvals")
    parser.add_argument("--json", action="store_true", help="end with a JSON line")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="herald-batch-"))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "HERALD_DATA_DIR": str(folder),
        "HERALD_AUDNEXUS_URL": "",
        "HERALD_LOG_LEVEL": "WARNING",
    }
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    try:
        result = measure(folder, arguments.releases, arguments.starts)
    finally:
        shutil.rmtree(folder)
    if arguments.json:
        print(json.dumps(result))


def measure(folder: Path, releases: int, starts: int) -> dict[str, Any]:
    """Everything, from an empty database to the printed figures."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    singles = -(-starts // len(SITES))
    with ExitStack() as stack:
        for site in SITES:
            stack.enter_context(tracker(site))
        print(f"Preparing {singles + releases} releases for {len(SITES)} trackers …")
        ready = prepare(folder, singles + releases)
        worker = stack.enter_context(running_worker(folder))
        delays = start_delays(ready[:singles], starts)
        time.sleep(max(site.window for site in SITES) + 1)  # full budgets again
        before = processor_seconds(worker.pid)
        took = send(ready[singles:])
        spent = processor_seconds(worker.pid) - before
        memory = memory_mib(worker.pid)
    return report(releases, took=took, spent=spent, delays=delays, memory=memory)


def report(
    releases: int, *, took: float, spent: float, delays: list[float], memory: float
) -> dict[str, Any]:
    """Print the figures, and give them by name."""
    count = releases * len(SITES)
    bound = max(site.bound(releases) for site in SITES)
    result = {
        "bound_ratio": round(took / bound, 3),
        "cpu_ms_per_upload": round(spent / count * 1000, 1),
        "start_ms_median": round(statistics.median(delays) * 1000),
        "start_ms_worst": round(max(delays) * 1000),
        "workers_mb": round(memory),
    }
    print(f"{count} uploads took {took:.1f} s; the trackers allow {bound:.1f} s:")
    print(f"  {result['bound_ratio']:.2f} times the bound (wanted: at most 1.2)")
    print(f"  {result['cpu_ms_per_upload']} ms of processor an upload (below 50)")
    print(
        f"  {result['start_ms_median']} ms from the click to the start, median of "
        f"{len(delays)} (below 1000); worst {result['start_ms_worst']} ms"
    )
    print(f"  {result['workers_mb']} MB of memory for all workers together (below 400)")
    return result


@contextmanager
def tracker(site: Site) -> Iterator[None]:
    """A sandbox of its own for this tracker, and the tracker's rows."""
    from trackers.models import Credential, TemplateChoice, Tracker
    from trackers.sandbox import accounts
    from trackers.sandbox.server import SandboxServer
    from trackers.services.seeds import trackers_seed

    server = SandboxServer()
    server.world.faults.add(
        site="*", action="upload", fault="slow", times=None, seconds=site.answer
    )
    server.world.options.limits = False
    server.start()
    trackers_seed(sandbox_url=server.origin)
    row = Tracker.objects.get(slug=site.dialect)
    choices = list(TemplateChoice.objects.filter(tracker=row))
    if row.slug != site.slug:
        row.pk, row.slug, row.name = None, site.slug, site.slug
    row.base_url = f"{server.origin}/{site.dialect}"
    row.announce_url = f"{server.origin}/announce/{site.dialect}/{{passkey}}"
    row.budget_requests, row.budget_seconds = site.requests, int(site.window)
    row.concurrency = site.at_once
    row.save()
    for choice in choices:
        TemplateChoice.objects.get_or_create(
            tracker=row, kind=choice.kind, defaults={"template": choice.template}
        )
    keys = {
        "red": (accounts.RED_KEY, accounts.RED_PASSKEY),
        "ops": (accounts.OPS_TOKEN, accounts.OPS_PASSKEY),
    }
    key, passkey = keys[site.dialect]
    Credential.objects.create(
        tracker=row, label="batch", values={"api_key": key, "passkey": passkey}
    )
    try:
        yield
    finally:
        server.stop()


def prepare(folder: Path, count: int) -> list[int]:
    """So many releases, each a copy of the demo's audiobook under its own name."""
    from releases.models import Library, Release
    from releases.services.ingest import release_create
    from releases.services.prepare import release_prepare

    library = folder / "library"
    book = next(path for path in BOOK.iterdir() if "Time Machine" in path.name)
    Library.objects.create(name="Books", path=str(library))
    made = []
    for number in range(count):
        path = library / book.name.replace("(1895)", f"No. {number} (1895)")
        shutil.copytree(book, path)
        release = release_create(path=str(path))
        release_prepare(release.pk)
        release = Release.objects.get(pk=release.pk)
        if release.state != "ready":
            raise SystemExit(f"{path.name} was not prepared: {release.error}")
        made.append(release.pk)
    return made


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


# --- Measuring -----------------------------------------------------------------------
def start_delays(releases: list[int], count: int) -> list[float]:
    """Seconds from approving one upload until its attempt begins, one after another."""
    from uploads.models import Upload, UploadAttempt
    from uploads.services.approval import release_approve

    delays = []
    rows = Upload.objects.filter(release__in=releases).order_by("tracker_id", "pk")
    for upload in list(rows)[:count]:
        clicked = time.time()
        release_approve(
            release_id=upload.release_id, actor_id=None, upload_ids=[upload.pk]
        )
        attempts = UploadAttempt.objects.filter(upload=upload)
        wait_for(attempts.exists)
        delays.append(attempts.earliest("pk").started_at.timestamp() - clicked)
        wait_for(Upload.objects.filter(pk=upload.pk, status="success").exists)
    return delays


def send(releases: list[int]) -> float:
    """Approve them all; seconds until the last upload has succeeded."""
    from uploads.models import Upload
    from uploads.services.approval import release_approve

    started = time.monotonic()
    for pk in releases:
        release_approve(release_id=pk, actor_id=None)
    waiting = Upload.objects.filter(release__in=releases).exclude(status="success")
    wait_for(lambda: not waiting.exists(), pause=0.1)
    return time.monotonic() - started


def wait_for(check: Any, *, pause: float = 0.02) -> None:
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


if __name__ == "__main__":
    main()
