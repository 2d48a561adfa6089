"""Takes the pictures of README.md and docs/tour.md anew.

    .venv/bin/python -m scripts.screenshots [FOLDER]

Runs the demo with a throw-away folder and its own ports, walks through it in Chromium
and writes WebP files to docs/images, or to FOLDER.
"""

import argparse
import base64
import json
import re
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from scripts.chromium import ARGUMENTS, INSTALL, chromium_path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
READY = "Ctrl-C ends it."
PATIENCE_MS = 60_000
LARGEST_BYTES = 250_000
WIDE, NARROW = (1280, 960), (390, 844)
SHARPNESS = 1.5  # pixels of the picture for each of the page
FACES = {
    "dashboard": "",
    "analytics": "analytics/",
    "first-steps": "first-steps/",
    "account": "account/",
}


@dataclass(frozen=True, kw_only=True)
class Demo:
    """Where the running demo answers, and how to get in."""

    herald: str
    sandbox: str
    password: str


@contextmanager
def running_demo() -> Iterator[Demo]:
    """The demo from its first minute, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="herald-") as folder:
        command = [sys.executable, "-m", "scripts.demo", folder]
        with subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                yield _read(process)
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(30)


def _read(process: subprocess.Popen[str]) -> Demo:
    said = ""
    for line in process.stdout or ():
        said += line
        if READY in line:
            break
    found = re.search(
        r"Herald +(\S+)/\nSandbox +(\S+)/\n.*?admin / (\S+)", said, re.DOTALL
    )
    if found is None:
        raise SystemExit(f"The demo did not start:\n{said}")
    return Demo(herald=found[1], sandbox=found[2], password=found[3])


class Camera:
    """A browser window that keeps pictures of what it shows."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, page: Page, name: str) -> None:
        """Keep what is in view. Raises SystemExit when the picture is too large."""
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(700)  # charts and switches end their motion
        view = page.evaluate(
            "({x: 0, y: scrollY, width: innerWidth, height: innerHeight})"
        )
        shot = page.context.new_cdp_session(page).send(
            "Page.captureScreenshot",
            {
                "format": "webp",
                "quality": 80,
                "clip": {**view, "scale": SHARPNESS},
            },
        )
        content = base64.b64decode(shot["data"])
        if len(content) > LARGEST_BYTES:
            raise SystemExit(f"{name} takes {len(content)} bytes; show less.")
        (self._folder / f"{name}.webp").write_bytes(content)
        print(f"{name}: {len(content) // 1000} kB")


def window(browser: Browser, size: tuple[int, int], scheme: str) -> BrowserContext:
    """A fresh profile with that size, in "light" or "dark"."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


def login(page: Page, demo: Demo) -> None:
    """As the demo's admin."""
    page.goto(f"{demo.herald}/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(demo.password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"{demo.herald}/admin/")


def open_release(page: Page, demo: Demo, title: str) -> None:
    """Its page, once it is ready."""
    page.goto(f"{demo.herald}/admin/releases/release/")
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()


def publish(page: Page) -> None:
    """Approve, and wait until every copy seeds."""
    page.get_by_role("button", name="Approve").click()
    seeds(page)


def seeds(page: Page) -> None:
    """Wait until every copy of a release does."""
    live = page.locator(".hd-live")
    expect(live.get_by_text("Confirmed")).to_have_count(2, timeout=PATIENCE_MS)


def plan(demo: Demo, **fault: object) -> None:
    """Let the sandbox treat the next upload in this way."""
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{demo.sandbox}/control/faults",
        data=json.dumps({"action": "upload", **fault}).encode(),
    )
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310 - loopback


def while_sending(page: Page, demo: Demo, camera: Camera) -> None:
    """The queue, while both sites take their time."""
    for site in ("red", "ops"):
        plan(demo, site=site, fault="slow", seconds=8)
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".hd-live")).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{demo.herald}/admin/queue/")
    expect(other.locator("#q-sending li").first).to_be_visible()
    camera.take(other, "queue")
    other.close()


def confirm(page: Page, demo: Demo) -> None:
    """The page that names everything before it is approved."""
    page.goto(f"{demo.herald}/admin/releases/release/")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("approve_chosen")
    page.locator("form#changelist-form button[name=index]").click()
    expect(page.get_by_role("button", name="Approve")).to_be_visible()


def tour(page: Page, demo: Demo, camera: Camera) -> None:
    """The faces that need no more than looking."""
    for name, path in FACES.items():
        page.goto(f"{demo.herald}/admin/{path}")
        camera.take(page, name)


def walk(browser: Browser, demo: Demo, camera: Camera) -> None:
    """From the inbox to the charts."""
    page = window(browser, WIDE, "light").new_page()
    login(page, demo)
    open_release(page, demo, "The Time Machine")
    camera.take(page, "release-light")
    for name, size in (("release-dark", WIDE), ("release-narrow", NARROW)):
        other = window(browser, size, "dark").new_page()
        login(other, demo)
        open_release(other, demo, "The Time Machine")
        camera.take(other, name)
        other.context.close()
    page.locator(".hd-tabs a[href='#metadata']").click()
    camera.take(page, "metadata")
    page.goto(f"{demo.herald}/admin/releases/release/")
    camera.take(page, "inbox")
    confirm(page, demo)
    camera.take(page, "confirm")

    # Redacted stores the next upload and says nothing.
    plan(demo, site="red", fault="drop-after")
    open_release(page, demo, "A Tale of Two Cities")
    publish(page)
    row = page.locator(".hd-live tr", has_text="Redacted")
    row.get_by_role("link", name="Details").click()
    camera.take(page, "upload")

    open_release(page, demo, "The Time Machine")
    while_sending(page, demo, camera)
    seeds(page)
    camera.take(page, "published")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="On the tracker").first.click()
    opened.value.evaluate("window.scrollTo(0, 900)")  # past the cover
    camera.take(opened.value, "sandbox")
    tour(page, demo, camera)


def main() -> int:
    """The command line described at the top of this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=IMAGES)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    program = chromium_path()
    if program is None:
        print(INSTALL)
        return 1
    with running_demo() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=list(ARGUMENTS)
        )
        walk(browser, demo, Camera(folder))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
