"""Made-up attempts: how each went, and what was settled between them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from uploads.states import Outcome

# Outcome, error code, HTTP status, whether an answer came, and how often.
FAILURES: tuple[tuple[Outcome, str, int | None, bool, int], ...] = (
    (Outcome.UNAVAILABLE, "tracker_unavailable", 503, True, 22),
    (Outcome.UNAVAILABLE, "tracker_unavailable", None, False, 12),
    (Outcome.RATE_LIMITED, "tracker_rate_limited", 429, True, 20),
    (Outcome.REJECTED, "upload_rejected", 200, True, 16),
    (Outcome.UNKNOWN, "outcome_unknown", None, False, 8),
    (Outcome.UNKNOWN, "unreadable_response", 200, True, 3),
    (Outcome.AUTH, "tracker_auth", 403, True, 5),
    (Outcome.CONFIG, "tracker_config", None, False, 2),
    (Outcome.UNSUPPORTED, "tracker_unsupported", None, False, 2),
    (Outcome.STALE, "worker_died", None, False, 3),
    (Outcome.CHANGED, "approval_ended", None, False, 1),
    (Outcome.INTERNAL, "internal", None, False, 1),
)
WEIGHTS = [weight for *_, weight in FAILURES]
ANSWER = '{"status": "failure", "error": "made up", "key": "•••"}'
UNSENT = (
    *(Outcome.CONFIG, Outcome.UNSUPPORTED),
    *(Outcome.STALE, Outcome.CHANGED, Outcome.INTERNAL),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """An attempt's own columns, and when it was over."""

    columns: dict[str, Any]
    over: datetime


def tries_make(
    random: Random, count: int, began: datetime, *, ends_well: bool, speed: float
) -> list[Try]:
    """So many attempts one after another; all but the last fail.

    `speed` is the usual number of seconds until this tracker answers.
    """
    found: list[Try] = []
    at = began
    for number in range(1, count + 1):
        good = ends_well and number == count
        one = _try(random, number, at, good=good, speed=speed)
        found.append(one)
        at = one.over + timedelta(seconds=random.uniform(10, 900))
    return found


def _try(random: Random, number: int, at: datetime, *, good: bool, speed: float) -> Try:
    status: int | None
    if good:
        outcome = Outcome.DUPLICATE if random.random() < 0.02 else Outcome.SUCCESS
        code = "upload_duplicate" if outcome is Outcome.DUPLICATE else ""
        status, answered = 200, True
    else:
        outcome, code, status, answered, _ = random.choices(FAILURES, WEIGHTS)[0]
    waited = timedelta(seconds=random.lognormvariate(-1.2, 0.6))
    took = timedelta(seconds=speed * random.lognormvariate(0, 0.5))
    sent = outcome not in UNSENT
    sending = at + waited if sent else None
    over = at + waited + (took if sent else timedelta())
    phase = "answered" if answered else "sending" if sent else "claimed"
    return Try(
        columns={
            "number": number,
            "phase": phase,
            "outcome": outcome.value,
            "error_code": code,
            "message": "The tracker took it." if good else f"Made up: {code}.",
            "http_status": status,
            "answer": ANSWER if answered else "",
            "decision": "Done." if good else "Made up: tried again.",
            "worker": "made-up:1",
            "started_at": at,
            "sending_at": sending,
            "answered_at": over if answered else None,
            "finished_at": over,
        },
        over=over,
    )
