"""A browser in front of real pages: Chromium, the live server, and what it complains of."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    expect,
    sync_playwright,
)

from releases.models import TorrentClient
from releases.services.clients import client_password
from scripts.chromium import ARGUMENTS, INSTALL, chromium_path
from tests import factories
from tests.admin_pages import rows_of_everything
from tests.browser.seeing import Eye
from tests.browser.settling import Traffic
from tests.prepared import Prepared
from tests.publishing import Desk
from tests.qbittorrent import QBittorrent, missing
from tests.sandbox import SandboxControl

# The browser's event loop runs in the thread of the test, which also asks the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
PASSWORD = "correct horse"
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process drives the browser; two would only wait for each other."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of the system; nothing is downloaded."""
    program = chromium_path()
    if program is None:
        missing(INSTALL)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=program, args=list(ARGUMENTS)
        )
        yield running
        running.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile."""
    fresh = browser.new_context(viewport={"width": 1280, "height": 900})
    fresh.set_default_timeout(PATIENCE_MS)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A window of that profile."""
    return context.new_page()


@dataclass
class Complaints:
    """What a page did that it should not; empty when all is well."""

    lines: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page of the context."""
        context.on("console", self._console)
        context.on(
            "weberror", lambda error: self.lines.append(f"script: {error.error}")
        )
        context.on("request", lambda request: self._asked(request.url))
        context.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.lines.append(f"console: {message.text}")

    def _asked(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "http://localhost:", "data:")):
            self.lines.append(f"left this machine: {url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.lines.append(f"{response.status}: {response.url}")


@pytest.fixture
def complaints(context: BrowserContext) -> Iterator[Complaints]:
    """Fails the test when a page logs an error, asks another machine or breaks."""
    found = Complaints()
    found.watch(context)
    yield found
    assert found.lines == []


class Visitor:
    """A person at the browser."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin
        self._traffic = Traffic(page)

    def enter(self, user: User) -> None:
        """With a session that began elsewhere; no page is open yet."""
        agent = self.page.evaluate("navigator.userAgent")
        elsewhere = Client(headers={"user-agent": agent})
        login = {"username": user.username, "password": PASSWORD}
        answer = elsewhere.post("/admin/login/", login)
        assert answer.status_code == 302, "the name and the password are right"
        session = elsewhere.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": session,
                    "url": self.origin,
                }
            ]
        )

    def login(self, user: User) -> None:
        """Through the login page, as anybody would."""
        self.page.goto(f"{self.origin}/")
        self.page.get_by_label("Username").fill(user.username)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Log in").click()
        self.page.wait_for_url(f"{self.origin}/admin/")

    def open(self, path: str) -> None:
        """A page of the admin, by its path below /admin/."""
        self.page.goto(f"{self.origin}/admin/{path}")

    def tab(self, name: str) -> None:
        """A tab of a long page, by its anchor."""
        self.page.locator(f".hd-tabs a[href='#{name}']").click()

    def press(self, name: str) -> None:
        """A button, by its whole name; waits for what follows."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.settle()

    def settle(self) -> None:
        """Wait until the page has all it asked for."""
        self._traffic.settle()

    def text(self, selector: str = "main") -> str:
        """What can be read there."""
        return self.page.locator(selector).first.inner_text()


@pytest.fixture
def visitor(
    page: Page, live_server, complaints: Complaints, transactional_db: None
) -> Visitor:
    """A browser window before the login page."""
    return Visitor(page, live_server.url)


@pytest.fixture
def approver(visitor: Visitor) -> Visitor:
    """Somebody who may prepare and approve, logged in."""
    visitor.enter(factories.UserFactory(username="pat", role="approver"))
    return visitor


@pytest.fixture
def shop(
    transactional_db: None,
    prepared_rows: Prepared,
    sandbox: SandboxControl,
    tmp_path: Path,
    settings,
) -> Desk:
    """Both trackers, a library with the demo's audio, and Audnexus in the sandbox."""
    settings.AUDNEXUS_URL = sandbox.url("audnexus")
    return prepared_rows.desk(sandbox, tmp_path)


@pytest.fixture
def seeding_shop(shop: Desk, qbittorrent: QBittorrent) -> Desk:
    """The same, with a real torrent client behind the library."""
    client = TorrentClient.objects.create(
        name="qBittorrent", url=qbittorrent.url, username=qbittorrent.username
    )
    client_password(client, qbittorrent.password)
    shop.library.torrent_client = client
    shop.library.save()
    return shop


@pytest.fixture
def eye(page: Page) -> Iterator[Eye]:
    """Looks at the window closely; fails the test when anything was wrong there."""
    found = Eye(page)
    yield found
    assert not found.wrong, found.told()


@pytest.fixture
def owner(transactional_db: None) -> User:
    """Somebody who may do everything."""
    made: User = factories.UserFactory(username="owner", is_superuser=True)
    return made


@pytest.fixture
def rows(owner: User, tmp_path: Path) -> dict[str, int]:
    """A row of every model, the owner's where it is somebody's."""
    made: dict[str, int] = rows_of_everything(tmp_path, owner)
    return made


@pytest.fixture
def root(page: Page, live_server, owner: User) -> Visitor:
    """The owner, logged in; pages may answer with errors."""
    found = Visitor(page, live_server.url)
    found.enter(owner)
    return found
