"""The one door through which a release changes its state."""

from typing import Any

from django.db import transaction

from releases.models import Release, ReleaseEvent
from releases.states import check_move


def release_lock(release_id: int) -> Release:
    """Hold a release until the transaction ends; gives its state and revision.

    Whoever locks uploads in the same transaction takes their release first, so that
    two can never wait for each other. Rows that point to it may still be written.
    """
    rows = Release.objects.select_for_update(no_key=True).only("state", "revision")
    return rows.get(pk=release_id)


def release_move(
    release_id: int,
    old: str,
    new: str,
    *,
    reason: str = "",
    actor_id: int | None = None,
    only_if: dict[str, Any] | None = None,
    **changes: Any,
) -> bool:
    """Move a release from `old` to `new` and record it; False when it was elsewhere.

    `only_if` are further conditions of the compare-and-set, `changes` further columns
    written in the same statement. Raises IllegalMove.
    """
    check_move(old, new)
    with transaction.atomic():
        moved = Release.objects.filter(
            pk=release_id, state=old, **(only_if or {})
        ).update(state=new, **changes)
        if moved:
            ReleaseEvent.objects.create(
                release_id=release_id,
                old=old,
                new=new,
                reason=reason[:500],
                actor_id=actor_id,
            )
    return bool(moved)
