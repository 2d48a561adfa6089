"""What died with its worker, and what nobody was told to do."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from common import clock
from common.queue import enqueue
from common.worker import is_abandoned, is_dead
from uploads.errors import APPROVAL_ENDED
from uploads.models import DuplicateSearch, Upload, UploadAttempt
from uploads.retry import MAX_TRIES
from uploads.services.approval import SEND_TASK, unapproved_void
from uploads.services.attempts import attempt_close
from uploads.services.clock import times_mend
from uploads.services.lanes import due_lanes, due_uploads, holds_end
from uploads.services.moves import upload_move
from uploads.services.outdated import uploads_to_render
from uploads.services.searching import SEARCH_TASK, searches_due
from uploads.services.seeding import FOLLOWED, clients_return
from uploads.services.success import SEED_TASK, complete_publish
from uploads.states import Outcome, Phase, Seeding, UploadStatus

SETTLE_TASK = "uploads.tasks.settle"
WATCH_TASK = "uploads.tasks.watch_seeding"
DRAFT_TASK = "uploads.tasks.draft_release"
PUBLISH_TASK = "uploads.tasks.publish_edited"
BATCH = 20


def claims_recover(*, leases: bool = True) -> int:
    """Free the uploads whose worker died or forgot them; gives how many.

    Before its `sending` row nothing left, so they are simply due again; after it the
    tracker is asked first. Without `leases` only what surely died is freed: the clock
    by which they are counted has just jumped.
    """
    rows = Upload.objects.filter(status=UploadStatus.UPLOADING)
    freed = 0
    for pk, worker, claimed_at in rows.values_list("pk", "claimed_by", "claimed_at"):
        if _is_lost(worker, claimed_at, leases=leases):
            freed += claim_free(pk, worker, claimed_at)
    # One that looked or asked changed nothing: another process may at once.
    unknown = Upload.objects.filter(status=UploadStatus.UNKNOWN)
    freed += _free(unknown, leases=leases, not_before=clock.now())
    asking = DuplicateSearch.objects.exclude(claimed_at=None)
    return freed + _free(asking, leases=leases)


def _is_lost(worker: str, claimed_at: datetime | None, *, leases: bool) -> bool:
    """Nothing lasts as long as a lease: a living worker has lost track by then."""
    if not leases:
        return is_dead(worker) is True
    lease = timedelta(seconds=settings.CLAIM_LEASE_SECONDS)
    over = claimed_at is None or claimed_at < clock.now() - lease
    return over or is_abandoned(worker, claimed_at)


def _free(rows: QuerySet[Any], *, leases: bool, **changes: Any) -> int:
    """End the claims of those rows whose process died."""
    claimed = rows.exclude(claimed_by="")
    freed = 0
    for pk, worker, claimed_at in claimed.values_list("pk", "claimed_by", "claimed_at"):
        if _is_lost(worker, claimed_at, leases=leases):
            freed += claimed.filter(pk=pk, claimed_by=worker).update(
                claimed_by="", claimed_at=None, **changes
            )
    return freed


def claim_free(upload_id: int, worker: str, claimed_at: datetime | None) -> bool:
    """End a claim of which nobody is left; False when it is another one by now."""
    claim = {"claimed_by": worker, "claimed_at": claimed_at}
    with transaction.atomic():
        # Locks the row: from here on its worker cannot begin to send any more.
        rows = Upload.objects.select_for_update(no_key=True).defer(
            "torrent_file", "site_torrent"
        )
        upload = rows.filter(pk=upload_id, **claim).first()
        if upload is None:
            return False
        attempt = (
            UploadAttempt.objects.filter(upload_id=upload_id, outcome="")
            .order_by("-number")
            .first()
        )
        sent = attempt is not None and attempt.phase != Phase.CLAIMED
        status, why, changes = _after_death(upload.tries + 1, sent=sent)
        moved = upload_move(
            upload_id,
            UploadStatus.UPLOADING,
            status,
            why=why,
            only_if=claim,
            claimed_by="",
            claimed_at=None,
            looks=0,
            tries=upload.tries + 1,
            **changes,
        )
        if moved and attempt is not None:
            attempt_close(
                attempt,
                outcome=Outcome.STALE,
                message="The worker died.",
                decision=why,
                error_code="worker_died",
                answered=False,
            )
    return moved


def _after_death(tries: int, *, sent: bool) -> tuple[UploadStatus, str, dict[str, Any]]:
    """The next status, why, and further columns, once a worker died in this try."""
    now = clock.now()
    if not sent and tries >= MAX_TRIES:
        why = f"Tried {tries} times; last, its worker died before anything was sent."
        reason = {
            "code": "worker_died",
            "message": why,
            "remedy": "Look into the worker's log, and retry.",
        }
        return UploadStatus.FAILED, why, {"finished_at": now, "reason": reason}
    status = UploadStatus.UNKNOWN if sent else UploadStatus.PENDING
    why = (
        "The worker died after it began to send; the tracker is asked first."
        if sent
        else "The worker died before anything was sent; it is due again."
    )
    reason = {"code": Outcome.STALE.value, "message": why}
    return status, why, {"not_before": now, "reason": reason}


def uploads_sweep(*, leases: bool = True) -> int:
    """Free dead claims and nudge whatever is due; gives how many nudges were sent.

    A nudge may get lost (a broker that was down, a worker that was killed); the rows
    say what there is to do, so each sweep simply says it again.
    """
    claims_recover(leases=leases)
    times_mend()
    unapproved_void(Upload.objects.all(), APPROVAL_ENDED)
    holds_end()
    edited = complete_publish()
    clients_return()
    nudges = [
        *_nudges(clock.now()),
        *((PUBLISH_TASK, "release_id", pk) for pk in edited[:BATCH]),
    ]
    for task, name, pk in nudges:
        enqueue(task, **{name: pk})
    return len(nudges)


def _nudges(now: datetime) -> list[tuple[str, str, int]]:
    unknown = Upload.objects.filter(status=UploadStatus.UNKNOWN).filter(
        Q(not_before=None) | Q(not_before__lte=now)
    )
    seeding = Upload.objects.filter(
        status=UploadStatus.SUCCESS,
        seeding__in=FOLLOWED,
        seeding_due_at__lte=now,
    ).order_by("seeding_due_at", "pk")
    watched = Upload.objects.filter(
        status=UploadStatus.SUCCESS,
        seeding=Seeding.CONFIRMED,
        seeding_due_at__lte=now,
    ).order_by("seeding_due_at", "pk")
    outdated = Upload.objects.filter(
        status=UploadStatus.DRAFT, release_revision__lt=F("release__revision")
    ).exclude(release__state="preparing")
    releases = {
        pk
        for rows in (outdated, uploads_to_render())
        for pk in rows.order_by()
        .values_list("release_id", flat=True)
        .distinct()[:BATCH]
    }
    # Whoever wakes up takes all it can, and wakes the next when that was not all.
    sendable = _sendable()
    return [
        *((SEND_TASK, "upload_id", pk) for pk in _ids(sendable)),
        *((SETTLE_TASK, "upload_id", pk) for pk in _ids(unknown)),
        *((SEED_TASK, "upload_id", pk) for pk in _ids(seeding)),
        # They have a day: one in a second keeps nobody from other work.
        *((WATCH_TASK, "upload_id", pk) for pk in _ids(watched[:1])),
        *((DRAFT_TASK, "release_id", pk) for pk in sorted(releases)),
        *((SEARCH_TASK, "upload_id", pk) for pk in searches_due(now)),
    ]


def _sendable() -> QuerySet[Upload]:
    """One upload of the first lane that has places, if any."""
    lanes = due_lanes()
    rows = due_uploads()
    return lanes[0].of(rows)[:1] if lanes else rows.none()


def _ids(rows: QuerySet[Upload]) -> list[int]:
    return list(rows.values_list("pk", flat=True)[:BATCH])
