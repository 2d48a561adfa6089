"""From what went wrong to what happens next. Pure.

Only an outcome of which it is sure that the site stored nothing leads to another
send; everything else waits for a person or asks the tracker first.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from common.texts import gettext_noop
from trackers.errors import (
    DuplicateUpload,
    OutcomeUnknown,
    TrackerAuthError,
    TrackerConfigError,
    TrackerError,
    TrackerRateLimited,
    TrackerUnavailable,
    UnsupportedByTracker,
    UploadRejected,
)
from uploads.states import Outcome, UploadStatus

# Rows keep these; pages look them up (`common.spoken`).
LOOK_AT_ATTEMPT = gettext_noop("Look at the attempt, then retry.")
ASKS_TO_WAIT = gettext_noop(
    "The tracker asks to wait; nothing was stored. Next try in %(seconds)s s."
)
NOT_REACHABLE = gettext_noop(
    "Not reachable in %(count)s tries within %(hours)s hours: %(why)s"
)
RETRY_LATER = gettext_noop("Nothing was stored. Retry when the tracker is back.")
NEXT_TRY = gettext_noop("Nothing was stored; next try in %(seconds)s s.")
KEY_PAUSED = gettext_noop(
    "The credential is paused until a working key is entered or a test goes well; then "
    "retry."
)
CORRECT_TRACKER = gettext_noop(
    "Correct the tracker's settings or credential, and retry."
)
CHANGE_RELEASE = gettext_noop(
    "Change the release or the template so that the tracker can take it."
)
THERE_ALREADY = gettext_noop("The tracker has this very torrent already; linked to it.")
CORRECT_NAMED = gettext_noop(
    "Correct what the site names, approve again, and it is sent anew."
)
ASKED_FIRST = gettext_noop("It may have been stored, so the tracker is asked first.")

MAX_TRIES = 5
FIRST_DELAY = 10.0
LONGEST_DELAY = 1800.0
RATE_LIMIT_DELAY = 15.0
PATIENCE = 48 * 3600.0  # with a tracker that cannot be reached
LONGEST_WAIT = 86_400.0  # that a site may ask for
BLIND_LOOKS = 8
FIRST_LOOK = 3.0
FEWEST_LOOKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What follows an attempt: the next status, when (seconds), and why."""

    status: UploadStatus
    outcome: Outcome
    why: str
    remedy: str = ""
    delay: float = 0.0
    pause_credential: bool = False
    block_budget: bool = False
    counts: bool = True


def backoff(tries: int, *, spread: float | None = None) -> float:
    """Seconds to wait after the `tries`-th failure: doubling, capped, ± 20 %.

    `spread` replaces the random part (-1 to 1) where a test wants a fixed one.
    """
    jitter = random.uniform(-1, 1) if spread is None else spread  # noqa: S311 - spreads load, hides nothing
    delay = min(FIRST_DELAY * 2.0 ** max(tries - 1, 0), LONGEST_DELAY)
    return delay * (1 + 0.2 * jitter)


def misses_within(patience: float) -> int:
    """How many misses in a row, with the waits between them, fill so many seconds.

    They are counted rather than timed: a Herald that was off for a week, or a clock
    that jumped, has not been patient.
    """
    misses, waited = 1, 0.0
    while waited < patience:
        waited += backoff(misses, spread=0)
        misses += 1
    return misses


def decide(
    error: TrackerError,
    *,
    misses: int = 1,
    patience: float = PATIENCE,
    spread: float | None = None,
) -> Decision:
    """What to do after `error`.

    `misses` is how many tries in a row did not reach the tracker, if this is one, and
    `patience` for how many seconds it may go on like that.
    """
    for kind, rule in _RULES:
        if isinstance(error, kind):
            return rule(error)
    if isinstance(error, TrackerUnavailable):
        return _unavailable(error, misses, patience, spread)
    return Decision(
        status=UploadStatus.FAILED,
        outcome=Outcome.INTERNAL,
        why=error.message,
        remedy=LOOK_AT_ATTEMPT,
    )


def _rate_limited(error: TrackerError) -> Decision:
    wait = min(max(error.retry_after or 0.0, 0.0) or RATE_LIMIT_DELAY, LONGEST_WAIT)
    return Decision(
        status=UploadStatus.PENDING,
        outcome=Outcome.RATE_LIMITED,
        why=ASKS_TO_WAIT % {"seconds": f"{wait:.0f}"},
        delay=wait,
        block_budget=True,
        counts=False,
    )


def _unavailable(
    error: TrackerError, misses: int, patience: float, spread: float | None
) -> Decision:
    """Nothing is wrong with the upload, so it waits for as long as patience lasts."""
    if misses >= misses_within(patience):
        return Decision(
            status=UploadStatus.FAILED,
            outcome=Outcome.UNAVAILABLE,
            why=NOT_REACHABLE
            % {
                "count": misses,
                "hours": f"{patience / 3600:.0f}",
                "why": error.message,
            },
            remedy=RETRY_LATER,
        )
    delay = backoff(misses, spread=spread)
    return Decision(
        status=UploadStatus.PENDING,
        outcome=Outcome.UNAVAILABLE,
        why=f"{error.message} {NEXT_TRY % {'seconds': f'{delay:.0f}'}}",
        delay=delay,
        counts=False,
    )


def _auth(error: TrackerError) -> Decision:
    return Decision(
        status=UploadStatus.FAILED,
        outcome=Outcome.AUTH,
        why=error.message,
        remedy=KEY_PAUSED,
        pause_credential=True,
    )


def _config(error: TrackerError) -> Decision:
    return Decision(
        status=UploadStatus.FAILED,
        outcome=Outcome.CONFIG,
        why=error.message,
        remedy=CORRECT_TRACKER,
    )


def _unsupported(error: TrackerError) -> Decision:
    return Decision(
        status=UploadStatus.FAILED,
        outcome=Outcome.UNSUPPORTED,
        why=error.message,
        remedy=CHANGE_RELEASE,
    )


def _duplicate(error: TrackerError) -> Decision:
    return Decision(
        status=UploadStatus.SUCCESS,
        outcome=Outcome.DUPLICATE,
        why=THERE_ALREADY,
    )


def _rejected(error: TrackerError) -> Decision:
    return Decision(
        status=UploadStatus.FAILED,
        outcome=Outcome.REJECTED,
        why=error.message,
        remedy=CORRECT_NAMED,
    )


def _unknown(error: TrackerError) -> Decision:
    return Decision(
        status=UploadStatus.UNKNOWN,
        outcome=Outcome.UNKNOWN,
        why=f"{error.message} {ASKED_FIRST}",
    )


# The narrow classes stand before the wide ones.
_RULES = (
    (TrackerRateLimited, _rate_limited),
    (TrackerAuthError, _auth),
    (TrackerConfigError, _config),
    (UnsupportedByTracker, _unsupported),
    (DuplicateUpload, _duplicate),
    (UploadRejected, _rejected),
    (OutcomeUnknown, _unknown),
)


def look_delays(lag: float, wished: Sequence[float] = ()) -> tuple[float, ...]:
    """Seconds before each look for an upload. Found at none, it is surely absent.

    Each gap is three times the one before it, until the first and the last look lie
    further apart than `lag`, the seconds for which the site may miss what it has.
    `wished` replaces all of that.
    """
    delays = [FIRST_LOOK]
    while len(delays) < FEWEST_LOOKS or sum(delays[1:]) <= lag:
        delays.append(delays[-1] * 3)
    return tuple(wished) or tuple(delays)


def next_look(absences: int, delays: Sequence[float]) -> float | None:
    """Seconds until the next look after `absences` looks found nothing.

    None: it was looked for often enough; it is surely absent.
    """
    return delays[absences] if absences < len(delays) else None
