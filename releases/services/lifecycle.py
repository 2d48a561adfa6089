"""The last states of a release, set by whoever sends it, and what brings it back."""

from django.db import transaction
from django.utils.translation import gettext as _

from releases.errors import ReleaseError
from releases.models import Release, ReleaseEvent
from releases.services.moves import release_lock, release_move
from releases.services.nudges import prepare_nudge
from releases.signals import release_changed
from releases.states import ReleaseState

REOPENED = "Reopened by hand."
UNPUBLISHED = "Prepare it again, and it counts as published."


def release_mark_approved(
    *, release_id: int, actor_id: int | None, reason: str = "Approved."
) -> bool:
    """ready → approved."""
    return release_move(
        release_id,
        ReleaseState.READY,
        ReleaseState.APPROVED,
        reason=reason,
        actor_id=actor_id,
    )


def release_mark_rejected(
    *, release_id: int, actor_id: int | None, note: str = ""
) -> bool:
    """ready → rejected."""
    return release_move(
        release_id,
        ReleaseState.READY,
        ReleaseState.REJECTED,
        reason=f"Rejected. {note}".strip(),
        actor_id=actor_id,
    )


def release_mark_published(
    *, release_id: int, old: ReleaseState = ReleaseState.APPROVED
) -> bool:
    """approved → published: every upload succeeded.

    From ready as well (`old`), when preparing again left nothing to approve.
    """
    return release_move(
        release_id,
        old,
        ReleaseState.PUBLISHED,
        reason="Every upload succeeded.",
    )


def release_mark_waiting(*, release_id: int, why: str) -> None:
    """A ready release stays ready until it is prepared again; its history says why."""
    with transaction.atomic():
        if release_lock(release_id).state == ReleaseState.READY:
            ReleaseEvent.objects.create(
                release_id=release_id,
                old=ReleaseState.READY,
                new=ReleaseState.READY,
                reason=f"{why[:400]} {UNPUBLISHED}",
            )


def release_mark_changed(
    *, release_id: int, reason: str, actor_id: int | None = None
) -> bool:
    """Bring an approved, published or rejected release back to ready, and tell.

    The signal is sent in any case, since drafts depend on what changed.
    """
    with transaction.atomic():
        release_lock(release_id)
        moved = any(
            release_move(
                release_id, old, ReleaseState.READY, reason=reason, actor_id=actor_id
            )
            for old in (
                ReleaseState.APPROVED,
                ReleaseState.PUBLISHED,
                ReleaseState.REJECTED,
            )
        )
        release_changed.send(
            sender=Release, release_id=release_id, reason=reason, actor_id=actor_id
        )
    return moved


def release_files_changed(
    *, release_id: int, reason: str, actor_id: int | None = None
) -> None:
    """The files are no longer what was prepared: void, and prepare again."""
    with transaction.atomic():
        release_mark_changed(release_id=release_id, reason=reason, actor_id=actor_id)
        prepare_nudge(release_id)


def release_reopen(*, release_id: int, actor_id: int | None) -> None:
    """A person takes an approval or rejection back. Raises ReleaseError."""
    if not release_mark_changed(
        release_id=release_id, reason=REOPENED, actor_id=actor_id
    ):
        raise ReleaseError(
            _("Only an approved, published or rejected release can be reopened."),
            code="release_not_closed",
        )
