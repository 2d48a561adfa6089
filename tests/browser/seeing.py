"""Looks at a page wide and narrow, light and dark: what axe-core says, and what fits."""

from pathlib import Path
from typing import Literal

import axe_playwright_python
from playwright.sync_api import Page, ViewportSize

from tests.browser.settling import Traffic

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
RUN = (
    """(rules) => axe.run(document, { resultTypes: ["violations"], runOnly: rules })"""
)
# Judged by what stands in the guidelines, levels A and AA.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
# Those of them that look at colours.
COLOURS = ["color-contrast", "link-in-text-block"]
# Whether the page is, but for its colours, what it was when this was asked last: the
# same elements with the same attributes, seen and unseen, in the same places.
SAME = """() => {
  const place = (one) => {
    if (!one.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
      return "";
    const { x, y, width, height } = one.getBoundingClientRect();
    return [x, y, width, height].map(Math.round).join();
  };
  const body = document.body;
  const now = body.outerHTML + [...body.querySelectorAll("*")].map(place).join(";");
  const same = now === window.lookedAt;
  window.lookedAt = now;
  return same;
}"""
# Colours change softly and parts slide in; here they do it at once. Resolves when the
# page was laid out anew.
STILL = """() => {
  if (!window.still) {
    window.still = new CSSStyleSheet();
    window.still.replaceSync(`*, *::before, *::after {
      transition: none !important;
      animation-duration: 0s !important;
      animation-delay: 0s !important;
    }`);
    document.adoptedStyleSheets.push(window.still);
  }
  const frame = () => new Promise(requestAnimationFrame);
  return frame().then(frame).then(() => true);
}"""
SERIOUS = ("serious", "critical")
WIDE = ViewportSize(width=1440, height=900)
MIDDLING = ViewportSize(width=1280, height=800)
NARROW = ViewportSize(width=390, height=844)
# How far the page, and the table of a list, reach beyond what is seen of them.
BEYOND = """() => {
  const over = (one) => (one ? one.scrollWidth - one.clientWidth : 0);
  const list = document.querySelector("#result_list");
  const frame = list && list.closest(".simplebar-content-wrapper");
  return Math.max(over(document.documentElement), over(frame));
}"""
# Everything that opens where it stands, and the parts behind other tabs.
UNFOLD = """() => {
  const closed = [...document.querySelectorAll("details:not([open])")];
  const behind = [...document.querySelectorAll("[role=tabpanel][hidden]")];
  closed.forEach((one) => (one.open = true));
  behind.forEach((one) => (one.hidden = false));
  return closed.length + behind.length;
}"""


def serious(page: Page, rules: list[str]) -> list[str]:
    """What axe has to say about the page as it looks now."""
    found = page.evaluate(RUN, rules)["violations"]
    return [
        f"{one['id']}: {node['html'][:300]} ({node['failureSummary'][-200:]})"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """That the page has to be scrolled sideways, if it has."""
    beyond = page.evaluate(BEYOND)
    return [f"scrolls sideways by {beyond} pixels"] if beyond > 0 else []


class Eye:
    """Looks at what a window shows in every way, and keeps what is wrong with it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.traffic = Traffic(page)
        self.wrong: dict[str, list[str]] = {}

    def look(self, name: str) -> None:
        """The page as it stands, and once more with all that opens open."""
        self.traffic.settle()
        self.every_way(name)
        if self.page.evaluate(UNFOLD):
            self.traffic.settle()  # some load what they hold
            self.every_way(f"{name}, unfolded")

    def every_way(self, name: str) -> None:
        """Wide and narrow, light and dark.

        Dark pages are judged by their colours, and by all else where they hold
        anything else than the light ones.
        """
        for way, size in (("wide", WIDE), ("narrow", NARROW)):
            self.page.set_viewport_size(size)
            for scheme in ("light", "dark"):
                self._paint(scheme)
                same = self.page.evaluate(SAME) and scheme == "dark"
                self._keep(
                    f"{name}, {way}, {scheme}",
                    [*too_wide(self.page), *self._axe(COLOURS if same else RULES)],
                )
        self.page.set_viewport_size(MIDDLING)
        self.page.evaluate(STILL)
        self._keep(f"{name}, middling", too_wide(self.page))
        self.page.set_viewport_size(WIDE)

    def _paint(self, scheme: Literal["light", "dark"]) -> None:
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        self.page.evaluate(
            "dark => document.documentElement.classList.toggle('dark', dark)",
            scheme == "dark",
        )
        self.page.evaluate(STILL)

    def _axe(self, rules: list[str]) -> list[str]:
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE)
        return serious(self.page, rules)

    def _keep(self, look: str, lines: list[str]) -> None:
        if lines:
            self.wrong[look] = lines

    def told(self) -> str:
        """All that is wrong, a line each."""
        return "\n".join(
            f"{look}: {' '.join(line.split())}"
            for look, lines in self.wrong.items()
            for line in lines
        )
