"""Answers to requests with an Idempotency-Key: kept for a day, given again."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils import timezone

from common.errors import AppError
from config.models import StoredAnswer

KEPT = timedelta(hours=24)
# Longer than any request runs: whoever began it is dead.
LAPSE = timedelta(minutes=15)
HEADERS = ("Content-Type", "ETag", "Location")


class IdempotencyError(AppError):
    """A key that cannot be used, or not now."""

    code = "idempotency_key"


def answer_reserve(
    user: User, *, key: str, path: str, fingerprint: str
) -> tuple[StoredAnswer, bool]:
    """The row of a key, and whether the caller is the one to do the work.

    The unique constraint decides between two at the same moment. Raises
    IdempotencyError for another request under the same key, and while one runs.
    """
    for _ in range(3):
        now = timezone.now()
        names = {"user_id": user.pk, "key": key, "path": path}
        try:
            with transaction.atomic():
                row = StoredAnswer.objects.create(
                    **names, fingerprint=fingerprint, started_at=now, created_at=now
                )
            return row, True
        except IntegrityError:
            row_there = StoredAnswer.objects.filter(**names).first()
        if row_there is None:
            continue
        if row_there.created_at < now - KEPT:
            StoredAnswer.objects.filter(pk=row_there.pk).delete()
            continue
        return row_there, _is_ours(row_there, fingerprint)
    raise _running()


def _is_ours(row: StoredAnswer, fingerprint: str) -> bool:
    if row.fingerprint != fingerprint:
        raise IdempotencyError(
            "This Idempotency-Key came with another request already. Use a new key "
            "for each new request, and the same only to repeat one.",
            code="idempotency_mismatch",
        )
    if row.status is not None:
        return False
    now = timezone.now()
    taken = StoredAnswer.objects.filter(
        pk=row.pk, status=None, started_at=row.started_at, started_at__lt=now - LAPSE
    ).update(started_at=now)
    if not taken:
        raise _running()
    return True


def answer_keep(row: StoredAnswer, response: HttpResponse) -> None:
    """Store what was answered."""
    headers = {name: response[name] for name in HEADERS if name in response}
    StoredAnswer.objects.filter(pk=row.pk).update(
        status=response.status_code,
        headers=headers,
        body=response.content.decode(),
    )


def answer_forget(row: StoredAnswer) -> None:
    """Let the key be used again: nothing was done."""
    StoredAnswer.objects.filter(pk=row.pk).delete()


def answers_clean() -> None:
    """Forget what is older than a day."""
    StoredAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


def _running() -> IdempotencyError:
    return IdempotencyError(
        "The first request with this Idempotency-Key still runs. Ask again after "
        "Retry-After seconds.",
        code="idempotency_running",
        extra={"retry_after": 2},
    )
