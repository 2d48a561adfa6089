"""A tracker that moves to another address: its accounts' secrets do not go along.

Whoever may change an address could otherwise have the stored secrets sent to a server
of their own, and so read what is write-only.
"""

from django.db import transaction
from django.utils import timezone

from common.addresses import MOVED, origin
from trackers.models import Credential, Tracker


def tracker_save(tracker: Tracker) -> bool:
    """Store a tracker; at another scheme, host or port its secrets are dropped.

    Gives whether they were. Its accounts are paused until they are entered again.
    """
    with transaction.atomic():
        before = Tracker.objects.select_for_update().filter(pk=tracker.pk).first()
        tracker.save()
        if before is None or _places(before) == _places(tracker):
            return False
        now = timezone.now()
        emptied = Credential.objects.filter(tracker=tracker).update(
            values={},
            rotated_at=now,
            paused_at=now,
            paused_reason=MOVED,
            paused_by_hand=False,
            check_ok=None,
            check_message="",
        )
    return bool(emptied)


def _places(tracker: Tracker) -> list[tuple[str, str, int | None]]:
    """Where keys and passkeys are sent to."""
    return [origin(tracker.base_url), origin(tracker.announce_url)]
