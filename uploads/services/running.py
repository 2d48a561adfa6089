"""One try at one upload: claim, checks, budget, send once, record, decide.

Rows are written in the order release, upload, attempt, here as everywhere, so that two
transactions never wait for each other.
"""

import json
import logging
import time
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from common import clock
from common.database import is_passing, patiently
from common.deadlines import LONGEST_RUN_S
from common.errors import AppError
from common.worker import is_leaving
from trackers.errors import DuplicateUpload, TrackerError
from trackers.models import Credential
from trackers.services.adapters import adapter_open
from trackers.services.budgets import budget_block
from trackers.services.choosing import credential_choose
from trackers.services.credentials import credential_pause
from trackers.types import UploadResult
from uploads.errors import AccountPaused, ApprovalEnded, ClaimLost, UploadError
from uploads.models import Upload, UploadAttempt
from uploads.retry import Decision, decide
from uploads.services.attempts import attempt_close, attempt_open, attempt_sending
from uploads.services.claiming import claim_next, claimed_move
from uploads.services.internal import close_internal, fail, inside, put_back
from uploads.services.looking import looks_at
from uploads.services.readiness import approved_payload, upload_ready
from uploads.services.success import upload_succeeded
from uploads.services.unreachable import unreachable_end, unreachable_hold
from uploads.states import Outcome, UploadStatus

logger = logging.getLogger(__name__)


def uploads_work() -> int:
    """Send due uploads, the most urgent first, for about a minute; gives how many.

    One nudge does not mean one upload: whoever wakes up takes what is due.
    """
    started, done = time.monotonic(), 0
    while time.monotonic() - started < LONGEST_RUN_S and not is_leaving():
        upload = claim_next()
        if upload is None:
            break
        upload_run(upload)
        done += 1
    return done


def upload_run(upload: Upload) -> None:
    """Make one try at an upload this process has claimed.

    What became of it is written down as soon as the database takes it. Raises the
    database's trouble only while this process is being stopped; the sweep then frees
    the claim.
    """
    try:
        if upload.credential is None:
            raise UploadError(
                f"The account for {upload.tracker} was deleted. Retry to use another.",
                code="credential_missing",
            )
        if not upload_ready(upload):
            return
        attempt = attempt_open(upload, upload.credential)
    except ClaimLost as exc:
        logger.warning("Upload %s: %s", upload.pk, exc)
        return
    except AppError as exc:
        patiently(fail, upload, exc)
        return
    except Exception as exc:
        logger.exception("Upload %s failed inside Herald", upload.pk)
        error = UploadError(inside(exc), code=Outcome.INTERNAL.value)
        patiently(fail, upload, error, passing=is_passing(exc))
        return
    _send(upload, attempt, upload.credential)


def _send(upload: Upload, attempt: UploadAttempt, credential: Credential) -> None:
    try:
        with adapter_open(upload.tracker, credential) as adapter:
            payload = approved_payload(upload, adapter)
            result = adapter.upload(
                payload, on_sending=lambda: attempt_sending(attempt)
            )
    except (ApprovalEnded, AccountPaused) as exc:
        patiently(put_back, upload, attempt, exc)
    except TrackerError as exc:
        patiently(_after_error, upload, attempt, credential, exc)
    except AppError as exc:
        patiently(close_internal, upload, attempt, exc.message, exc.code)
    except Exception as exc:
        logger.exception("Upload %s failed inside Herald", upload.pk)
        passing = is_passing(exc)
        patiently(close_internal, upload, attempt, inside(exc), passing=passing)
    else:
        patiently(_after_success, upload, attempt, credential, result)


def _after_success(
    upload: Upload,
    attempt: UploadAttempt,
    credential: Credential,
    result: UploadResult,
) -> None:
    with transaction.atomic():
        for old in (UploadStatus.UPLOADING, UploadStatus.UNKNOWN):
            # Unknown: a sweep gave this worker up while it waited for the answer.
            if upload_succeeded(
                upload,
                remote_id=result.remote_id,
                url=result.url,
                infohash=result.infohash,
                old=old,
                why="The tracker took it.",
                warnings=list(result.warnings),
            ):
                break
        attempt_close(
            attempt,
            outcome=Outcome.SUCCESS,
            message="The tracker took it.",
            decision="Done; next comes the proof of seeding.",
            http_status=200,
            answer=json.dumps(
                {
                    "id": result.remote_id,
                    "url": result.url,
                    "infohash": result.infohash,
                    "warnings": list(result.warnings),
                },
                ensure_ascii=False,
            ),
        )
    unreachable_end(credential)


def _after_error(
    upload: Upload,
    attempt: UploadAttempt,
    credential: Credential,
    error: TrackerError,
) -> None:
    decision = decide(
        error,
        misses=upload.misses + 1,
        patience=settings.TRACKER_PATIENCE_SECONDS,
    )
    if decision.block_budget:
        budget_block(credential, decision.delay)
    if decision.pause_credential:
        credential_pause(credential, error.message)
        decision = _taken_over(upload, credential, decision)
    with transaction.atomic():
        if isinstance(error, DuplicateUpload) and error.existing:
            upload_succeeded(
                upload,
                remote_id=error.existing.remote_id,
                url=error.existing.url,
                # Unless it says so: the site may have made the torrent its own.
                infohash=error.existing.infohash,
                old=UploadStatus.UPLOADING,
                why=decision.why,
            )
        else:
            _apply(upload, _not_linked(error, decision))
        attempt_close(
            attempt,
            outcome=decision.outcome,
            message=error.message,
            decision=f"{decision.why} {decision.remedy}".strip(),
            error_code=error.code,
            http_status=error.http_status,
            answer=error.detail,
            answered=error.http_status is not None,
        )
    if decision.outcome is not Outcome.UNAVAILABLE:
        if error.http_status is not None:
            unreachable_end(credential)
    elif decision.status is UploadStatus.PENDING:
        unreachable_hold(credential, seconds=decision.delay, error=error.message)


def _taken_over(upload: Upload, refused: Credential, decision: Decision) -> Decision:
    """A refused account stored nothing, so another may send it at once."""
    other = credential_choose(upload.tracker, upload.approved_by_id)
    if other is None or other == refused:
        return decision
    return replace(
        decision,
        status=UploadStatus.PENDING,
        why=f"{decision.why} {refused.label} is paused; {other.label} takes over.",
        remedy=f"Enter a working key for {refused.label}, and test it.",
        counts=False,
    )


def _not_linked(error: TrackerError, decision: Decision) -> Decision:
    """A duplicate whose place the site did not name is looked up first."""
    if decision.status is not UploadStatus.SUCCESS:
        return decision
    return Decision(
        status=UploadStatus.UNKNOWN,
        outcome=Outcome.DUPLICATE,
        why=f"{error.message} The tracker is asked where it is.",
        delay=1.0,
    )


def _apply(upload: Upload, decision: Decision) -> None:
    delay = decision.delay
    if decision.status is UploadStatus.UNKNOWN:
        delay = delay or looks_at(upload)[0]
    later = clock.now() + timedelta(seconds=delay) if delay else None
    finished = decision.status is UploadStatus.FAILED
    claimed_move(
        upload,
        decision.status,
        why=decision.why,
        reason={
            "code": decision.outcome.value,
            "message": decision.why,
            "remedy": decision.remedy,
        },
        not_before=later,
        tries=upload.tries + (1 if decision.counts else 0),
        misses=upload.misses + 1 if decision.outcome is Outcome.UNAVAILABLE else 0,
        looks=0,
        finished_at=clock.now() if finished else None,
    )
