"""How close a batch of uploads comes to what the trackers themselves allow.

    python benchmarks/batch.py [--json] [--releases 10] [--starts 20] [--at-once 40]

Ten releases go to five trackers of the sandbox, which have request budgets, uploads at
once and answer times like real ones. The trackers were asked for duplicates before: that
happens long before anybody approves, and never while uploads want the budget. The bound
is when the last answer would arrive if Herald took no time at all. Then as many uploads
as are asked for are under way at once.
Everything is real: `manage.py worker` with the settings for real use, SQLite, HTTP on
loopback. `--json` ends with one JSON object.
"""

import argparse
import io
import json
import os
import secrets
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks._trackers import SITES, answer_after, tracker  # noqa: E402
from benchmarks._workers import (  # noqa: E402 - found by the line above
    memory_mib,
    processor_seconds,
    running_worker,
    wait_for,
)

BOOK = ROOT / "demo" / "audio"
CROWD_ANSWER = 6.0  # seconds, so that the first is there when the last begins


def main() -> None:
    """Read the arguments, set everything up, and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--releases", type=int, default=10)
    parser.add_argument("--starts", type=int, default=20, help="single approvals")
    parser.add_argument("--at-once", type=int, default=40, help="uploads in flight")
    parser.add_argument("--json", action="store_true", help="end with a JSON line")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="herald-batch-"))
    os.environ |= {
        # Not those for developing: they keep every statement, quoted for people.
        "DJANGO_SETTINGS_MODULE": "config.settings.prod",
        "HERALD_DATA_DIR": str(folder),
        "HERALD_MASTER_KEY_FILE": str(folder / "master.key"),
        "HERALD_SECRET_KEY": secrets.token_urlsafe(50),
        "HERALD_HTTPS": "false",
        "HERALD_AUDNEXUS_URL": "",
        "HERALD_LOG_LEVEL": "WARNING",
    }
    import django

    django.setup()
    try:
        result = measure(
            folder, arguments.releases, arguments.starts, at_once=arguments.at_once
        )
    finally:
        shutil.rmtree(folder)
    if arguments.json:
        print(json.dumps(result))


def measure(
    folder: Path, releases: int, starts: int, *, at_once: int
) -> dict[str, Any]:
    """Everything, from an empty database to the printed figures."""
    from django.core.management import call_command

    key = os.environ["HERALD_MASTER_KEY_FILE"]
    call_command("generate_key", "--file", key, stdout=io.StringIO())
    call_command("migrate", verbosity=0)
    singles, crowd = -(-starts // len(SITES)), -(-at_once // len(SITES))
    pause = max(site.window for site in SITES) + 1
    with ExitStack() as stack:
        worlds = [stack.enter_context(tracker(site)) for site in SITES]
        count = singles + releases + crowd
        print(f"Preparing {count} releases for {len(SITES)} trackers …")
        ready = prepare(folder, count)
        worker = stack.enter_context(running_worker(folder))
        be_asked_for_duplicates()
        delays = start_delays(ready[:singles], starts)
        before = processor_seconds(worker.pid)
        time.sleep(pause)  # full budgets again
        idle = (processor_seconds(worker.pid) - before) / pause
        before = processor_seconds(worker.pid)
        took = send(ready[singles : singles + releases])
        spent = processor_seconds(worker.pid) - before
        memory = memory_mib(worker.pid)
        for world in worlds:
            answer_after(world, CROWD_ANSWER)
        most, crowded = in_flight(ready[singles + releases :], worker.pid)
    bound = max(site.bound(releases) for site in SITES)
    uploads = releases * len(SITES)
    return report(
        {
            "bound_ratio": round(took / bound, 3),
            "cpu_ms_per_upload": round(spent / uploads * 1000, 1),
            "cpu_ms_of_idling": round(idle * took / uploads * 1000, 1),
            "start_ms_median": round(statistics.median(delays) * 1000),
            "start_ms_worst": round(max(delays) * 1000),
            "workers_mb": round(memory),
            "in_flight": most,
            "in_flight_mb": round(crowded),
        },
        f"{uploads} uploads took {took:.1f} s; the trackers allow {bound:.1f} s:",
        len(delays),
    )


def report(result: dict[str, Any], title: str, starts: int) -> dict[str, Any]:
    """Print the figures."""
    print(title)
    print(f"  {result['bound_ratio']:.2f} times the bound (wanted: at most 1.2)")
    print(
        f"  {result['cpu_ms_per_upload']} ms of processor an upload (below 50), of "
        f"which {result['cpu_ms_of_idling']} ms are what idle workers use in that time"
    )
    print(
        f"  {result['start_ms_median']} ms from the click to the start, median of "
        f"{starts} (below 1000); worst {result['start_ms_worst']} ms"
    )
    print(
        f"  {result['workers_mb']} MB of memory for all workers together, and "
        f"{result['in_flight_mb']} MB with {result['in_flight']} in flight (below 400)"
    )
    return result


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


def be_asked_for_duplicates() -> None:
    """Have the drafts looked up before any is approved, and not on the budgets' cost."""
    from trackers.models import RequestBudget, Tracker
    from uploads.models import DuplicateSearch

    Tracker.objects.update(budget_requests=1000)
    wait_for(lambda: not DuplicateSearch.objects.filter(checked_at=None).exists())
    for site in SITES:
        Tracker.objects.filter(slug=site.slug).update(budget_requests=site.requests)
    RequestBudget.objects.update(spent=[])


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


def in_flight(releases: list[int], worker: int) -> tuple[int, float]:
    """Send all of them at once: the most that were under way, and the memory then."""
    from trackers.models import RequestBudget, Tracker
    from uploads.models import Upload
    from uploads.services.approval import release_approve

    Tracker.objects.update(concurrency=len(releases), budget_requests=1000)
    RequestBudget.objects.update(spent=[])
    for pk in releases:
        release_approve(release_id=pk, actor_id=None)
    rows = Upload.objects.filter(release__in=releases)
    most, memory = 0, 0.0

    def over() -> bool:
        nonlocal most, memory
        now = rows.filter(status="uploading", attempts__phase="sending").count()
        most, memory = max(most, now), max(memory, memory_mib(worker))
        return not rows.exclude(status="success").exists()

    wait_for(over, pause=0.1)
    return most, memory


if __name__ == "__main__":
    main()
