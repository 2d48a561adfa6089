"""Which upload a worker takes next, and how it gives one back."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Min, Q, QuerySet

from common import clock
from common.worker import worker_id
from trackers.models import Credential, Tracker
from trackers.services.budgets import budget_lock, budget_take
from trackers.services.credentials import (
    credential_complete,
    credential_test,
    credentials_usable,
)
from trackers.types import Action
from uploads.models import Upload
from uploads.services.moves import upload_move
from uploads.states import UploadStatus

HOLD_SECONDS = 300.0
INCOMPLETE_SECONDS = 60.0
CANDIDATES = 20


def due_uploads() -> QuerySet[Upload]:
    """Approved uploads whose time has come, the most urgent first."""
    now = clock.now()
    return (
        Upload.objects.filter(status=UploadStatus.PENDING)
        .filter(Q(not_before=None) | Q(not_before__lte=now))
        .order_by("-priority", "approved_at", "pk")
    )


def next_due() -> float | None:
    """Seconds until another upload is due; None when none waits for a time."""
    now = clock.now()
    first = Upload.objects.filter(
        status=UploadStatus.PENDING, not_before__gt=now
    ).aggregate(first=Min("not_before"))["first"]
    return None if first is None else float((first - now).total_seconds())


def claim_next() -> Upload | None:
    """Take the most urgent due upload, with the account to send it by in `credential`.

    A slot of that account's request budget is taken with it. Trackers that cannot be
    sent to now have their uploads held back with the reason, without claiming them:
    a thousand waiting uploads cost one statement. None when nothing can be sent.
    """
    incomplete: list[Credential] = []
    for tracker_id in due_trackers():
        credential = _account(tracker_id)
        if credential is None:
            continue
        tracker = credential.tracker
        if not credential_complete(credential):
            # The site may take its time to answer, so all others come first.
            _hold(
                tracker,
                seconds=INCOMPLETE_SECONDS,
                why=f"{tracker} is being asked for the account's passkey.",
                code="credential_incomplete",
            )
            incomplete.append(credential)
        elif upload := _take(credential):
            return upload
    for credential in incomplete:
        if _completed(credential) and (upload := _take(credential)):
            return upload
    return None


def _take(credential: Credential) -> Upload | None:
    """Claim the tracker's most urgent upload, with a slot of the account's budget.

    None when nothing may be sent now: whoever ends an upload looks for the next one.
    """
    with transaction.atomic():
        budget_lock(credential)
        if _under_way(credential) >= credential.tracker.concurrency:
            return None
        pk = _claim(credential)
    if pk is None:
        return None
    upload = Upload.objects.select_related("release__library").get(pk=pk)
    upload.tracker, upload.credential = credential.tracker, credential
    return upload


def _under_way(credential: Credential) -> int:
    return Upload.objects.filter(
        status=UploadStatus.UPLOADING, credential=credential
    ).count()


def _claim(credential: Credential) -> int | None:
    tracker = credential.tracker
    due = due_uploads().filter(tracker=tracker).values_list("pk", flat=True)
    candidates = list(due[:CANDIDATES])
    if not candidates:
        return None  # another worker was quicker; a slot taken now would be lost
    wait = budget_take(credential, Action.UPLOAD)
    if wait:
        _hold(
            tracker,
            seconds=wait,
            why="Waiting for the tracker's request budget.",
            code="budget",
        )
        return None
    return next((pk for pk in candidates if upload_claim(pk, credential)), None)


def _completed(credential: Credential) -> bool:
    """Ask the tracker for what the account lacks; its uploads are due then."""
    tracker = credential.tracker
    held = Upload.objects.filter(
        status=UploadStatus.PENDING,
        tracker=tracker,
        reason__code="credential_incomplete",
    )
    if credential_test(credential).ok and credential_complete(credential):
        held.update(not_before=None, reason={})
        return True
    why = (
        f"The credential {credential.label} lacks a passkey, and {tracker} did not "
        f"tell it: {credential.check_message} Enter it or press Test."
    )
    held.update(
        not_before=clock.now() + timedelta(seconds=INCOMPLETE_SECONDS),
        reason={"code": "credential_incomplete", "message": why},
    )
    return False


def due_trackers() -> list[int]:
    """Trackers with due uploads and places, the one with the most urgent first."""
    rows = (
        due_uploads()
        .order_by()
        .values("tracker", "priority")
        .annotate(oldest=Min("approved_at"), first=Min("pk"))
        .order_by("-priority", "oldest", "first")
    )
    due = dict.fromkeys(rows.values_list("tracker", flat=True))
    full = _full_trackers() if due else set()
    return [pk for pk in due if pk not in full]


def _full_trackers() -> set[int]:
    """Trackers that have as many uploads under way as they allow.

    So it is mostly while a batch is sent, and each that ends looks for the next.
    """
    under_way = Counter(
        Upload.objects.order_by()
        .filter(status=UploadStatus.UPLOADING)
        .values_list("credential", flat=True)
    )
    accounts: dict[int, tuple[int, int]] = {}
    rows = credentials_usable().values_list("tracker", "pk", "tracker__concurrency")
    for tracker, account, places in rows:
        accounts.setdefault(tracker, (account, places))
    return {
        tracker
        for tracker, (account, places) in accounts.items()
        if under_way[account] >= places
    }


def _account(tracker_id: int) -> Credential | None:
    """The account to send with, or None: then all uploads to the tracker wait."""
    rows = credentials_usable().filter(tracker=tracker_id).select_related("tracker")
    credential = rows.first()
    if credential is not None and credential.tracker.is_active:
        return credential
    tracker = Tracker.objects.get(pk=tracker_id)
    if not tracker.is_active:
        _hold(
            tracker,
            seconds=HOLD_SECONDS,
            why=why_no_account(tracker),
            code="tracker_inactive",
        )
    else:
        _hold(
            tracker,
            seconds=HOLD_SECONDS,
            why=why_no_account(tracker),
            code="credential_missing",
        )
    return None


def why_no_account(tracker: Tracker) -> str:
    """Why nothing can be asked of a tracker, or sent to it, in a sentence."""
    if not tracker.is_active:
        return f"{tracker} is switched off. Switch it on, and it goes on by itself."
    rows = tracker.credentials.filter(is_active=True).order_by("priority", "pk")
    paused = rows.exclude(paused_at=None).defer("values").first()
    if paused is None:
        return (
            f"{tracker} has no usable credential. Add one or switch one on; it goes on "
            "by itself."
        )
    return (
        f"{paused} is paused: {paused.paused_reason} Enter a working key and test it, "
        "or let another account take over; it goes on by itself."
    )


def _hold(tracker: Tracker, *, seconds: float, why: str, code: str) -> None:
    """Let everything due at a tracker wait. Nothing moves, so no event is written."""
    due_uploads().order_by().filter(tracker=tracker).update(
        not_before=clock.now() + timedelta(seconds=seconds),
        reason={"code": code, "message": why},
    )


def holds_end() -> None:
    """Make uploads due at once whose tracker can be sent to again."""
    Upload.objects.filter(
        status=UploadStatus.PENDING,
        not_before__gt=clock.now(),
        reason__code__in=("credential_missing", "tracker_inactive"),
        tracker__is_active=True,
        tracker__in=credentials_usable().order_by().values("tracker"),
    ).update(not_before=None)


def upload_claim(upload_id: int, credential: Credential) -> bool:
    """Take a pending upload; False when another worker was quicker."""
    return upload_move(
        upload_id,
        UploadStatus.PENDING,
        UploadStatus.UPLOADING,
        why="A worker took it.",
        claimed_by=worker_id(),
        claimed_at=clock.now(),
        credential=credential,
        not_before=None,
        reason={},
    )


def upload_put_back(
    upload: Upload, *, why: str, code: str, not_before: datetime | None = None
) -> bool:
    """Give a claimed upload back unsent."""
    return claimed_move(
        upload,
        UploadStatus.PENDING,
        why=why,
        reason={"code": code, "message": why},
        not_before=not_before,
    )


def claimed_move(
    upload: Upload, status: UploadStatus, *, why: str, **changes: Any
) -> bool:
    """End this process's claim of an upload in `status`; False when it was lost."""
    return upload_move(
        upload.pk,
        UploadStatus.UPLOADING,
        status,
        why=why,
        only_if={"claimed_by": worker_id()},
        claimed_by="",
        claimed_at=None,
        **changes,
    )
