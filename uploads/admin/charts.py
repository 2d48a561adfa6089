"""The first page's charts: twelve weeks of uploads, thirty days of releases.

Rows that ended in that time are found by index and counted in one pass. Where they are
many, the figures are kept for a minute: everybody's page would count the same again.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone_name, localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common import clock
from releases.models import Release
from trackers.models import Tracker
from uploads.models import Upload
from uploads.states import UploadStatus

WEEKS, DAYS = 12, 30
WEEK, DAY = timedelta(days=7), timedelta(days=1)
KEPT_SECONDS = 60
MANY = 5_000
KEY = "dashboard-charts"
GOOD, BAD, CALM = "#16803c", "#d23b3b", "#0f766e"
ENDED = (UploadStatus.SUCCESS, UploadStatus.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Succeeded and failed, of one tracker or in one week; `query` filters the list."""

    name: str
    success: int
    failed: int
    query: str

    @property
    def rate(self) -> int | None:
        """Percent of what ended that succeeded; None when nothing ended."""
        ended = self.success + self.failed
        return round(100 * self.success / ended) if ended else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Charts:
    """The figures, oldest first, and what draws them."""

    trackers: list[Figures]
    weeks: list[Figures]
    days: list[tuple[str, int, str]]

    @property
    def has_ended(self) -> bool:
        """Whether any upload ended in that time."""
        return any(one.success + one.failed for one in self.weeks)

    @property
    def by_tracker(self) -> dict[str, str]:
        """Data and options of the chart of trackers."""
        return _outcomes(self.trackers)

    @property
    def by_week(self) -> dict[str, str]:
        """Data and options of the chart of weeks."""
        return _outcomes(self.weeks)

    @property
    def by_day(self) -> dict[str, str]:
        """Data and options of the chart of releases."""
        numbers = [number for _day, number, _query in self.days]
        series = [_series(_("Releases"), numbers, CALM)]
        return drawn([name for name, _number, _query in self.days], series)


def charts() -> Charts:
    """The charts as of at most a minute ago."""
    # Days begin where the person is, and have names in their language.
    key = f"{KEY}-{get_current_timezone_name()}-{get_language()}"
    found: Charts | None = cache.get(key)
    if found is None:
        found = _count(clock.now())
        if sum(one.success + one.failed for one in found.weeks) >= MANY:
            cache.set(key, found, KEPT_SECONDS)
    return found


def _count(now: datetime) -> Charts:
    starts = _starts(now, WEEKS, WEEK)
    ended = Upload.objects.filter(finished_at__gte=starts[0], status__in=ENDED)
    rows = (
        _bucketed(ended, "finished_at", starts)
        .values("bucket", "tracker_id", "status")
        .annotate(number=Count("pk"))
    )
    by_tracker, by_week = (
        defaultdict[int, Counter[str]](Counter),
        [Counter[str]() for _ in starts],
    )
    for row in rows:
        by_tracker[row["tracker_id"]][row["status"]] += row["number"]
        by_week[row["bucket"]][row["status"]] += row["number"]
    names = Tracker.objects.order_by("name").values_list("pk", "name", "is_active")
    return Charts(
        trackers=[
            _figures(name, by_tracker[pk], f"tracker__id__exact={pk}")
            for pk, name, is_active in names
            if is_active or pk in by_tracker
        ],
        weeks=[
            _figures(_day(start), counts, _within("finished_at", start, WEEK))
            for start, counts in zip(starts, by_week, strict=True)
        ],
        days=_releases(now),
    )


def _releases(now: datetime) -> list[tuple[str, int, str]]:
    starts = _starts(now, DAYS, DAY)
    added = Release.objects.filter(created_at__gte=starts[0])
    rows = _bucketed(added, "created_at", starts).values("bucket")
    counts = dict(rows.annotate(number=Count("pk")).values_list("bucket", "number"))
    return [
        (_day(start), counts.get(at, 0), _within("created_at", start, DAY))
        for at, start in enumerate(starts)
    ]


def _within(column: str, start: datetime, length: timedelta) -> str:
    """The query of a list for what lies in a period."""
    bounds = {"gte": start, "lt": start + length}
    return urlencode({f"{column}__{op}": at.isoformat() for op, at in bounds.items()})


def _starts(now: datetime, number: int, step: timedelta) -> list[datetime]:
    """The beginnings of the last periods, the present one among them."""
    today = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    first = today - timedelta(days=today.weekday()) if step == WEEK else today
    return [first - step * back for back in reversed(range(number))]


def _bucketed(rows: QuerySet[Any], column: str, starts: Sequence[datetime]) -> Any:
    """Rows with the number of the period they fall into. SQLite has no such function
    of its own, and one in Python would be called for each row."""
    newest_first = [
        When(**{f"{column}__gte": start}, then=Value(at))
        for at, start in reversed(list(enumerate(starts)))
    ]
    number = Case(*newest_first, default=Value(0), output_field=IntegerField())
    return rows.order_by().annotate(bucket=number)


def _figures(name: str, counts: Counter[str], query: str) -> Figures:
    success, failed = counts[UploadStatus.SUCCESS], counts[UploadStatus.FAILED]
    return Figures(name=name, success=success, failed=failed, query=query)


def _day(start: datetime) -> str:
    return date_format(start, "j M")


# --- Drawing -------------------------------------------------------------------------
def _outcomes(rows: Sequence[Figures]) -> dict[str, str]:
    series = [
        _series(_("Succeeded"), [one.success for one in rows], GOOD),
        _series(_("Failed"), [one.failed for one in rows], BAD),
    ]
    return drawn([one.name for one in rows], series)


def _series(label: str, values: list[int], colour: str) -> dict[str, Any]:
    return {
        "label": label,
        "data": values,
        "backgroundColor": colour,
        "stack": "ended",
        "maxBarThickness": 56,
    }


def drawn(labels: list[str], series: list[dict[str, Any]]) -> dict[str, str]:
    """Data and options for unfold's bar chart, stacked.

    Options replace unfold's own, which draw four pixel wide bars on top of each other.
    The text colour is set by dashboard.js from the theme.
    """
    options: dict[str, Any] = {
        "animation": False,
        "responsive": True,
        "maintainAspectRatio": False,
        "plugins": {
            "legend": {"display": len(series) > 1, "position": "top", "align": "end"},
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
    return {
        "data": json.dumps({"labels": labels, "datasets": series}),
        "options": json.dumps(options),
    }
