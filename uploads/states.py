"""The states of an upload and the moves between them. Pure.

draft → pending → uploading → success | failed | unknown | pending (not before …)
unknown → success | pending | failed        failed → pending (retry)
draft | pending | failed → cancelled        pending → draft (the release changed)
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class UploadStatus(StrEnum):
    """Where an upload stands."""

    DRAFT = "draft"
    PENDING = "pending"
    UPLOADING = "uploading"
    SUCCESS = "success"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


_S = UploadStatus
MOVES: dict[UploadStatus, frozenset[UploadStatus]] = {
    _S.DRAFT: frozenset({_S.PENDING, _S.CANCELLED}),
    _S.PENDING: frozenset({_S.UPLOADING, _S.DRAFT, _S.CANCELLED, _S.FAILED}),
    _S.UPLOADING: frozenset({_S.SUCCESS, _S.FAILED, _S.UNKNOWN, _S.PENDING}),
    _S.UNKNOWN: frozenset({_S.SUCCESS, _S.PENDING, _S.FAILED}),
    _S.FAILED: frozenset({_S.PENDING, _S.DRAFT, _S.CANCELLED, _S.SUCCESS}),
    _S.SUCCESS: frozenset(),
    _S.CANCELLED: frozenset(),
}

# A release and tracker have at most one upload that is not cancelled.
LIVE = frozenset(UploadStatus) - {_S.CANCELLED}
# Nothing may change what these say: they are being sent, or were.
FROZEN = frozenset({_S.UPLOADING, _S.UNKNOWN, _S.SUCCESS})
# Reasons of a failed upload of which only a person can say whether it is there.
QUESTIONS = frozenset({"outcome_unsettled", "sent_in_vain"})


def is_question(status: str, reason: Mapping[str, Any]) -> bool:
    """Whether an upload with this status and reason waits for a person's word."""
    return status == UploadStatus.FAILED and reason.get("code") in QUESTIONS


class IllegalMove(Exception):
    """A move that the table of legal moves does not hold."""


def check_move(old: str, new: str) -> None:
    """Raise IllegalMove unless an upload may go from `old` to `new`."""
    if UploadStatus(new) not in MOVES[UploadStatus(old)]:
        raise IllegalMove(f"An upload cannot go from {old} to {new}.")


class Phase(StrEnum):
    """How far an attempt came. `sending` is committed before the request leaves."""

    CLAIMED = "claimed"
    SENDING = "sending"
    ANSWERED = "answered"


class Outcome(StrEnum):
    """How an attempt ended; empty while it runs."""

    SUCCESS = "success"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    UNAVAILABLE = "unavailable"
    RATE_LIMITED = "rate_limited"
    AUTH = "auth"
    CONFIG = "config"
    UNSUPPORTED = "unsupported"
    UNKNOWN = "unknown"
    STALE = "stale"
    CHANGED = "changed"
    INTERNAL = "internal"


class Seeding(StrEnum):
    """Where the proof of seeding stands; empty until the upload succeeded."""

    NONE = ""
    WAITING = "waiting"
    ADDED = "added"
    CONFIRMED = "confirmed"
    PROBLEM = "problem"
    LOST = "lost"
    NO_CLIENT = "no_client"


# For the command line, which is English and may run without settings; pages have them
# from Upload.SeedingState.
SEEDING_WORDS = {
    Seeding.NONE: "—",
    Seeding.WAITING: "Waiting for the client",
    Seeding.ADDED: "Added, not yet proven",
    Seeding.CONFIRMED: "Confirmed",
    Seeding.PROBLEM: "Problem",
    Seeding.LOST: "Stopped",
    Seeding.NO_CLIENT: "No torrent client",
}
