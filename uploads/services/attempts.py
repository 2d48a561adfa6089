"""The record of each try: opened before, closed once, never changed after."""

from django.db import transaction
from django.db.models import Max

from common import clock
from common.redact import redact
from common.worker import worker_id
from trackers.models import Credential
from uploads.errors import AccountPaused, ApprovalEnded, ClaimLost
from uploads.models import Upload, UploadAttempt
from uploads.states import Outcome, Phase, UploadStatus

MAX_ANSWER_CHARS = 4_000


def attempt_open(upload: Upload, credential: Credential) -> UploadAttempt:
    """Record that a try begins. What a person said about earlier ones ends with it.

    Raises ClaimLost when the upload is not ours any more, or is tried already: the
    checks before may take longer than a lease, and then two threads of one process
    believe to have it.
    """
    with transaction.atomic():
        ours = Upload.objects.filter(
            pk=upload.pk, status=UploadStatus.UPLOADING, claimed_by=worker_id()
        ).update(said_absent=False)
        if not ours or upload.attempts.filter(outcome="").exists():
            raise ClaimLost
        last = upload.attempts.aggregate(last=Max("number"))["last"] or 0
        return UploadAttempt.objects.create(
            upload=upload,
            number=last + 1,
            worker=worker_id(),
            credential=credential,
            template_version_id=upload.template_version_id,
            started_at=clock.now(),
        )


def attempt_sending(attempt: UploadAttempt) -> None:
    """Commit that the request is about to leave. Raises UploadError when it may not.

    The attempt must still be open, its upload still ours and still approved, its account
    not paused: neither a claim that was swept away meanwhile nor an approval that ended
    may send.
    """
    now = clock.now()
    with transaction.atomic():
        # Locks the row against the sweep and against the end of the approval, and
        # begins the lease anew.
        row = Upload.objects.filter(pk=attempt.upload_id)
        ours = row.filter(
            status=UploadStatus.UPLOADING, claimed_by=attempt.worker
        ).update(claimed_at=now)
        approved = attempt.upload.approved_digest
        if ours and not row.filter(approved_digest=approved).exists():
            raise ApprovalEnded
        if ours and attempt.credential and not _may_be_used(attempt.credential):
            raise AccountPaused(
                f"The account {attempt.credential.label} was paused before this was "
                "sent. It goes on by itself."
            )
        sent = ours and UploadAttempt.objects.filter(
            pk=attempt.pk, outcome="", phase=Phase.CLAIMED
        ).update(phase=Phase.SENDING, sending_at=now)
    if not sent:
        raise ClaimLost
    attempt.phase = Phase.SENDING


def _may_be_used(account: Credential) -> bool:
    rows = Credential.objects.filter(pk=account.pk, is_active=True, paused_at=None)
    return rows.exists()


def attempt_close(
    attempt: UploadAttempt,
    *,
    outcome: Outcome,
    message: str,
    decision: str,
    error_code: str = "",
    http_status: int | None = None,
    answer: str = "",
    answered: bool = True,
) -> bool:
    """Write how a try ended; False when it was closed before."""
    now = clock.now()
    changes = {
        "outcome": outcome.value,
        "error_code": error_code,
        "message": redact(message)[:1000],
        "decision": redact(decision)[:500],
        "http_status": http_status,
        "answer": redact(answer)[:MAX_ANSWER_CHARS],
        "finished_at": now,
    }
    if answered:
        changes |= {"phase": Phase.ANSWERED.value, "answered_at": now}
    return bool(
        UploadAttempt.objects.filter(pk=attempt.pk, outcome="").update(**changes)
    )
