"""Work on a release belongs to one process at a time."""

from typing import Any

from django.db.models import Max

from common import clock
from common.worker import is_abandoned, worker_id
from releases.models import Release, ReleaseEvent
from releases.services.moves import release_move
from releases.states import ReleaseState

MOST_DEATHS = 3
DIED = "The worker that prepared it has died; it starts again."
DEADLY = (
    f"The worker died {MOST_DEATHS} times while it prepared this release. Look into "
    "the worker's log and at the machine's memory, then prepare again."
)
DEADLY_ERROR = {"code": "worker_died", "message": DEADLY}


def release_claim(release_id: int) -> bool:
    """Take a release into preparation; False when another process has it."""
    for old in (
        ReleaseState.NEW,
        ReleaseState.READY,
        ReleaseState.REJECTED,
        ReleaseState.FAILED,
    ):
        if release_move(
            release_id,
            old,
            ReleaseState.PREPARING,
            reason="Preparation started.",
            claimed_by=worker_id(),
            claimed_at=clock.now(),
            error={},
            progress={},
            cancel_requested=False,
        ):
            return True
    return False


def release_let_go(release_id: int, new: str, *, reason: str, **changes: Any) -> bool:
    """End a preparation in state `new`; only the process that claimed it may."""
    return release_move(
        release_id,
        ReleaseState.PREPARING,
        new,
        reason=reason,
        only_if={"claimed_by": worker_id()},
        claimed_by="",
        claimed_at=None,
        **changes,
    )


def releases_recover() -> list[int]:
    """Bring back to new what a dead worker was preparing; gives their ids.

    What has killed MOST_DEATHS workers in a row fails instead, and starts no more by
    itself.
    """
    recovered = []
    rows = Release.objects.filter(state=ReleaseState.PREPARING).values_list(
        "pk", "claimed_by", "claimed_at"
    )
    for pk, worker, claimed_at in rows:
        if not is_abandoned(worker, claimed_at):
            continue
        if _deaths(pk) + 1 >= MOST_DEATHS:
            _free(pk, worker, ReleaseState.FAILED, DEADLY, error=DEADLY_ERROR)
        elif _free(pk, worker, ReleaseState.NEW, DIED):
            recovered.append(pk)
    return recovered


def releases_free_all() -> None:
    """Bring back to new whatever is being prepared: nobody works on anything."""
    rows = Release.objects.filter(state=ReleaseState.PREPARING)
    for pk, worker in rows.values_list("pk", "claimed_by"):
        _free(pk, worker, ReleaseState.NEW, "Restored from a backup; it starts again.")


def _free(
    release_id: int, worker: str, new: ReleaseState, reason: str, **changes: Any
) -> bool:
    return release_move(
        release_id,
        ReleaseState.PREPARING,
        new,
        reason=reason,
        only_if={"claimed_by": worker},
        claimed_by="",
        claimed_at=None,
        progress={},
        **changes,
    )


def _deaths(release_id: int) -> int:
    """How often its worker died since a preparation last came to an end."""
    events = ReleaseEvent.objects.filter(release_id=release_id)
    ended = events.filter(
        old=ReleaseState.PREPARING, new__in=(ReleaseState.READY, ReleaseState.FAILED)
    ).aggregate(last=Max("pk"))["last"]
    return events.filter(
        pk__gt=ended or 0,
        old=ReleaseState.PREPARING,
        new=ReleaseState.NEW,
        reason=DIED,
    ).count()
