"""Where each tracker's uploads stand now, in a few numbers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from trackers.models import Tracker
from uploads.analytics.counting import between, published_uploads
from uploads.analytics.durations import NEWEST, answer_times
from uploads.analytics.spans import Span, cursor_moment, ends, starts
from uploads.models import Tally, Upload
from uploads.states import Seeding, UploadStatus

WAITING = (UploadStatus.PENDING, UploadStatus.UPLOADING, UploadStatus.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerFigures:
    """One tracker's figures; `rate` is 0 to 1 of what ended, None when nothing did.

    `median_seconds` is from claim to answer, over the tracker's newest thousand
    successful attempts.
    """

    tracker: str
    name: str
    success: int
    failed: int
    waiting: int
    rate: float | None
    seeding: int
    median_seconds: float | None


def tracker_figures(tracker_id: int | None = None) -> list[TrackerFigures]:
    """Every tracker with uploads, or that is active; a constant number of queries.

    With `tracker_id`, nothing of other trackers is read.
    """
    only = Q() if tracker_id is None else Q(tracker_id=tracker_id)
    success = _published(only)
    open_ones = _counts(
        Upload.objects.filter(only, status__in=(UploadStatus.FAILED, *WAITING)),
        failed=Count("pk", filter=Q(status=UploadStatus.FAILED)),
        waiting=Count("pk", filter=~Q(status=UploadStatus.FAILED)),
    )
    # Few where there is a torrent client: those that do seed need not be counted.
    unproven = _counts(
        Upload.objects.filter(
            only,
            ~Q(seeding=Seeding.CONFIRMED),
            status=UploadStatus.SUCCESS,
            finished_at__isnull=False,
        ),
        number=Count("*"),
    )
    wanted = Q() if tracker_id is None else Q(pk=tracker_id)
    trackers = list(Tracker.objects.filter(wanted).order_by("name"))
    medians = answer_times(dict.fromkeys((one.pk for one in trackers), NEWEST + 1))
    figures = []
    for tracker in trackers:
        done = success.get(tracker.pk, 0)
        row = open_ones.get(tracker.pk, {"failed": 0, "waiting": 0})
        if not (done or tracker.pk in open_ones or tracker.is_active):
            continue
        ended = done + row["failed"]
        times = medians.get(tracker.pk)
        figures.append(
            TrackerFigures(
                tracker=tracker.slug,
                name=tracker.name,
                success=done,
                failed=row["failed"],
                waiting=row["waiting"],
                rate=done / ended if ended else None,
                seeding=done - unproven.get(tracker.pk, {"number": 0})["number"],
                median_seconds=times.median if times else None,
            )
        )
    return figures


def _counts(rows: QuerySet[Upload], **counts: Count) -> dict[int, dict[str, int]]:
    counted: Any = rows.order_by().values("tracker_id").annotate(**counts)
    return {row["tracker_id"]: {name: row[name] for name in counts} for row in counted}


def _published(only: Q) -> dict[int, int]:
    """Tracker id → uploads that are on it: of whole months, and the rest by day."""
    rows = published_uploads().filter(only).order_by()
    since = cursor_moment()
    if since is None:
        return _number(rows.values_list("tracker_id").annotate(number=Count("*")))
    new = rows.filter(finished_at__gte=since).annotate(day=TruncDate("finished_at"))
    changed = set(new.values_list("day", flat=True).distinct())
    months = {starts(Span.MONTH, day) for day in changed}
    stored = Q(span=Span.MONTH) & ~Q(start__in=months)
    for month in months:
        days = {"start__gte": month, "start__lte": ends(Span.MONTH, month)}
        stored |= Q(span=Span.DAY, **days) & ~Q(start__in=changed)
    sums = Tally.objects.filter(stored, only, published__gt=0).order_by()
    fresh = Q(pk__in=[])
    for day in changed:
        fresh |= between("finished_at", day, day)
    return _number(
        sums.values_list("tracker_id").annotate(Sum("published")),
        rows.filter(fresh).values_list("tracker_id").annotate(number=Count("*")),
    )


def _number(*several: Iterable[tuple[int, int]]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for rows in several:
        for tracker, number in rows:
            found[tracker] += number
    return found
