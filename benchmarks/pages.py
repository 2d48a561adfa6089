"""How long the server takes for each page and list of a large Herald.

    python benchmarks/pages.py [--releases N --uploads N --attempts N] [--times 100]

A throw-away PostgreSQL is filled with made-up rows (`manage.py seed_load`). Each page is
then asked for in this process, through Django's test client with the settings for real
use: middleware, session, views, queries and templates, but neither gunicorn nor a
network. DATABASE_URL names a PostgreSQL that is filled already; nothing is filled then.
Prints for each page its queries, the time they took, the median, and the time that 99 of
100 answers stay below.
"""

import argparse
import io
import os
import secrets
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack, redirect_stdout
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.services import postgresql  # noqa: E402 - found by the line above

LIMIT_MS = 100.0


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


def pages() -> dict[str, str]:
    """Name → address of everything that is measured."""
    from django.db.models import Min
    from django.utils.timezone import localdate

    from releases.models import Release
    from trackers.models import TemplateVersion, Tracker
    from uploads.models import Approval, Upload

    tracker = Tracker.objects.order_by("pk")[0]
    version = TemplateVersion.objects.order_by("-pk")[0].pk
    person = Approval.objects.aggregate(first=Min("actor_id"))["first"]
    release = Release.objects.filter(state="published").order_by("-pk")[0].pk
    ready = Release.objects.filter(state="ready").order_by("-pk")[0].pk
    upload = Upload.objects.filter(status="success").order_by("-pk")[0].pk
    month = localdate() - timedelta(days=200)
    days = f"{month}&started_at_to={month + timedelta(days=6)}"
    attempts, uploads = "/admin/uploads/uploadattempt/", "/admin/uploads/upload/"
    figures = "/admin/analytics/"
    found = {
        "dashboard": "/admin/",
        "release page, published": f"/admin/releases/release/{release}/change/",
        "release page, to review": f"/admin/releases/release/{ready}/change/",
        "upload page": f"{uploads}{upload}/change/",
        "attempts": attempts,
        "attempts, page 1000": f"{attempts}?p=1000",
        "attempts, searched": f"{attempts}?q=River",
        "attempts, searched for one": f"{attempts}?q=River+77",
        "attempts, failed": f"{attempts}?result=failed",
        "attempts, by error": f"{attempts}?error=tracker_auth",
        "attempts, by person": f"{attempts}?person={person}",
        "attempts, by version": f"{attempts}?version={version}",
        "attempts, a week's failures": f"{attempts}?tracker__id__exact={tracker.pk}"
        f"&result=failed&started_at_from={days}",
        "attempts, settled": f"{attempts}?settled=found&settled_from={month}",
        "uploads": uploads,
        "uploads, page 1000": f"{uploads}?p=1000",
        "uploads, searched": f"{uploads}?q=River",
        "uploads, searched for one": f"{uploads}?q=River+77",
        "uploads, failed": f"{uploads}?status__exact=failed",
        "uploads, questions": f"{uploads}?question=yes",
        "uploads, by tracker": f"{uploads}?tracker__id__exact={tracker.pk}",
        "uploads, by kind": f"{uploads}?kind__exact=other",
        "uploads, proven": f"{uploads}?seeding_confirmed_at_from={month}",
        "approvals": "/admin/uploads/approval/",
        "approvals, page 1000": "/admin/uploads/approval/?p=1000",
        "approvals, searched": "/admin/uploads/approval/?q=River",
        "events": "/admin/uploads/uploadevent/",
        "events, page 1000": "/admin/uploads/uploadevent/?p=1000",
        "troubles": "/admin/uploads/trouble/",
        "releases": "/admin/releases/release/",
        "releases, page 1000": "/admin/releases/release/?p=1000",
        "releases, searched": "/admin/releases/release/?q=River",
        "releases, ready": "/admin/releases/release/?state__exact=ready",
        "metadata answers": "/admin/releases/metadatarecord/",
        "trackers": "/admin/trackers/tracker/",
        "tracker page": f"/admin/trackers/tracker/{tracker.pk}/change/",
        "credentials": "/admin/trackers/credential/",
        "templates": "/admin/trackers/template/",
        **{
            f"analytics, {period}": f"{figures}?period={period}"
            for period in ("7", "30", "90", "365", "all")
        },
        "analytics, one person": f"{figures}?period=365&person={person}",
        "analytics, one version": f"{figures}?period=all&version={version}",
        "analytics, one kind": f"{figures}?period=all&kind=audiobook",
        "analytics, each tracker": f"{figures}?period=90&split=1",
        "analytics, JSON": f"{figures}?period=all&format=json",
    }
    for name, path in {
        "releases": "releases/",
        "releases, searched": "releases/?search=River",
        "uploads": "uploads/",
        "uploads, page 1000": "uploads/?page=1000",
        "uploads, failed": "uploads/?status=failed",
        "attempts of one": f"uploads/{upload}/attempts/",
        "trackers": "trackers/",
        "templates": "templates/",
        "figures by tracker": "analytics/trackers/?period=all",
        "figures, history": "analytics/history/?period=all",
        "figures, errors": "analytics/errors/?period=all",
        "figures by template": "analytics/templates/?period=all",
    }.items():
        found[f"API {name}"] = f"/api/{path}"
    return found


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
    print(f"{'page':<30} {'queries':>7} {'in ms':>7} {'median':>7} {'p99 ms':>7}")
    slow = 0
    for name, url in pages().items():
        if only not in name:
            continue
        spent: list[float] = []

        def note(execute: Any, *given: Any, spent: list[float] = spent) -> Any:
            began = time.perf_counter()
            try:
                return execute(*given)
            finally:
                spent.append(time.perf_counter() - began)

        status = client.get(url).status_code
        if status != 200:
            sys.exit(f"{name}: {url} answers {status}.")
        with connection.execute_wrapper(note):
            client.get(url)
        took = []
        for _ in range(times):
            began = time.perf_counter()
            client.get(url)
            took.append(1000 * (time.perf_counter() - began))
        high = sorted(took)[max(0, round(0.99 * times) - 1)]
        slow += high >= LIMIT_MS
        mark = "" if high < LIMIT_MS else f"  over {LIMIT_MS:.0f}"
        print(
            f"{name:<30} {len(spent):>7} {1000 * sum(spent):>7.1f} "
            f"{statistics.median(took):>7.1f} {high:>7.1f}{mark}",
            flush=True,
        )
    print(f"\n{slow} pages over the limit of {LIMIT_MS:.0f} ms.")


if __name__ == "__main__":
    main()
