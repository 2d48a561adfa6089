"""When a page has come to rest: nothing is being loaded, and nothing waits to be done."""

import time

from playwright.sync_api import Page

# Until the page has nothing to do, and has been painted as it is now.
IDLE = """() => new Promise((done) =>
  requestIdleCallback(
    () => requestAnimationFrame(() => requestAnimationFrame(() => done(true))),
    { timeout: 1000 },
  ))"""
QUIET_MS = 50
LONGEST_SECONDS = 3.0


class Traffic:
    """What a page has asked for and not yet got, from when this was made.

    Chromium's own word for it, "networkidle", comes half a second after the last
    answer; a page of Herald is done as soon as it asks for nothing more.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._under_way: set[object] = set()
        self._asked = 0
        page.on("request", self._begun)
        for end in ("requestfinished", "requestfailed"):
            page.on(end, self._ended)

    def _begun(self, request: object) -> None:
        self._under_way.add(request)
        self._asked += 1

    def _ended(self, request: object) -> None:
        self._under_way.discard(request)

    def settle(self) -> None:
        """Wait until it has all it asked for, and asks for nothing more."""
        self._page.wait_for_load_state("load")
        until = time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < until:
            before = self._asked
            self._page.evaluate(IDLE)
            self._page.wait_for_timeout(QUIET_MS)
            if not self._under_way and self._asked == before:
                return
        self._page.wait_for_load_state("networkidle")
