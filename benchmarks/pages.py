"""How long the server takes for each page and list of a large Herald.

    python benchmarks/pages.py [--releases N --uploads N --attempts N] [--times 100]

A throw-away PostgreSQL is filled with made-up rows (`manage.py seed_load`). Each page is
then asked for in this process, through Django's test client with the settings for real
use: middleware, session, views, queries and templates, but neither gunicorn nor a
network. A time ends when the answer is complete: looking for garbage comes after that. DATABASE_URL names a PostgreSQL that is filled already; nothing is filled then.
Prints for each page its queries, the time they took, the processor time of this process,
the median, and the time that 99 of 100 answers stay below.
"""

import argparse
import io
import os
import secrets
import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import Mapping
from contextlib import ExitStack, redirect_stdout
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks._filters import INBOX, filtered  # noqa: E402 - found by the line above
from scripts.services import postgresql  # noqa: E402

Form = tuple[str, dict[str, Any]]
LIMIT_MS = 100.0
ANSWERED: deque[float] = deque(maxlen=1)
RELEASES = "/admin/releases/release/"
ATTEMPTS, UPLOADS = "/admin/uploads/uploadattempt/", "/admin/uploads/upload/"
FIGURES = "/admin/analytics/"
LONG_LISTS = {
    "attempts": ATTEMPTS,
    "uploads": UPLOADS,
    "approvals": "/admin/uploads/approval/",
    "events": "/admin/uploads/uploadevent/",
    "releases": RELEASES,
}
OTHER_LISTS = {
    "troubles": "/admin/uploads/trouble/",
    "metadata answers": "/admin/releases/metadatarecord/",
    "trackers": "/admin/trackers/tracker/",
    "credentials": "/admin/trackers/credential/",
    "templates": "/admin/trackers/template/",
}
API = {
    "releases": "releases/",
    "releases, searched": "releases/?search=River",
    "uploads": "uploads/",
    "uploads, failed": "uploads/?status=failed",
    "trackers": "trackers/",
    "templates": "templates/",
    "figures by tracker": "analytics/trackers/?period=all",
    "figures, history": "analytics/history/?period=all",
    "figures, errors": "analytics/errors/?period=all",
    "figures by template": "analytics/templates/?period=all",
}


def main() -> None:
    """Fill a database, ask for every page, print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--releases", type=int, default=100_000)
    parser.add_argument("--uploads", type=int, default=500_000)
    parser.add_argument("--attempts", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--only", default="", help="Pages with this in their name.")
    given = parser.parse_args()
    with ExitStack() as stack:
        filled = bool(os.environ.get("DATABASE_URL"))
        if not filled:
            os.environ["DATABASE_URL"] = stack.enter_context(postgresql())
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        start_django(Path(folder))
        if not filled:
            fill(given)
        measure(given.times, given.only)


def start_django(folder: Path) -> None:
    """The settings for real use, with made-up keys."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings.prod",
        HERALD_DATA_DIR=str(folder),
        HERALD_SECRET_KEY=secrets.token_urlsafe(50),
        HERALD_MASTER_KEY=f"bench:{'A' * 43}=",
        HERALD_HTTPS="no",
        HERALD_LOG_LEVEL="ERROR",
    )
    import django
    from django.conf import settings

    django.setup()
    # What collectstatic would have made: here nothing asks for it.
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        },
    }
    settings.REST_FRAMEWORK = {
        **settings.REST_FRAMEWORK,
        "DEFAULT_THROTTLE_CLASSES": [],
    }
    from django.core.signals import request_finished

    # Before those that the web server connects.
    request_finished.connect(note_answer, weak=False)
    # Loads the pages as the web server does, and keeps its connection.
    import_module("config.wsgi")


def note_answer(**_: Any) -> None:
    """Keep the moment in which an answer is complete."""
    ANSWERED.append(time.perf_counter())


def fill(given: argparse.Namespace) -> None:
    """Make the tables and the rows."""
    from django.core.management import call_command

    began = time.monotonic()
    with redirect_stdout(io.StringIO()):
        call_command("migrate", verbosity=0)
    call_command(
        "seed_load",
        "--yes-fill-this-database",
        *("--releases", str(given.releases)),
        *("--uploads", str(given.uploads)),
        *("--attempts", str(given.attempts)),
    )
    print(f"Filled in {time.monotonic() - began:.0f} s.\n")


def pages() -> Mapping[str, str | Form]:
    """Name → address of everything that is measured, or what is sent there."""
    from django.utils.timezone import localdate

    from releases.models import Release
    from trackers.models import TemplateVersion, Tracker
    from uploads.models import Upload

    ids = {
        "release": Release.objects.filter(state="published").order_by("-pk")[0].pk,
        "tracker": Tracker.objects.order_by("pk")[0].pk,
        "version": TemplateVersion.objects.order_by("-pk")[0].pk,
        "upload": Upload.objects.filter(status="success").order_by("-pk")[0].pk,
        "person": Upload.objects.exclude(approved_by=None)[0].approved_by_id,
    }
    since = localdate() - timedelta(days=200)
    found = {
        **faces(ids),
        **single_pages(ids),
        **lists(ids, f"{since}", f"{since + timedelta(days=6)}"),
        **filtered(since, ids),
        **{
            f"analytics, {period}": f"{FIGURES}?period={period}"
            for period in ("7", "30", "90", "365", "all")
        },
        "analytics, one person": f"{FIGURES}?period=365&person={ids['person']}",
        "analytics, one version": f"{FIGURES}?period=all&version={ids['version']}",
        "analytics, one kind": f"{FIGURES}?period=all&kind=audiobook",
        "analytics, each tracker": f"{FIGURES}?period=90&split=1",
        "analytics, JSON": f"{FIGURES}?period=all&format=json",
    }
    api = {**API, "attempts of one": f"uploads/{ids['upload']}/attempts/"}
    return found | {f"API {name}": f"/api/{path}" for name, path in api.items()}


def faces(ids: dict[str, Any]) -> dict[str, str | Form]:
    """The pages of daily work, and the inbox in every way of looking at it."""
    from releases.models import Release

    ready = Release.objects.filter(state="ready").order_by("-pk")[:100]
    chosen = [str(pk) for pk in ready.values_list("pk", flat=True)]
    form = {"action": "approve_chosen", "_selected_action": chosen, "index": "0"}
    return {
        "dashboard": "/admin/",
        "queue": "/admin/queue/",
        "queue, page 5": "/admin/queue/?waiting=5",
        "first steps": "/admin/first-steps/",
        "history of a release": f"{RELEASES}{ids['release']}/history/",
        "history of a person": f"/admin/auth/user/{ids['person']}/history/",
        "bulk approval of 100": (RELEASES, form),
        **{f"inbox, {name}": f"{RELEASES}?{query}" for name, query in INBOX.items()},
    }


def single_pages(ids: dict[str, Any]) -> dict[str, str]:
    """Pages of one row."""
    from releases.models import Release

    newest = {
        state: Release.objects.filter(state=state).order_by("-pk")[0].pk
        for state in ("published", "ready")
    }
    return {
        "release page, published": f"{RELEASES}{newest['published']}/change/",
        "release page, to review": f"{RELEASES}{newest['ready']}/change/",
        "upload page": f"{UPLOADS}{ids['upload']}/change/",
        "tracker page": f"/admin/trackers/tracker/{ids['tracker']}/change/",
    }


def lists(ids: dict[str, Any], since: str, week: str) -> dict[str, str]:
    """The lists that grow: plain, deep, searched and filtered; and the others."""
    days = f"started_at_from={since}&started_at_to={week}"
    tracker = f"tracker__id__exact={ids['tracker']}"
    found = {
        "attempts, failed": f"{ATTEMPTS}?result=failed",
        "attempts, by error": f"{ATTEMPTS}?error=tracker_auth",
        "attempts, by person": f"{ATTEMPTS}?person={ids['person']}",
        "attempts, by version": f"{ATTEMPTS}?version={ids['version']}",
        "attempts, a week's failures": f"{ATTEMPTS}?{tracker}&result=failed&{days}",
        "attempts, settled": f"{ATTEMPTS}?settled=found&settled_from={since}",
        "uploads, failed": f"{UPLOADS}?status__exact=failed",
        "uploads, questions": f"{UPLOADS}?question=yes",
        "uploads, by tracker": f"{UPLOADS}?{tracker}",
        "uploads, by kind": f"{UPLOADS}?kind__exact=other",
        "uploads, proven": f"{UPLOADS}?seeding_confirmed_at_from={since}",
        "releases, ready": f"{RELEASES}?state__exact=ready",
    }
    for name, url in LONG_LISTS.items():
        found |= {
            name: url,
            f"{name}, page 1000": f"{url}?p=1000",
            f"{name}, searched": f"{url}?q=River",
            f"{name}, searched for one": f"{url}?q=River+77",
        }
    return found | OTHER_LISTS


def measure(times: int, only: str) -> None:
    """Ask for each page so many times."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client

    root, _ = User.objects.get_or_create(
        username="made-up-root", defaults={"is_superuser": True, "is_staff": True}
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(root)
    print(
        f"{'page':<40} {'queries':>7} {'in ms':>7} {'CPU ms':>7} {'median':>7} {'p99 ms':>7}"
    )
    slow = 0
    for name, where in pages().items():
        if only not in name:
            continue
        spent: list[float] = []

        def note(execute: Any, *given: Any, spent: list[float] = spent) -> Any:
            began = time.perf_counter()
            try:
                return execute(*given)
            finally:
                spent.append(time.perf_counter() - began)

        def ask(where: str | Form = where) -> Any:
            return client.get(where) if isinstance(where, str) else client.post(*where)

        status = ask().status_code
        if status != 200:
            sys.exit(f"{name}: {where} answers {status}.")
        with connection.execute_wrapper(note):
            ask()
        took = []
        busy = time.process_time()
        for _ in range(times):
            began = time.perf_counter()
            ask()
            took.append(1000 * (ANSWERED[0] - began))
        busy = 1000 * (time.process_time() - busy) / times
        high = sorted(took)[max(0, round(0.99 * times) - 1)]
        slow += high >= LIMIT_MS
        mark = "" if high < LIMIT_MS else f"  over {LIMIT_MS:.0f}"
        print(
            f"{name:<40} {len(spent):>7} {1000 * sum(spent):>7.1f} "
            f"{busy:>7.1f} {statistics.median(took):>7.1f} {high:>7.1f}{mark}",
            flush=True,
        )
    print(f"\n{slow} pages over the limit of {LIMIT_MS:.0f} ms.")


if __name__ == "__main__":
    main()
