"""How it went, counted from the rows themselves."""

from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from django.db.models import Count, F, Q

from trackers.models import Tracker
from uploads.models import Upload, UploadAttempt
from uploads.states import Outcome, Seeding, UploadStatus

WAITING = (UploadStatus.PENDING, UploadStatus.UPLOADING, UploadStatus.UNKNOWN)
NEWEST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerFigures:
    """One tracker's figures; `rate` is 0 to 1 of what ended, None when nothing did.

    `median_seconds` is from claim to answer, over the newest thousand attempts.
    """

    tracker: str
    name: str
    success: int
    failed: int
    waiting: int
    rate: float | None
    seeding: int
    attempts: int
    median_seconds: float | None


def tracker_figures(*, since: datetime | None = None) -> list[TrackerFigures]:
    """Every tracker with uploads, or that is active; a constant number of queries."""
    period = Q(created_at__gte=since) if since else Q()
    counts: dict[int, dict[str, Any]] = {
        row["tracker_id"]: dict(row)
        for row in Upload.objects.filter(period)
        .order_by()
        .values("tracker_id")
        .annotate(
            success=Count("pk", filter=Q(status=UploadStatus.SUCCESS)),
            failed=Count("pk", filter=Q(status=UploadStatus.FAILED)),
            waiting=Count("pk", filter=Q(status__in=WAITING)),
            seeding_=Count("pk", filter=Q(seeding=Seeding.CONFIRMED)),
        )
    }
    tries = _attempts(since)
    durations = _durations(since)
    figures = []
    for tracker in Tracker.objects.order_by("name"):
        row = counts.get(tracker.pk)
        if row is None and not tracker.is_active:
            continue
        row = row or {"success": 0, "failed": 0, "waiting": 0, "seeding_": 0}
        ended = row["success"] + row["failed"]
        times = durations.get(tracker.pk, [])
        figures.append(
            TrackerFigures(
                tracker=tracker.slug,
                name=tracker.name,
                success=row["success"],
                failed=row["failed"],
                waiting=row["waiting"],
                rate=row["success"] / ended if ended else None,
                seeding=row["seeding_"],
                attempts=tries.get(tracker.pk, 0),
                median_seconds=round(median(times), 2) if times else None,
            )
        )
    return figures


def _attempts(since: datetime | None) -> dict[int, int]:
    rows = UploadAttempt.objects.filter(Q(started_at__gte=since) if since else Q())
    return dict(
        rows.order_by()
        .values_list("upload__tracker_id")
        .annotate(count=Count("pk"))
        .values_list("upload__tracker_id", "count")
    )


def _durations(since: datetime | None) -> dict[int, list[float]]:
    rows = UploadAttempt.objects.filter(
        outcome__in=(Outcome.SUCCESS, Outcome.DUPLICATE), answered_at__isnull=False
    ).filter(Q(started_at__gte=since) if since else Q())
    newest = (
        rows.order_by("-pk")
        .annotate(took=F("answered_at") - F("started_at"))
        .values_list("upload__tracker_id", "took")[:NEWEST]
    )
    found: dict[int, list[float]] = {}
    for tracker_id, took in newest:
        found.setdefault(tracker_id, []).append(took.total_seconds())
    return found
