"""Asking a worker to prepare a release, so that one wish is fulfilled once.

A queue may deliver twice, and whoever sweeps repeats what waits too long. So each
nudge says how far the release's history was when it was sent; once a preparation has
ended after that point, the nudge has nothing left to ask for.
"""

from django.db.models import Max

from common.queue import enqueue
from releases.models import ReleaseEvent
from releases.states import ReleaseState

PREPARE_TASK = "releases.tasks.prepare_release"


def prepare_nudge(release_id: int) -> None:
    """Queue a preparation."""
    events = ReleaseEvent.objects.filter(release_id=release_id)
    last = events.aggregate(last=Max("pk"))["last"] or 0
    enqueue(PREPARE_TASK, release_id=release_id, since=last)


def is_fulfilled(release_id: int, since: int) -> bool:
    """Whether a preparation came to an end after event `since`."""
    return ReleaseEvent.objects.filter(
        release_id=release_id,
        pk__gt=since,
        old=ReleaseState.PREPARING,
        new__in=(ReleaseState.READY, ReleaseState.FAILED),
    ).exists()
