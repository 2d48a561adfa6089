"""How an attempt's outcome counts in the figures. Pure."""

from collections.abc import Mapping

from uploads.states import Outcome

SUCCEEDED, FAILED, PUT_OFF, UNKNOWN = "succeeded", "failed", "put_off", "unknown"
RESULTS = (SUCCEEDED, FAILED, PUT_OFF, UNKNOWN)
# Those not named here count as failed.
_RESULT_OF: Mapping[str, str] = {
    Outcome.SUCCESS.value: SUCCEEDED,
    Outcome.DUPLICATE.value: SUCCEEDED,
    Outcome.UNAVAILABLE.value: PUT_OFF,
    Outcome.RATE_LIMITED.value: PUT_OFF,
    Outcome.STALE.value: PUT_OFF,
    Outcome.UNKNOWN.value: UNKNOWN,
}
OUTCOMES = frozenset(outcome.value for outcome in Outcome)


def result_of(outcome: str) -> str:
    """How an attempt with this outcome counts."""
    return _RESULT_OF.get(outcome, FAILED)


def outcomes_of(result: str) -> list[str]:
    """The outcomes that count as this result."""
    return [one.value for one in Outcome if result_of(one.value) == result]
