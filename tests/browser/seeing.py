"""Looks at a page wide and narrow, light and dark: what axe-core says, and what fits."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page, ViewportSize

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
# Judged by what stands in the guidelines, levels A and AA.
RUN = """() => axe.run(document, {
  resultTypes: ["violations"],
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
})"""
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


def serious(page: Page) -> list[str]:
    """What axe has to say about the page as it looks now."""
    found = page.evaluate(RUN)["violations"]
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
        self.wrong: dict[str, list[str]] = {}

    def look(self, name: str) -> None:
        """The page as it stands, and once more with all that opens open."""
        self.page.wait_for_load_state("networkidle")
        self.every_way(name)
        if self.page.evaluate(UNFOLD):
            self.page.wait_for_load_state("networkidle")  # some load what they hold
            self.every_way(f"{name}, unfolded")

    def every_way(self, name: str) -> None:
        """Wide and narrow, light and dark."""
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            self.page.evaluate(
                "dark => document.documentElement.classList.toggle('dark', dark)",
                scheme == "dark",
            )
            for way, size in (("wide", WIDE), ("narrow", NARROW)):
                self.page.set_viewport_size(size)
                self.page.wait_for_timeout(120)  # colours change softly
                self._keep(
                    f"{name}, {way}, {scheme}", [*too_wide(self.page), *self._axe()]
                )
        self.page.set_viewport_size(MIDDLING)
        self._keep(f"{name}, middling", too_wide(self.page))
        self.page.set_viewport_size(WIDE)

    def _axe(self) -> list[str]:
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE)
        return serious(self.page)

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
