"""A clock that jumped: the living keep their claims, and nothing waits for the jump."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max

from common import clock
from trackers.models import RequestBudget, Tracker
from trackers.registry import families, get_adapter_class
from uploads.models import DuplicateSearch, Upload
from uploads.retry import LONGEST_DELAY, LONGEST_WAIT, look_delays
from uploads.services.seeding import FOLLOWED
from uploads.states import Outcome, UploadStatus

# What clocks of several machines may differ by, and what a busy machine may lose.
TOLERANCE_SECONDS = 60.0
# Nobody who follows seeding looks away for longer; a client may be held for as long.
LONGEST_LOOK_SECONDS = 600.0
_CLAIMED = (UploadStatus.UPLOADING, UploadStatus.UNKNOWN)


class Leap:
    """Notices that the wall clock moved on by more than the time that passed.

    Leases are counted by the wall clock: after a leap they all seem over, also those
    of workers that are alive. So for one lease, of real time, nobody goes by them.
    """

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()
        self._until = float("-inf")

    def is_recent(self) -> bool:
        """Whether the clock jumped less than a lease ago. Ask often."""
        now = time.monotonic()
        offset = time.time() - now
        if abs(offset - self._offset) > TOLERANCE_SECONDS:
            self._until = now + settings.CLAIM_LEASE_SECONDS
        self._offset = offset
        return now < self._until


def times_mend() -> None:
    """Bring back what lies further ahead than anything is ever put off.

    A clock that was wrong wrote it, or one that has been set back since. The pause
    that a site asked for may be that long, and stays.
    """
    now = clock.now()
    soon = now + timedelta(seconds=TOLERANCE_SECONDS)
    Upload.objects.filter(status__in=_CLAIMED, claimed_at__gt=soon).update(
        claimed_at=now  # its lease begins now
    )
    DuplicateSearch.objects.filter(claimed_at__gt=soon).update(claimed_at=now)
    late = now + timedelta(seconds=_longest_wait(now))
    DuplicateSearch.objects.filter(due_at__gt=late).update(due_at=now)
    Upload.objects.filter(
        status__in=(UploadStatus.PENDING, UploadStatus.UNKNOWN), not_before__gt=late
    ).exclude(reason__code=Outcome.RATE_LIMITED).update(not_before=now)
    Upload.objects.filter(
        status=UploadStatus.SUCCESS,
        seeding__in=FOLLOWED,
        seeding_due_at__gt=now + timedelta(seconds=LONGEST_LOOK_SECONDS),
    ).update(seeding_due_at=now)


def _longest_wait(now: datetime) -> float:
    """Seconds that an upload may be put off by anything but a site's own wish.

    What waits for the account that a site wants to rest waits for as long as that.
    """
    longest = max(
        LONGEST_DELAY * 1.2,
        settings.CLAIM_LEASE_SECONDS,
        *_windows(),
        *_gaps(),
        min(_blocked(now), LONGEST_WAIT),
    )
    return longest + TOLERANCE_SECONDS


def _windows() -> Iterator[float]:
    rows = Tracker.objects.order_by().values_list("budget_seconds", "action_budgets")
    for seconds, actions in rows:
        yield float(seconds)
        yield from (float(window[1]) for window in actions.values())


def _gaps() -> Iterator[float]:
    """Between the looks for an upload whose answer got lost."""
    for family in families():
        lag = get_adapter_class(family).index_lag()
        yield from look_delays(lag, settings.SETTLE_LOOKS)


def _blocked(now: datetime) -> float:
    """Seconds until the last account that a site lets wait may be used again."""
    last = RequestBudget.objects.aggregate(last=Max("blocked_until"))["last"]
    return float((last - now).total_seconds()) if last else 0.0
