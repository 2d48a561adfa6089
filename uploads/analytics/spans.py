"""Days, weeks and months: which tallies tell of a period, and which days do not yet.

A period is put together from the longest spans that lie in it. Days in which something
came to be counted since the tallies were made are counted from the rows instead, and so
is a day of which no tally can tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.conf import settings

from uploads.analytics.counting import days_since
from uploads.models import EventCursor, Tally

# Rows are seen only once they are committed; no transaction of ours takes as long.
OVERLAP = timedelta(minutes=10)
DAY = timedelta(days=1)
Span = Tally.Span
# What a bar of the chart may be put together from.
FITTING = {
    Span.DAY: (Span.DAY,),
    Span.WEEK: (Span.WEEK, Span.DAY),
    Span.MONTH: (Span.MONTH, Span.WEEK, Span.DAY),
}


def cursor_name() -> str:
    """Under which tallies of the present time zone are noted."""
    return f"tallies:{settings.TIME_ZONE}"[:40]


def cursor_moment() -> datetime | None:
    """Up to when tallies are true for sure; None when there are none."""
    found = EventCursor.objects.filter(name=cursor_name()).values_list(
        "last", flat=True
    )
    for last in found:
        return datetime.fromtimestamp(last / 1_000_000, tz=UTC) - OVERLAP
    return None


def starts(span: str, day: date) -> date:
    """The first day of the week or month that a day is in."""
    if span == Span.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if span == Span.MONTH else day


def ends(span: str, start: date) -> date:
    """The last day of what begins on `start`."""
    if span == Span.WEEK:
        return start + timedelta(days=6)
    if span == Span.MONTH:
        return starts(span, start + timedelta(days=31)) - DAY
    return start


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Tallies to add up, by their span, and days to count, as runs."""

    tallies: dict[str, list[date]] = field(default_factory=dict)
    days: list[tuple[date, date]] = field(default_factory=list)


def cover(first: date, last: date, bucket: str) -> Cover:
    """How to know of the days from `first` to `last`, in bars of `bucket`."""
    since = cursor_moment()
    if since is None:
        return Cover(days=[(first, last)] if first <= last else [])
    changed = {day for day in days_since(since) if first <= day <= last}
    found = Cover()
    for span, start in _pieces(first, last, bucket, changed):
        if start in changed:
            found.days.append((start, start))
        else:
            found.tallies.setdefault(span, []).append(start)
    return found


def _pieces(
    first: date, last: date, bucket: str, changed: set[date]
) -> Iterator[tuple[str, date]]:
    """Each span that lies in the period and in one bar, and has no changed day."""
    day = first
    while day <= last:
        for span in FITTING[Span(bucket)]:
            end = ends(span, day)
            whole = starts(span, day) == day and end <= last
            one_bar = starts(bucket, end) == starts(bucket, day)
            if span == Span.DAY or (
                whole and one_bar and not any(day <= one <= end for one in changed)
            ):
                yield span, day
                day = end + DAY
                break
