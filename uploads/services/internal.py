"""What follows when an attempt fails through Herald itself, not through the site."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from common import clock
from common.database import only_cause
from common.errors import AppError
from uploads.errors import AccountPaused, ApprovalEnded
from uploads.models import Upload, UploadAttempt
from uploads.retry import MAX_TRIES, backoff
from uploads.services.attempts import attempt_close
from uploads.services.claiming import claimed_move, upload_put_back
from uploads.services.readiness import approval_ended
from uploads.states import Outcome, Phase, UploadStatus

AGAIN = "Nothing was sent; it is tried again by itself."


def inside(exc: Exception) -> str:
    """A sentence for people about a mistake of ours, or a disk or database in trouble."""
    if trouble := only_cause(exc):
        return trouble
    return f"An error inside Herald ({type(exc).__name__}); its log has the details."


def put_back(
    upload: Upload, attempt: UploadAttempt, error: ApprovalEnded | AccountPaused
) -> None:
    """Something came between the claim and the request: due again, or a draft."""
    ended = isinstance(error, ApprovalEnded)
    with transaction.atomic():
        if ended:
            approval_ended(upload)
        else:
            upload_put_back(upload, why=error.message, code=error.code)
        attempt_close(
            attempt,
            outcome=Outcome.CHANGED if ended else Outcome.AUTH,
            message=error.message,
            decision="Nothing was sent."
            if ended
            else "Nothing was sent; it is due again.",
            error_code=error.code,
            answered=False,
        )


def close_internal(
    upload: Upload,
    attempt: UploadAttempt,
    message: str,
    code: str = "internal",
    *,
    passing: bool = False,
) -> None:
    """Our own failure: unknown when the request may have left, else unsent."""
    sent = UploadAttempt.objects.filter(pk=attempt.pk, phase=Phase.SENDING).exists()
    if sent:
        follows = "The request may have left, so the tracker is asked first."
        status = UploadStatus.UNKNOWN
        changes = {"not_before": clock.now(), "tries": upload.tries + 1}
    else:
        follows = "Nothing was sent. Retry, or look into the worker's log."
        status, changes = _unsent(upload, passing=passing)
        if status is UploadStatus.PENDING:
            follows = AGAIN
    with transaction.atomic():
        claimed_move(
            upload,
            status,
            why=message,
            reason={"code": code, "message": message, "remedy": follows},
            looks=0,
            **changes,
        )
        attempt_close(
            attempt,
            outcome=Outcome.INTERNAL,
            message=message,
            decision=follows,
            error_code=code,
            answered=False,
        )


def fail(upload: Upload, error: AppError, *, passing: bool = False) -> None:
    """Give a claimed upload up that never came to an attempt, or let it try again."""
    status, changes = _unsent(upload, passing=passing)
    again = status is UploadStatus.PENDING
    claimed_move(
        upload,
        status,
        why=error.message,
        reason={
            "code": error.code,
            "message": error.message,
            "remedy": AGAIN if again else "Nothing was sent.",
        },
        **changes,
    )


def _unsent(upload: Upload, *, passing: bool) -> tuple[UploadStatus, dict[str, Any]]:
    """Where an upload goes that our own failure kept from being sent.

    `passing`: a database that is locked, full or away for a moment; nobody need look
    at that.
    """
    tries = upload.tries + 1
    if not passing or tries >= MAX_TRIES:
        return UploadStatus.FAILED, {"finished_at": clock.now()}
    later = clock.now() + timedelta(seconds=backoff(tries))
    return UploadStatus.PENDING, {"tries": tries, "not_before": later}
