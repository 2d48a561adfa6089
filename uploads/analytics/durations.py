"""How long it took: medians and 95th percentiles of the newest rows of each tracker."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor
from typing import Any

from django.db import connection
from django.db.models import (
    Aggregate,
    Count,
    F,
    Field,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from trackers.models import Tracker
from uploads.analytics.counting import between
from uploads.analytics.results import SUCCEEDED, outcomes_of
from uploads.analytics.scope import Scope
from uploads.models import Upload, UploadAttempt
from uploads.states import Phase, UploadStatus

NEWEST = 1000
MEDIAN, HIGH = 0.5, 0.95
PHASES = ("claimed", "sending", "whole")


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Of so many rows, in seconds with two digits after the point; None of no row."""

    rows: int
    median: float | None
    p95: float | None


def times_of(seconds: Sequence[float]) -> Times:
    """Half took at most the median, 95 % at most `p95`; both interpolated."""
    return Times(
        rows=len(seconds),
        median=percentile(seconds, MEDIAN),
        p95=percentile(seconds, HIGH),
    )


def percentile(values: Sequence[float], share: float) -> float | None:
    """As PostgreSQL's percentile_cont: linear between the two nearest values."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low, high = ordered[floor(place)], ordered[ceil(place)]
    return round(low + (high - low) * (place - floor(place)), 2)


def phase_times(
    scope: Scope, totals: Mapping[int, int]
) -> dict[int, Mapping[str, Times]]:
    """Tracker id → how long each phase took, over its newest thousand answers.

    `totals` are the attempts of each tracker in the scope, or more.
    """
    rows = UploadAttempt.objects.filter(
        between("started_at", scope.first, scope.last),
        scope.where(),
        phase=Phase.ANSWERED,
        sending_at__isnull=False,
        answered_at__isnull=False,
    ).exclude(outcome="")
    return {
        tracker: dict(zip(PHASES, times, strict=True))
        for tracker, times in _measured(
            _newest(rows, totals, "started_at"),
            ("started_at", "sending_at"),
            ("sending_at", "answered_at"),
            ("started_at", "answered_at"),
        ).items()
    }


def answer_times(totals: Mapping[int, int]) -> dict[int, Times]:
    """Tracker id → from claim to answer, of its newest thousand successes ever."""
    rows = UploadAttempt.objects.filter(
        outcome__in=outcomes_of(SUCCEEDED), answered_at__isnull=False
    )
    measured = _measured(
        _newest(rows, totals, "started_at"), ("started_at", "answered_at")
    )
    return {tracker: times for tracker, (times,) in measured.items()}


def proof_times(scope: Scope, totals: Mapping[int, int]) -> dict[int, Times]:
    """Tracker id → from success to the proof of seeding, of its newest thousand.

    `totals` are uploads of each tracker that may have been proven, or more.
    """
    rows = Upload.objects.filter(
        between("seeding_confirmed_at", scope.first, scope.last),
        scope.where(approver="approved_by"),
        status=UploadStatus.SUCCESS,
        finished_at__isnull=False,
    )
    measured = _measured(
        _newest(rows, totals, "seeding_confirmed_at"),
        ("finished_at", "seeding_confirmed_at"),
    )
    return {tracker: times for tracker, (times,) in measured.items()}


def _newest(
    rows: QuerySet[Any], totals: Mapping[int, int], column: str
) -> QuerySet[Any]:
    """The newest thousand of each tracker, and what happened at the thousandth's moment.

    Two queries whatever the number of trackers: when each one's thousandth was, and
    the rows since then.
    """
    many = {pk for pk, total in totals.items() if total > NEWEST}
    own = rows.filter(tracker=OuterRef("pk")).order_by(f"-{column}")
    limit = Subquery(own.values(column)[NEWEST - 1 : NEWEST])
    limits: dict[int, datetime | None] = dict(
        Tracker.objects.filter(pk__in=many).order_by().values_list("pk", limit)
    )
    wanted = Q(pk__in=[])
    for tracker in totals:
        since = limits.get(tracker)
        newest = Q(**{f"{column}__gte": since}) if since else Q()
        wanted |= Q(tracker_id=tracker) & newest
    return rows.filter(wanted).order_by()


def _measured(
    rows: QuerySet[Any], *spans: tuple[str, str]
) -> dict[int, tuple[Times, ...]]:
    """Tracker id → the times between each pair of moments.

    PostgreSQL computes them: sending it all the moments would take far longer.
    """
    if connection.vendor == "postgresql":
        return _measured_there(rows, spans)
    columns = list(dict.fromkeys(name for span in spans for name in span))
    found: dict[int, list[list[float]]] = defaultdict(lambda: [[] for _ in spans])
    for row in rows.values("tracker_id", *columns):
        for seconds, (begin, end) in zip(found[row["tracker_id"]], spans, strict=True):
            seconds.append((row[end] - row[begin]).total_seconds())
    return {pk: tuple(map(times_of, several)) for pk, several in found.items()}


def _measured_there(
    rows: QuerySet[Any], spans: Sequence[tuple[str, str]]
) -> dict[int, tuple[Times, ...]]:
    both = {
        f"span_{number}": Percentiles(Seconds(F(end) - F(begin)))
        for number, (begin, end) in enumerate(spans)
    }
    counted = rows.values("tracker_id").annotate(rows=Count("*"), **both)
    return {
        row["tracker_id"]: tuple(
            Times(rows=row["rows"], median=round(median, 2), p95=round(high, 2))
            for median, high in (row[name] for name in both)
        )
        for row in counted
    }


class Seconds(Func):
    """An interval of PostgreSQL in seconds."""

    template = "EXTRACT(EPOCH FROM %(expressions)s)::double precision"
    output_field = FloatField()


class Percentiles(Aggregate):
    """PostgreSQL's percentile_cont at the median and at 95 %: a list of two numbers."""

    template = (
        f"percentile_cont(ARRAY[{MEDIAN}, {HIGH}]) WITHIN GROUP "
        "(ORDER BY %(expressions)s)"
    )
    output_field = Field()
