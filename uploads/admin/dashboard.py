"""The first page: what waits for a person, what runs, what is wrong, how it went.

What a person may not see is not asked for either. The number of queries is constant.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser, User

from uploads.admin.cards import Card, paused_card, upload_cards, waiting_cards
from uploads.analytics import TrackerFigures, tracker_figures
from uploads.models import Trouble
from uploads.services.troubles import troubles_now

Person = User | AnonymousUser
GOOD, BAD = "#16803c", "#d23b3b"


@dataclass(kw_only=True)
class Dashboard:
    """Everything the page shows."""

    troubles: list[Trouble] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    figures: list[TrackerFigures] = field(default_factory=list)
    chart: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_ended(self) -> bool:
        """Whether any upload ended, so that there is something to draw."""
        return any(one.success + one.failed for one in self.figures)


def dashboard(person: Person) -> Dashboard:
    """What this person may see."""
    page = Dashboard()
    if person.has_perm("uploads.view_trouble"):
        page.troubles = troubles_now()
    if person.has_perm("releases.view_release"):
        page.cards += waiting_cards()
    if person.has_perm("uploads.view_upload"):
        page.cards += upload_cards()
        page.figures = tracker_figures()
        page.chart = chart(page.figures)
    if person.has_perm("trackers.view_credential"):
        page.cards.append(paused_card())
    return page


# --- The chart -----------------------------------------------------------------------
def chart(figures: Iterable[TrackerFigures]) -> dict[str, str]:
    """Data and options for unfold's bar chart: succeeded and failed, stacked.

    Options replace unfold's own, which draw four pixel wide bars on top of each other.
    The text colour is set by dashboard.js from the theme.
    """
    rows = list(figures)
    data = {
        "labels": [one.name for one in rows],
        "datasets": [
            _series("Succeeded", [one.success for one in rows], GOOD),
            _series("Failed", [one.failed for one in rows], BAD),
        ],
    }
    options: dict[str, Any] = {
        "animation": False,
        "responsive": True,
        "maintainAspectRatio": False,
        "plugins": {
            "legend": {"display": True, "position": "top", "align": "end"},
            "tooltip": {"enabled": True},
        },
        "scales": {
            "x": {"stacked": True, "grid": {"display": False}},
            "y": {
                "stacked": True,
                "beginAtZero": True,
                "grace": "5%",
                "ticks": {"precision": 0},
            },
        },
    }
    return {"data": json.dumps(data), "options": json.dumps(options)}


def _series(label: str, values: list[int], colour: str) -> dict[str, Any]:
    return {
        "label": label,
        "data": values,
        "backgroundColor": colour,
        "stack": "ended",
        "maxBarThickness": 56,
    }
