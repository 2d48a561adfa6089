"""An upload nobody knows about: ask the tracker, and decide by its answer."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from common import clock
from common.errors import AppError
from common.worker import worker_id
from trackers.errors import (
    QuestionRefused,
    TrackerAuthError,
    TrackerError,
    TrackerRateLimited,
    TrackerUnavailable,
)
from trackers.services.adapters import adapter_open
from trackers.services.budgets import BudgetSpent, budget_block
from trackers.services.credentials import credential_choose, credential_pause
from trackers.types import Action, Existing
from uploads.models import Upload
from uploads.payloads import payload_load
from uploads.retry import BLIND_LOOKS, MAX_TRIES, backoff, misses_within, next_look
from uploads.services.moves import upload_move, upload_note
from uploads.services.success import upload_succeeded
from uploads.states import Outcome, UploadStatus

logger = logging.getLogger(__name__)

QUESTION = (
    "Look on the tracker whether the upload is there. If it is not, press Retry; "
    "if it is, mark it as there."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look told: found, surely not found, or the `problem` with looking.

    `away`: the tracker could not be reached, which says nothing about the upload.
    """

    found: Existing | None = None
    problem: str = ""
    away: bool = False


def upload_settle(upload_id: int) -> None:
    """Ask the tracker whether an unknown upload is there, and decide by its answer."""
    if not _settle_claim(upload_id):
        return
    upload = Upload.objects.select_related("tracker", "release").get(pk=upload_id)
    try:
        look = _look(upload)
    except BudgetSpent as exc:
        _wait(upload, exc.wait)
        return
    except AppError as exc:
        look = Look(problem=exc.message)
    except Exception as exc:
        logger.exception("Looking for upload %s failed inside Herald", upload_id)
        look = Look(problem=f"an error inside Herald ({type(exc).__name__}).")
    if look.found is not None:
        upload_succeeded(
            upload,
            remote_id=look.found.remote_id,
            url=look.found.url,
            infohash=look.found.infohash,
            old=UploadStatus.UNKNOWN,
            why="Asked the tracker: it is there.",
        )
    elif look.problem:
        _cannot_tell(upload, look)
    else:
        _absent(upload)


def _settle_claim(upload_id: int) -> bool:
    """One process looks at a time; the claim lapses by itself if it dies."""
    now = clock.now()
    return bool(
        Upload.objects.filter(pk=upload_id, status=UploadStatus.UNKNOWN)
        .filter(Q(not_before=None) | Q(not_before__lte=now))
        .update(
            not_before=now + timedelta(seconds=settings.CLAIM_LEASE_SECONDS),
            claimed_by=worker_id(),
            claimed_at=now,
        )
    )


def _look(upload: Upload) -> Look:
    """What the tracker says. Raises BudgetSpent when it may not be asked now."""
    credential = credential_choose(upload.tracker)
    if credential is None:
        return Look(problem=f"{upload.tracker} has no usable credential to look with.")
    try:
        with adapter_open(upload.tracker, credential, paced=Action.SEARCH) as adapter:
            payload = payload_load(upload.payload, bytes(upload.torrent_file or b""))
            found = adapter.find_existing(payload)
            if found is None or adapter.rewrites_torrent:
                return Look(found=found)
            # Another member's torrent of the same files is not our upload.
            return Look(found=found if found.infohash == upload.infohash else None)
    except TrackerRateLimited as exc:
        budget_block(credential, exc.retry_after or 10.0)
        return Look(problem=exc.message, away=True)
    except TrackerAuthError as exc:
        credential_pause(credential, exc.message)
        return Look(problem=exc.message)
    except QuestionRefused as exc:
        return Look(problem=exc.message)
    except TrackerError as exc:
        away = isinstance(exc, TrackerUnavailable)
        return Look(problem=exc.message, away=away)


def _absent(upload: Upload) -> None:
    looks = upload.looks + 1
    wait = next_look(looks, settings.SETTLE_LOOKS)
    if wait is not None:
        _look_again(upload, wait, f"Not on the tracker yet (look {looks}).", looks)
        return
    if upload.tries >= MAX_TRIES:
        why = (
            f"Sent {upload.tries} times without a clear answer, and {upload.tracker} "
            "has it still not."
        )
        _end(
            upload,
            UploadStatus.FAILED,
            why=why,
            finished_at=clock.now(),
            reason={"code": "sent_in_vain", "message": why, "remedy": QUESTION},
        )
        return
    why = f"Asked the tracker {looks} times: it is not there, so it is sent again."
    _end(
        upload,
        UploadStatus.PENDING,
        why=why,
        ask_first=False,
        # What was never sent, such as after a restore, is sent at once.
        not_before=clock.now() + timedelta(seconds=backoff(upload.tries))
        if upload.tries
        else None,
        reason={"code": "settled_absent", "message": why},
    )


def _cannot_tell(upload: Upload, look: Look) -> None:
    """Ask later: for as long as patience lasts where nobody answers, else a few times."""
    if look.away:
        vain, most = upload.misses + 1, misses_within(settings.TRACKER_PATIENCE_SECONDS)
    else:
        vain = _looks_noted(upload) - upload.looks - upload.misses + 1
        most = BLIND_LOOKS
    if vain < most:
        _look_again(
            upload,
            backoff(vain),
            f"Could not ask the tracker: {look.problem}",
            upload.looks,
            away=look.away,
        )
        return
    _end(
        upload,
        UploadStatus.FAILED,
        why=f"Could not find out in {vain} tries: {look.problem}",
        finished_at=clock.now(),
        reason={
            "code": "outcome_unsettled",
            "message": f"Nobody knows whether {upload.tracker} has it: {look.problem}",
            "remedy": QUESTION,
        },
    )


def _looks_noted(upload: Upload) -> int:
    """How many looks were written down since the outcome became unknown this time."""
    events = upload.events.filter(new=UploadStatus.UNKNOWN)
    since = events.exclude(old=UploadStatus.UNKNOWN).order_by("-pk").first()
    looks = events.filter(old=UploadStatus.UNKNOWN)
    return looks.filter(pk__gt=since.pk if since else 0).count()


def _mine(upload: Upload) -> QuerySet[Upload]:
    """The row for as long as this process is the one that looks."""
    return Upload.objects.filter(
        pk=upload.pk, status=UploadStatus.UNKNOWN, claimed_by=worker_id()
    )


def _end(upload: Upload, status: UploadStatus, *, why: str, **changes: Any) -> None:
    upload_move(
        upload.pk,
        UploadStatus.UNKNOWN,
        status,
        why=why,
        only_if={"claimed_by": worker_id()},
        misses=0,
        **{"claimed_by": "", "claimed_at": None, "not_before": None, **changes},
    )


def _wait(upload: Upload, seconds: float) -> None:
    """The budget has no room: that is no look, and nothing to tell."""
    _mine(upload).update(
        claimed_by="",
        claimed_at=None,
        not_before=clock.now() + timedelta(seconds=seconds),
    )


def _look_again(
    upload: Upload, seconds: float, why: str, looks: int, *, away: bool = False
) -> None:
    code = Outcome.UNAVAILABLE if away else Outcome.UNKNOWN
    with transaction.atomic():
        noted = _mine(upload).update(
            looks=looks,
            misses=upload.misses + away,
            claimed_by="",
            claimed_at=None,
            not_before=clock.now() + timedelta(seconds=seconds),
            reason={"code": code.value, "message": why},
        )
        if noted:
            upload_note(upload.pk, UploadStatus.UNKNOWN, UploadStatus.UNKNOWN, why=why)
