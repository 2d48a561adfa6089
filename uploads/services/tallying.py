"""Tallies kept true: days in which something came to be counted are counted anew."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Min, Sum
from django.utils.timezone import localdate

from common import clock
from uploads.analytics.counting import (
    DIMENSIONS,
    count_days,
    days_since,
    published_uploads,
    settled_events,
)
from uploads.analytics.counts import COUNTS, Counts
from uploads.analytics.spans import cursor_moment, cursor_name, ends, starts
from uploads.models import ErrorTally, EventCursor, Tally, UploadAttempt
from uploads.models.tally import TallyBase

# One name, so that whoever writes tallies locks the same row.
LOCK = "tallies"
MICROSECONDS = 1_000_000
BATCH = 2_000
ERROR_KEY = (*DIMENSIONS, "outcome", "error_code")
Span = TallyBase.Span
Key = tuple[Any, ...]


def tallies_refresh() -> int:
    """Count anew what changed since last time; gives the number of days.

    Tallies that were never made, or for another time zone, are all made.
    """
    since = cursor_moment()
    if since is None:
        return tallies_rebuild()
    now = clock.now()
    days = days_since(since)
    if days:
        with transaction.atomic():
            _lock()
            _write_days(sorted(days))
            _done(now.timestamp())
    return len(days)


def tallies_are_due() -> bool:
    """Whether anything came to be counted since the tallies were made."""
    since = cursor_moment()
    return since is None or bool(days_since(since))


def tallies_rebuild(tell: Callable[[date], object] = lambda month: None) -> int:
    """Make all tallies from the rows, month by month; gives the number of days.

    Until it is over, figures are counted from the rows. `tell` hears of each month.
    """
    EventCursor.objects.filter(name__startswith=f"{LOCK}:").delete()
    now = clock.now()
    with transaction.atomic():
        _lock()
        for model in (Tally, ErrorTally):
            model._default_manager.all().delete()
    total = 0
    first, last = _bounds()
    while first is not None and last is not None and first <= last:
        month_end = ends(Span.MONTH, first)
        days = [first + timedelta(days=n) for n in range((month_end - first).days + 1)]
        with transaction.atomic():
            _lock()
            _write_days(days)
        tell(first)
        total += len(days)
        first = month_end + timedelta(days=1)
    with transaction.atomic():
        _lock()
        _done(now.timestamp())
    return total


def _lock() -> None:
    """One process writes tallies at a time, until its transaction ends."""
    EventCursor.objects.get_or_create(name=LOCK)
    EventCursor.objects.select_for_update().get(name=LOCK)


def _done(moment: float) -> None:
    EventCursor.objects.update_or_create(
        name=cursor_name(), defaults={"last": int(moment * MICROSECONDS)}
    )


def _bounds() -> tuple[date | None, date | None]:
    """The first day of the first month with anything to count, and the last day."""
    moments = []
    for rows, column in (
        (UploadAttempt.objects.exclude(outcome=""), "started_at"),
        (settled_events(), "created_at"),
        (published_uploads(), "finished_at"),
    ):
        found = rows.aggregate(first=Min(column), last=Max(column))
        moments += [moment for moment in found.values() if moment is not None]
    if not moments:
        return None, None
    days = [localdate(moment) for moment in moments]
    return min(days).replace(day=1), max(days)


def _write_days(days: list[date]) -> None:
    """Replace the tallies of these days, and of the weeks and months they are in."""
    for model in (Tally, ErrorTally):
        model._default_manager.filter(span=Span.DAY, start__in=days).delete()
    counted: dict[Key, Counts] = defaultdict(Counts)
    errors: dict[tuple[Key, str, str], int] = defaultdict(int)
    for first, last in _runs(days):
        for one in count_days(first, last):
            key = (one.day, *(getattr(one, name) for name in DIMENSIONS))
            counted[key].add(one.counts)
            if one.outcome:
                errors[key, one.outcome, one.error_code] += one.count
    _store(Tally, (_cell(key) | asdict(counts) for key, counts in counted.items()))
    _store(
        ErrorTally,
        (
            _cell(key) | {"outcome": outcome, "error_code": code, "attempts": number}
            for (key, outcome, code), number in errors.items()
        ),
    )
    for span in (Span.WEEK, Span.MONTH):
        for start in sorted({starts(span, day) for day in days}):
            _sum_up(Tally, span, start, DIMENSIONS, COUNTS)
            _sum_up(ErrorTally, span, start, ERROR_KEY, ("attempts",))


def _cell(key: Key) -> dict[str, Any]:
    names = ("start", *DIMENSIONS)
    return {"span": Span.DAY, **dict(zip(names, key, strict=True))}


def _runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days in a row as their first and last."""
    runs: list[tuple[date, date]] = []
    for day in days:
        if runs and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _sum_up(
    model: type[TallyBase],
    span: str,
    start: date,
    key: Sequence[str],
    columns: Sequence[str],
) -> None:
    """Replace a week's or month's rows by the sums of its days."""
    rows = model._default_manager
    rows.filter(span=span, start=start).delete()
    days = {"start__gte": start, "start__lte": ends(span, start)}
    sums = (
        rows.filter(span=Span.DAY, **days)
        .order_by()
        .values_list(*key)
        .annotate(**{f"sum_{name}": Sum(name) for name in columns})
    )
    names = (*key, *columns)
    own = {"span": span, "start": start}
    _store(model, ({**own, **dict(zip(names, row, strict=True))} for row in sums))


def _store(model: type[TallyBase], rows: Iterable[dict[str, Any]]) -> None:
    model._default_manager.bulk_create((model(**row) for row in rows), batch_size=BATCH)
