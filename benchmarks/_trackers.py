"""Trackers of the sandbox that are as slow and as strict as real ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


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


@contextmanager
def tracker(site: Site) -> Iterator[Any]:
    """A sandbox of its own for this tracker, and the tracker's rows."""
    from trackers.models import Credential, TemplateChoice, Tracker
    from trackers.sandbox import accounts
    from trackers.sandbox.server import SandboxServer
    from trackers.services.seeds import trackers_seed

    server = SandboxServer()
    answer_after(server.world, site.answer)
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
        yield server.world
    finally:
        server.stop()


def answer_after(world: Any, seconds: float) -> None:
    """Let a sandbox answer each upload so late from now on."""
    world.faults.clear()
    world.faults.add(
        site="*", action="upload", fault="slow", times=None, seconds=seconds
    )
