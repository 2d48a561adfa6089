"""The states of a release and the moves between them. Pure.

new → preparing → ready → approved → published
           ↘ failed   ↘ rejected
Any change of files or metadata brings approved, published and rejected back to
ready; preparing again is possible from every state that is not in work.
"""

from enum import StrEnum


class ReleaseState(StrEnum):
    """Where a release stands."""

    NEW = "new"
    PREPARING = "preparing"
    READY = "ready"
    APPROVED = "approved"
    PUBLISHED = "published"
    REJECTED = "rejected"
    FAILED = "failed"


_S = ReleaseState
MOVES: dict[ReleaseState, frozenset[ReleaseState]] = {
    _S.NEW: frozenset({_S.PREPARING}),
    _S.PREPARING: frozenset({_S.READY, _S.FAILED, _S.NEW}),
    _S.READY: frozenset({_S.APPROVED, _S.REJECTED, _S.PREPARING, _S.PUBLISHED}),
    _S.APPROVED: frozenset({_S.PUBLISHED, _S.READY}),
    _S.PUBLISHED: frozenset({_S.READY, _S.APPROVED}),
    _S.REJECTED: frozenset({_S.READY, _S.PREPARING}),
    _S.FAILED: frozenset({_S.PREPARING}),
}


class IllegalMove(Exception):
    """A move that the table of legal moves does not hold."""


def check_move(old: str, new: str) -> None:
    """Raise IllegalMove unless a release may go from `old` to `new`."""
    if ReleaseState(new) not in MOVES[ReleaseState(old)]:
        raise IllegalMove(f"A release cannot go from {old} to {new}.")
