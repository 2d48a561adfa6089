"""Which upload a worker takes next, and how it gives one back."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Min

from common import clock
from common.texts import gettext_noop
from common.worker import worker_id
from trackers.models import Credential, Tracker
from trackers.services.budgets import budget_lock, budget_take
from trackers.services.choosing import credentials_active
from trackers.services.credentials import credential_complete, credential_test
from trackers.types import Action
from uploads.models import Upload
from uploads.services.lanes import Lane, due_lanes, due_uploads
from uploads.services.moves import upload_move
from uploads.states import UploadStatus

HOLD_SECONDS = 300.0
INCOMPLETE_SECONDS = 60.0
CANDIDATES = 20
# Rows keep these; pages look them up (`common.spoken`).
ASKED_FOR_PASSKEY = gettext_noop(
    "%(tracker)s is being asked for the account's passkey."
)
WAITS_FOR_BUDGET = gettext_noop("Waiting for the tracker's request budget.")
NO_PASSKEY = gettext_noop(
    "The credential %(account)s lacks a passkey, and %(tracker)s did not tell it: "
    "%(said)s Enter it or press Test."
)
SWITCHED_OFF = gettext_noop(
    "%(tracker)s is switched off. Switch it on, and it goes on by itself."
)
NO_ACCOUNT = gettext_noop(
    "%(tracker)s has no usable credential. Add one or switch one on; it goes on by "
    "itself."
)
PAUSED = gettext_noop(
    "%(account)s is paused: %(reason)s Enter a working key and test it, or let another "
    "account take over; it goes on by itself."
)
PAUSED_BY_HAND = gettext_noop(
    "%(account)s is paused: %(reason)s Press Resume on its page, or let another account "
    "take over; it goes on by itself."
)
TAKEN = gettext_noop("A worker took it.")


def next_due() -> float | None:
    """Seconds until another upload is due; None when none waits for a time."""
    now = clock.now()
    first = Upload.objects.filter(
        status=UploadStatus.PENDING, not_before__gt=now
    ).aggregate(first=Min("not_before"))["first"]
    return None if first is None else float((first - now).total_seconds())


def claim_next() -> Upload | None:
    """Take the most urgent due upload, with the account to send it by in `credential`.

    A slot of that account's request budget is taken with it. What cannot be sent now is
    held back with the reason, without claiming it: a thousand waiting uploads cost one
    statement. None when nothing can be sent.
    """
    incomplete: list[Lane] = []
    for lane in due_lanes():
        credential = _account(lane)
        if credential is None:
            continue
        if not credential_complete(credential):
            # The site may take its time to answer, so all others come first.
            lane.hold(
                seconds=INCOMPLETE_SECONDS,
                why=ASKED_FOR_PASSKEY % {"tracker": credential.tracker},
                code="credential_incomplete",
            )
            incomplete.append(lane)
        elif upload := _take(lane, credential):
            return upload
    for lane in incomplete:
        credential = lane.credential
        if credential is None or not _completed(lane, credential):
            continue
        if upload := _take(lane, credential):
            return upload
    return None


def _take(lane: Lane, credential: Credential) -> Upload | None:
    """Claim the lane's most urgent upload, with a slot of the account's budget.

    None when nothing may be sent now: whoever ends an upload looks for the next one.
    """
    with transaction.atomic():
        budget_lock(credential)
        if _under_way(credential) >= credential.tracker.concurrency:
            return None
        pk = _claim(lane, credential)
    if pk is None:
        return None
    upload = Upload.objects.select_related("release__library").get(pk=pk)
    upload.tracker, upload.credential = credential.tracker, credential
    return upload


def _under_way(credential: Credential) -> int:
    return Upload.objects.filter(
        status=UploadStatus.UPLOADING, credential=credential
    ).count()


def _claim(lane: Lane, credential: Credential) -> int | None:
    due = lane.of(due_uploads()).values_list("pk", flat=True)
    candidates = list(due[:CANDIDATES])
    if not candidates:
        return None  # another worker was quicker; a slot taken now would be lost
    wait = budget_take(credential, Action.UPLOAD)
    if wait:
        lane.hold(seconds=wait, why=WAITS_FOR_BUDGET, code="budget")
        return None
    return next((pk for pk in candidates if upload_claim(pk, credential)), None)


def _completed(lane: Lane, credential: Credential) -> bool:
    """Ask the tracker for what the account lacks; its uploads are due then."""
    tracker = credential.tracker
    held = lane.of(
        Upload.objects.filter(
            status=UploadStatus.PENDING, reason__code="credential_incomplete"
        )
    )
    if credential_test(credential).ok and credential_complete(credential):
        held.update(not_before=None, reason={})
        return True
    why = NO_PASSKEY % {
        "account": credential.label,
        "tracker": tracker,
        "said": credential.check_message,
    }
    held.update(
        not_before=clock.now() + timedelta(seconds=INCOMPLETE_SECONDS),
        reason={"code": "credential_incomplete", "message": why},
    )
    return False


def _account(lane: Lane) -> Credential | None:
    """The account to send with, or None: then all of the lane waits."""
    credential = lane.credential
    if credential is not None and credential.tracker.is_active:
        return credential
    tracker = Tracker.objects.get(pk=lane.tracker_id)
    if not tracker.is_active:
        lane.hold(
            seconds=HOLD_SECONDS,
            why=why_no_account(tracker),
            code="tracker_inactive",
        )
    else:
        lane.hold(
            seconds=HOLD_SECONDS,
            why=why_no_account(tracker, lane.person_id),
            code="credential_missing",
        )
    return None


def why_no_account(tracker: Tracker, person_id: int | None = None) -> str:
    """Why nothing can be asked of a tracker, or sent to it, for a person."""
    if not tracker.is_active:
        return SWITCHED_OFF % {"tracker": tracker}
    rows = credentials_active().filter(tracker=tracker).exclude(paused_at=None)
    shared, own = rows.filter(owner=None), rows.none()
    if person_id is not None:
        own = rows.filter(owner=person_id)
    paused = own.first() or shared.first()
    if paused is None:
        return NO_ACCOUNT % {"tracker": tracker}
    text = PAUSED_BY_HAND if paused.paused_by_hand else PAUSED
    return text % {"account": paused, "reason": paused.paused_reason}


def upload_claim(upload_id: int, credential: Credential) -> bool:
    """Take a pending upload; False when another worker was quicker."""
    return upload_move(
        upload_id,
        UploadStatus.PENDING,
        UploadStatus.UPLOADING,
        why=TAKEN,
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
