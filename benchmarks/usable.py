"""How long a browser takes until a page of a large Herald can be used.

    python benchmarks/usable.py [--releases N --uploads N --attempts N] [--times 10]

A throw-away PostgreSQL is filled as by pages.py, or DATABASE_URL names one that is. The
web server is that of real use: gunicorn with two processes, settings for production,
static files from whitenoise. Chromium opens each page with nothing in its cache, then
once more as somebody who works with it. A page counts as usable once its DOM is ready
and its content (not only the frame around it) is painted; charts, once they answer
clicks. Prints the first byte, the DOM and the usable page, and the slowest of all first
visits against the limit of two seconds.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.pages import (
    ROOT,
    fill,
    start_django,
)
from scripts.chromium import ARGUMENTS, INSTALL, chromium_path
from scripts.services import free_port, postgresql

LIMIT_MS = 2000.0
START_SECONDS = 60.0
# The settings for real use, and static files beside the made-up data.
SETTINGS = """
from config.settings.prod import *
STATIC_ROOT = DATA_DIR / "static"
"""
ROWS = "#result_list tbody tr"
# Notes when the first element that fits was painted: one frame after it has a place.
WATCH = """
(() => {
  const look = () => {
    const found = document.querySelector(%r);
    if (found && found.getClientRects().length) {
      requestAnimationFrame(() => { window.heraldSeen = performance.now(); });
    } else {
      requestAnimationFrame(look);
    }
  };
  look();
})();
"""
TIMES = """
() => {
  const [page] = performance.getEntriesByType("navigation");
  return [page.responseStart, page.domContentLoadedEventEnd, window.heraldSeen];
}
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """Milliseconds since the navigation began."""

    first_byte: float
    dom: float
    seen: float

    @property
    def usable(self) -> float:
        """When both the DOM and the content were there."""
        return max(self.dom, self.seen)


def pages() -> dict[str, tuple[str, str]]:
    """Name → address, and what its content is."""
    from releases.models import Release

    ready = Release.objects.filter(state="ready").order_by("-pk")[0].pk
    return {
        "dashboard": ("/admin/", ".hb-cards .hb-card"),
        "inbox": ("/admin/releases/release/", ROWS),
        "inbox, ready": ("/admin/releases/release/?state__exact=ready", ROWS),
        "review": (f"/admin/releases/release/{ready}/change/", ".hd-page"),
        "queue": ("/admin/queue/", ".hd-page section"),
        "analytics, 30": (
            "/admin/analytics/?period=30",
            ".ha-figure canvas[data-ready]",
        ),
        "analytics, all": (
            "/admin/analytics/?period=all",
            ".ha-figure canvas[data-ready]",
        ),
        "uploads": ("/admin/uploads/upload/", ROWS),
        "uploads, searched": ("/admin/uploads/upload/?q=River", ROWS),
        "attempts": ("/admin/uploads/uploadattempt/", ROWS),
    }


def main() -> None:
    """Fill a database, start the server, open every page, print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--releases", type=int, default=100_000)
    parser.add_argument("--uploads", type=int, default=500_000)
    parser.add_argument("--attempts", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--only", default="", help="Pages with this in their name.")
    given = parser.parse_args()
    program = chromium_path()
    if program is None:
        sys.exit(INSTALL)
    from playwright.sync_api import sync_playwright

    with ExitStack() as stack:
        filled = bool(os.environ.get("DATABASE_URL"))
        if not filled:
            os.environ["DATABASE_URL"] = stack.enter_context(postgresql())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        start_django(folder)
        if not filled:
            fill(given)
        # Asked here: in the browser's loop nobody may ask the database.
        wanted, cookie = pages(), session()
        address = stack.enter_context(server(folder))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=program, args=list(ARGUMENTS)
        )
        chosen = {name: one for name, one in wanted.items() if given.only in name}
        measure(browser, address, cookie, chosen, given.times)
        browser.close()


def session() -> str:
    """The session of somebody who may do everything."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client

    root, _ = User.objects.get_or_create(
        username="made-up-root", defaults={"is_superuser": True, "is_staff": True}
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(root)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The web server as the image starts it; gives its address."""
    (folder / "usable_settings.py").write_text(SETTINGS)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "usable_settings",
        "PYTHONPATH": str(folder),
    }
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"],
        cwd=ROOT,
        env=environment,
        check=True,
    )
    port = free_port()
    with (
        (folder / "web.log").open("wb") as log,
        subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "config.wsgi"),
                *("--bind", f"127.0.0.1:{port}", "--no-control-socket"),
                *("--worker-class", "gthread", "--workers", "2", "--threads", "8"),
            ],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        ) as process,
    ):
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", process)
            yield f"http://localhost:{port}"
        finally:
            process.terminate()
            process.wait(30)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until the server answers. Ends the program when it never does."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5):  # noqa: S310
            return
        time.sleep(0.2)
    sys.exit("The web server did not start.")


def measure(
    browser: Any,
    address: str,
    cookie: str,
    wanted: dict[str, tuple[str, str]],
    times: int,
) -> None:
    """Open each page so many times, with and without a cache."""
    print(
        f"{'page':<22} {'first byte':>10} {'DOM':>7} {'usable':>7} {'slowest':>8} "
        f"{'again':>7} {'slowest':>8}   ms"
    )
    slow = 0
    for name, (path, content) in wanted.items():
        first: list[Visit] = []
        again: list[Visit] = []
        for _ in range(times):
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            context.add_cookies(
                [{"name": "sessionid", "value": cookie, "url": address}]
            )
            context.add_init_script(WATCH % content)
            page = context.new_page()
            for visits in (first, again):
                visits.append(visit(page, f"{address}{path}"))
                page.goto("about:blank")
            context.close()
        worst = max(one.usable for one in first)
        slow += worst >= LIMIT_MS
        print(
            f"{name:<22} {middle(first, 'first_byte'):>10.0f} "
            f"{middle(first, 'dom'):>7.0f} {middle(first, 'usable'):>7.0f} "
            f"{worst:>8.0f} {middle(again, 'usable'):>7.0f} "
            f"{max(one.usable for one in again):>8.0f}"
            f"{'' if worst < LIMIT_MS else '  over'}",
            flush=True,
        )
    print(f"\n{slow} pages over the limit of {LIMIT_MS:.0f} ms.")


def visit(page: Any, url: str) -> Visit:
    """Open a page and wait until it can be used."""
    page.goto(url, wait_until="load")
    page.wait_for_function("window.heraldSeen !== undefined")
    return Visit(*page.evaluate(TIMES))


def middle(visits: list[Visit], what: str) -> float:
    """The median of one of the times."""
    return float(statistics.median(getattr(one, what) for one in visits))


if __name__ == "__main__":
    main()
