"""What follows each kind of failure."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackers import errors
from uploads.retry import (
    LONGEST_DELAY,
    LONGEST_WAIT,
    RATE_LIMIT_DELAY,
    backoff,
    decide,
    look_delays,
    misses_within,
    next_look,
)
from uploads.states import Outcome, UploadStatus

PATIENCE = 48 * 3600.0


@pytest.mark.parametrize(
    ("error", "status", "outcome"),
    [
        (errors.TrackerAuthError("no"), UploadStatus.FAILED, Outcome.AUTH),
        (errors.TrackerConfigError("no"), UploadStatus.FAILED, Outcome.CONFIG),
        (errors.UnsupportedByTracker("no"), UploadStatus.FAILED, Outcome.UNSUPPORTED),
        (errors.UploadRejected("no"), UploadStatus.FAILED, Outcome.REJECTED),
        (errors.DuplicateUpload("no"), UploadStatus.SUCCESS, Outcome.DUPLICATE),
        (errors.OutcomeUnknown("no"), UploadStatus.UNKNOWN, Outcome.UNKNOWN),
        (errors.UnreadableResponse("no"), UploadStatus.UNKNOWN, Outcome.UNKNOWN),
        (errors.TrackerUnavailable("no"), UploadStatus.PENDING, Outcome.UNAVAILABLE),
        (errors.TrackerRateLimited("no"), UploadStatus.PENDING, Outcome.RATE_LIMITED),
        (errors.TrackerError("no"), UploadStatus.FAILED, Outcome.INTERNAL),
    ],
)
def test_the_class_of_an_error_decides(error, status, outcome):
    decision = decide(error)
    assert (decision.status, decision.outcome) == (status, outcome)
    assert decision.why


def test_only_a_refused_key_pauses_the_credential():
    assert decide(errors.TrackerAuthError("no")).pause_credential
    assert not decide(errors.UploadRejected("no")).pause_credential


def test_a_rate_limit_blocks_the_budget_and_does_not_count_as_a_try():
    error = errors.TrackerRateLimited("slow down", retry_after=42)
    decision = decide(error)
    assert decision.status is UploadStatus.PENDING
    assert decision.block_budget
    assert not decision.counts
    assert decision.delay == 42


@pytest.mark.parametrize(
    ("asked", "waits"),
    [
        *((None, RATE_LIMIT_DELAY), (0, RATE_LIMIT_DELAY), (-5, RATE_LIMIT_DELAY)),
        *((4 * 3600, 4 * 3600), (10**9, LONGEST_WAIT)),
    ],
)
def test_a_site_is_given_the_rest_it_asks_for(asked, waits):
    error = errors.TrackerRateLimited("slow down", retry_after=asked)
    assert decide(error).delay == waits


def test_an_unreachable_tracker_is_given_up_when_patience_ends():
    error, most = errors.TrackerUnavailable("down"), misses_within(PATIENCE)
    last = decide(error, misses=most - 1, patience=PATIENCE)
    assert last.status is UploadStatus.PENDING
    assert not last.counts
    assert LONGEST_DELAY * 0.8 <= last.delay <= LONGEST_DELAY * 1.2
    given_up = decide(error, misses=most, patience=PATIENCE)
    assert given_up.status is UploadStatus.FAILED
    assert f"Not reachable in {most} tries within 48 hours: down" in given_up.why


@pytest.mark.parametrize(
    ("patience", "misses"), [(0, 1), (10, 2), (29, 3), (30, 3), (31, 4), (2550, 9)]
)
def test_the_gaps_between_the_misses_fill_the_patience(patience, misses):
    assert misses_within(patience) == misses


def test_two_days_of_patience_are_about_a_hundred_tries():
    assert misses_within(PATIENCE) == 104


@given(st.integers(1, 60), st.floats(-1, 1))
def test_backoff_stays_within_its_cap_and_spread(tries, spread):
    delay = backoff(tries, spread=spread)
    assert 0 < delay <= LONGEST_DELAY * 1.2


@given(st.integers(1, 7))
def test_backoff_doubles(tries):
    assert backoff(tries + 1, spread=0) == 2 * backoff(tries, spread=0)


def test_backoff_differs_between_workers():
    assert len({backoff(3) for _ in range(20)}) > 1


def test_looks_end_after_the_schedule():
    assert [next_look(n, (3, 10)) for n in range(3)] == [3, 10, None]


@pytest.mark.parametrize("lag", [0, 1, 38, 39, 60, 300, 3600])
def test_looks_reach_beyond_what_an_index_may_lag(lag):
    delays = look_delays(lag)
    assert sum(delays[1:]) > lag, "whenever the first one was"
    assert len(delays) >= 3
    assert all(later == 3 * sooner for sooner, later in pairwise(delays))


def test_looks_are_as_wished_where_somebody_wishes():
    assert look_delays(300, [0.2, 0.3]) == (0.2, 0.3)
