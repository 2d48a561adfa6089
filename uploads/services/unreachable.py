"""Uploads that wait together for a tracker that cannot be reached."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from common import clock
from trackers.models import Credential
from trackers.services.budgets import budget_lock
from uploads.models import Upload
from uploads.services.lanes import due_uploads
from uploads.states import Outcome, UploadStatus


def unreachable_hold(credential: Credential, *, seconds: float, error: str) -> None:
    """Let all that is due at a tracker wait together with who did not reach it.

    Each counts the miss as its own: it waited just as long. So one upload finds out
    for ten thousand, and none of them waits for ever.
    """
    tracker = credential.tracker
    why = f"{error} It is tried again in {seconds:.0f} s."
    with transaction.atomic():
        budget_lock(credential)  # two such statements at once could lock each other
        due_uploads().order_by().filter(tracker=tracker).update(
            not_before=clock.now() + timedelta(seconds=seconds),
            misses=F("misses") + 1,
            reason={"code": Outcome.UNAVAILABLE.value, "message": why},
        )


def unreachable_end(credential: Credential) -> None:
    """Make due what waits for a tracker that could not be reached: it answered."""
    waiting = Upload.objects.filter(
        status=UploadStatus.PENDING,
        tracker=credential.tracker,
        misses__gt=0,
        reason__code=Outcome.UNAVAILABLE,
    )
    if waiting.exists():
        with transaction.atomic():
            budget_lock(credential)
            waiting.update(misses=0, not_before=None, reason={})
