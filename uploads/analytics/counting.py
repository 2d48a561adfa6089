"""The rows of some days, counted: what the tallies are made from.

Days are those of Herald's time zone. What is counted belongs to
- the day it began, for an attempt that has ended,
- the day of its event, for an unknown upload that was settled,
- the day it was finished, for an upload that is on its tracker ("published").
None of these changes any more once it is there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils.timezone import get_default_timezone, make_aware

from uploads.analytics.results import SUCCEEDED, result_of
from uploads.models import Upload, UploadAttempt, UploadEvent
from uploads.states import UploadStatus

FOUND, AGAIN, ASKED = "found", "sent_again", "asked"
# How an unknown upload was settled, by the state it went to.
SETTLED = {
    UploadStatus.SUCCESS.value: FOUND,
    UploadStatus.PENDING.value: AGAIN,
    UploadStatus.FAILED.value: ASKED,
}
DIMENSIONS = ("tracker_id", "kind", "approver_id", "template_version_id")
SUCCESSES = ("first_succeeded", "second_succeeded", "third_succeeded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Some rows of one day that have all of `DIMENSIONS` in common.

    `counts` are their parts of a Counts. Attempts without success also have their
    outcome and error code, and `count` says how many they are.
    """

    day: date
    tracker_id: int
    kind: str
    approver_id: int | None
    template_version_id: int | None
    counts: Mapping[str, int]
    outcome: str = ""
    error_code: str = ""
    count: int = 0


def midnight(day: date) -> datetime:
    """The moment a day begins, in Herald's time zone."""
    return make_aware(datetime.combine(day, time.min), get_default_timezone())


def between(column: str, first: date, last: date) -> Q:
    """Rows whose moment lies on the days from `first` to `last`."""
    after = midnight(last + timedelta(days=1))
    return Q(**{f"{column}__gte": midnight(first), f"{column}__lt": after})


def settled_events() -> QuerySet[UploadEvent]:
    """The ends of unknown outcomes."""
    return UploadEvent.objects.filter(
        ~Q(new=UploadStatus.UNKNOWN), old=UploadStatus.UNKNOWN
    )


def settled_attempts(what: str, first: date, last: date) -> QuerySet[UploadAttempt]:
    """The attempts whose unknown outcome was settled like this on these days."""
    new = next(state for state, name in SETTLED.items() if name == what)
    events = settled_events().filter(between("created_at", first, last), new=new)
    tries = _tries_before_event()
    return UploadAttempt.objects.filter(
        pk__in=events.order_by().values(attempt=Subquery(tries.values("pk")[:1]))
    )


def _tries_before_event() -> QuerySet[UploadAttempt]:
    """The attempts of an event's upload that began before it, the last one first."""
    return UploadAttempt.objects.filter(
        upload=OuterRef("upload"), started_at__lte=OuterRef("created_at")
    ).order_by("-started_at", "-pk")


def published_uploads() -> QuerySet[Upload]:
    """Uploads that are on their tracker."""
    return Upload.objects.filter(status=UploadStatus.SUCCESS, finished_at__isnull=False)


def count_days(first: date, last: date, where: Q | None = None) -> list[Counted]:
    """All that happened on these days; `where` narrows by the columns of `Counted`."""
    where = where or Q()
    return [
        *_attempts(first, last, where),
        *_settled(first, last, where),
        *_published(first, last, where),
    ]


def _attempts(first: date, last: date, where: Q) -> Iterable[Counted]:
    rows = (
        UploadAttempt.objects.filter(between("started_at", first, last), where)
        .exclude(outcome="")
        .order_by()
        .values(*DIMENSIONS, "outcome", "error_code", day=TruncDate("started_at"))
        .annotate(
            count=Count("pk"),
            first=Count("pk", filter=Q(number=1)),
            second=Count("pk", filter=Q(number=2)),
            third=Count("pk", filter=Q(number=3)),
        )
    )
    return (_attempts_row(row) for row in rows)


def _attempts_row(row: dict[str, Any]) -> Counted:
    numbers = [row.pop(name) for name in ("first", "second", "third")]
    result = result_of(row["outcome"])
    counts = {result: row["count"], "firsts": numbers[0]}
    if result == SUCCEEDED:
        counts |= zip(SUCCESSES, numbers, strict=True)
        row |= {"outcome": "", "error_code": "", "count": 0}
    return Counted(**row, counts=counts)


def _settled(first: date, last: date, where: Q) -> Iterable[Counted]:
    """Each counts for the attempt whose outcome was unknown: the last one before."""
    tries = _tries_before_event()
    rows = (
        settled_events()
        .filter(between("created_at", first, last))
        .order_by()
        .annotate(
            tracker_id=F("upload__tracker_id"),
            kind=Subquery(tries.values("kind")[:1]),
            approver_id=Subquery(tries.values("approver_id")[:1]),
            template_version_id=Subquery(tries.values("template_version_id")[:1]),
        )
        .filter(where)
        .values(*DIMENSIONS, "new", day=TruncDate("created_at"))
        .annotate(count=Count("pk"))
    )
    return (_settled_row(row) for row in rows)


def _settled_row(row: dict[str, Any]) -> Counted:
    counts = {SETTLED[row.pop("new")]: row.pop("count")}
    return Counted(**{**row, "kind": row["kind"] or ""}, counts=counts)


def _published(first: date, last: date, where: Q) -> Iterable[Counted]:
    rows = (
        published_uploads()
        .filter(between("finished_at", first, last))
        .annotate(approver_id=F("approved_by_id"))
        .filter(where)
        .order_by()
        .values(*DIMENSIONS, day=TruncDate("finished_at"))
        .annotate(count=Count("pk"))
    )
    return (Counted(counts={"published": row.pop("count")}, **row) for row in rows)


def days_since(moment: datetime) -> set[date]:
    """The days of what came to be counted since then."""
    ended = UploadAttempt.objects.filter(finished_at__gte=moment).exclude(outcome="")
    sources = (
        (ended, "started_at"),
        (settled_events().filter(created_at__gte=moment), "created_at"),
        (published_uploads().filter(finished_at__gte=moment), "finished_at"),
    )
    return {
        day
        for rows, column in sources
        for day in rows.order_by().values_list(TruncDate(column), flat=True).distinct()
    }
