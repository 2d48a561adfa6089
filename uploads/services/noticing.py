"""From what happened to messages: reads new events, and queues who wants to hear."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Model
from django.urls import reverse

from common import clock
from common.redact import redact
from releases.models import ReleaseEvent
from releases.states import ReleaseState
from uploads.models import (
    EventCursor,
    Notification,
    NotificationTarget,
    Trouble,
    UploadEvent,
)
from uploads.notices import LONGEST_TITLE, Notice, message
from uploads.services.approval import BY_RULE
from uploads.services.hooking import deliveries_queue
from uploads.states import Seeding, UploadStatus, is_question

BATCH = 500
# Rows are numbered before they are committed: a lower number may show up a moment later.
SETTLED = timedelta(seconds=3)
AHEAD = timedelta(minutes=1)
# Of a release; none of it is told.
_HEAVY = ("metadata", "overrides", "given_torrent", "notices")


def notices_collect() -> int:
    """Queue messages about what happened since the last call; gives how many.

    Every worker's host may call it: who moves a table's cursor also writes the
    messages, in one transaction, and what programs are told.
    """
    return sum(_collect(*source) for source in _SOURCES)


def _collect(
    name: str,
    model: type[Model],
    stamp: str,
    read: Callable[[Sequence[int]], Iterable[Notice]],
) -> int:
    rows = model._default_manager.order_by("pk")
    newest = rows.aggregate(newest=Max("pk"))["newest"] or 0
    cursor, new = EventCursor.objects.get_or_create(
        name=name, defaults={"last": newest}
    )
    if new or newest <= cursor.last:
        return 0
    found = _settled(rows.filter(pk__gt=cursor.last).values_list("pk", stamp)[:BATCH])
    if not found:
        return 0
    with transaction.atomic():
        moved = EventCursor.objects.filter(pk=cursor.pk, last=cursor.last).update(
            last=found[-1]
        )
        if moved and model is UploadEvent:
            deliveries_queue(found)
        return notices_queue(read(found)) if moved else 0


def _settled(rows: Iterable[tuple[int, datetime]]) -> list[int]:
    """The numbers before which nothing can show up any more.

    A row from far ahead was written by a clock that was wrong: it is as old as any.
    """
    now = clock.now()
    settled = takewhile(lambda row: not now - SETTLED <= row[1] <= now + AHEAD, rows)
    return [pk for pk, _ in settled]


def notices_queue(notices: Iterable[Notice]) -> int:
    """Queue one message for each target and kind of event it wants to hear of."""
    kinds: Mapping[str, list[Notice]] = defaultdict(list)
    for one in notices:
        kinds[one.event].append(one)
    if not kinds:
        return 0
    messages = []
    for target in NotificationTarget.objects.filter(
        is_active=True, user__is_active=True
    ):
        for event, many in kinds.items():
            if event in target.events:
                title, body = message(event, many, base=settings.HERALD_URL)
                messages.append(
                    Notification(
                        target=target,
                        event=event,
                        title=redact(title)[:LONGEST_TITLE],
                        body=redact(body),
                    )
                )
    return len(Notification.objects.bulk_create(messages))


# --- The sources ---------------------------------------------------------------------


def _of_releases(pks: Sequence[int]) -> Iterable[Notice]:
    kinds = {
        ReleaseState.READY: "release_ready",
        ReleaseState.FAILED: "release_failed",
        ReleaseState.PUBLISHED: "published",
        ReleaseState.APPROVED: "rule_approved",
    }
    rows = ReleaseEvent.objects.filter(pk__in=pks, new__in=kinds)
    decided = _by_rules(pks)
    rows = rows.select_related("release").defer(
        *(f"release__{name}" for name in _HEAVY)
    )
    for row in rows.order_by("pk"):
        event = kinds[ReleaseState(row.new)]
        if event == "rule_approved" and row.pk not in decided.values():
            continue  # a person knows what they approved
        if event == "release_ready" and (
            row.old != ReleaseState.PREPARING  # reopened by the one who will look at it
            or decided.get(row.release_id, 0) > row.pk  # it waits for nobody
        ):
            continue
        yield Notice(
            event=event,
            subject=str(row.release),
            reason=row.reason if event in ("release_failed", "rule_approved") else "",
            path=reverse("admin:releases_release_change", args=[row.release_id]),
        )


def _by_rules(pks: Sequence[int]) -> dict[int, int]:
    """Release → the event by which a rule approved it, from the first of these on."""
    rows = ReleaseEvent.objects.filter(
        pk__gte=pks[0], new=ReleaseState.APPROVED, reason__startswith=BY_RULE
    )
    return dict(rows.order_by("pk").values_list("release_id", "pk"))


def _of_uploads(pks: Sequence[int]) -> Iterable[Notice]:
    rows = UploadEvent.objects.news(pks).select_related(
        "upload__release", "upload__tracker"
    )
    rows = rows.defer(
        *(f"upload__{name}" for name in ("payload", "torrent_file", "site_torrent")),
        *(f"upload__release__{name}" for name in _HEAVY),
    )
    for row in rows.order_by("pk"):
        event = _upload_event(row)
        if event:
            yield Notice(
                event=event,
                subject=str(row.upload),
                reason=row.reason,
                path=reverse("admin:uploads_upload_change", args=[row.upload_id]),
            )


def _upload_event(row: UploadEvent) -> str:
    if row.new == UploadStatus.FAILED and row.old != UploadStatus.FAILED:
        asks = is_question(row.new, row.upload.reason)
        return "question" if asks else "upload_failed"
    stays = row.old == row.new == UploadStatus.SUCCESS
    if stays and row.upload.seeding in (Seeding.PROBLEM, Seeding.LOST):
        return "not_seeding"
    return ""


def _of_troubles(pks: Sequence[int]) -> Iterable[Notice]:
    # What ended before it could be written down was told past its row.
    present = Trouble.objects.filter(pk__in=pks).exclude(code="database_writes")
    for row in present.order_by("pk"):
        yield trouble_notice(row, "trouble")


def trouble_notice(row: Trouble, event: str) -> Notice:
    """What there is to say about a trouble that begins or ends."""
    reason = row.remedy if event == "trouble" else ""
    return Notice(
        event=event, subject=row.message, reason=reason, path=reverse("admin:index")
    )


_SOURCES = (
    ("releases", ReleaseEvent, "created_at", _of_releases),
    ("uploads", UploadEvent, "created_at", _of_uploads),
    ("troubles", Trouble, "since", _of_troubles),
)
