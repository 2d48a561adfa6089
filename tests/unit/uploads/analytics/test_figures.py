"""Every figure is what a naive recount of the rows gives, at every moment."""

from collections import Counter
from dataclasses import asdict
from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from django.utils import timezone

from tests import factories
from tests.unit.uploads.analytics.world import Recount, World
from uploads.analytics.durations import NEWEST, percentile
from uploads.analytics.figures import report
from uploads.analytics.scope import scope_of
from uploads.models import ErrorTally, EventCursor, Tally, Upload, UploadAttempt
from uploads.services.tallying import tallies_are_due, tallies_refresh
from uploads.states import Outcome

pytestmark = pytest.mark.django_db
SLACK = 0.011  # both round to a hundredth of a second


def plain(counted):
    """What was counted, without zeros."""
    return {
        key: found
        for key, counts in counted.items()
        if (found := +Counter(asdict(counts)))
    }


def attempts_only(counted):
    wanted = ("succeeded", "failed", "put_off", "unknown", "firsts")
    more = tuple(f"{name}_succeeded" for name in ("first", "second", "third"))
    return {
        key: kept
        for key, found in counted.items()
        if (kept := {n: v for n, v in found.items() if n in (*wanted, *more)})
    }


def check(query):
    scope = scope_of(query)
    found, naive = report(scope), Recount(scope)
    assert plain(found.by_tracker) == naive.trackers
    assert attempts_only(plain({k[0]: v for k, v in found.history.items()})) == (
        naive.history
    )
    versions = {version: counts for (_, version), counts in found.by_version.items()}
    assert attempts_only(plain(versions)) == naive.versions
    assert attempts_only(plain(found.by_person)) == naive.people
    assert dict(found.errors) == dict(naive.errors)
    check_times(found, naive)
    split = report(scope, split=True)
    summed: dict[Any, Any] = {}
    for (day, _tracker), counts in split.history.items():
        summed.setdefault(day, Counter()).update(asdict(counts))
    assert attempts_only({day: +found for day, found in summed.items()}) == (
        naive.history
    )


def check_times(found, naive):
    assert set(found.phases) == set(naive.phases)
    for tracker, attempts in naive.phases.items():
        for phase, begin, end in (
            ("claimed", "started_at", "sending_at"),
            ("sending", "sending_at", "answered_at"),
            ("whole", "started_at", "answered_at"),
        ):
            took = sorted(
                (getattr(one, end) - getattr(one, begin)).total_seconds()
                for one in attempts
            )
            times = found.phases[tracker][phase]
            assert times.rows == len(took)
            assert times.median == pytest.approx(median(took), abs=SLACK)
            assert took[int(0.95 * (len(took) - 1))] <= times.p95 + SLACK
            assert times.p95 == pytest.approx(percentile(took, 0.95), abs=SLACK)
    assert set(found.proofs) == set(naive.proofs)
    for tracker, took in naive.proofs.items():
        assert found.proofs[tracker].rows == len(took)
        assert found.proofs[tracker].median == pytest.approx(median(took), abs=SLACK)


def queries(world):
    today = world.now.date()
    custom = {
        "from": str(today - timedelta(days=71)),
        "to": str(today - timedelta(days=3)),
    }
    yield from ({"period": period} for period in ("7", "30", "90", "365", "all"))
    yield custom
    yield {"period": "all", "tracker": world.trackers[0].slug}
    yield {"period": "90", "kind": "music"}
    yield {"period": "365", "person": str(world.people[0].pk)}
    yield {"period": "all", "person": "none", "version": str(world.versions[0].pk)}
    yield {**custom, "version": str(world.versions[1].pk), "kind": "audiobook"}


@pytest.mark.parametrize("seed", range(3))
def test_figures_are_those_of_a_recount_with_and_without_tallies(seed):
    world = World(seed)
    world.fill(40)
    for query in queries(world):
        check(query)
    tallies_refresh()
    assert Tally.objects.exists()
    for query in queries(world):
        check(query)


def settle_down():
    """As if the tallies had been made some hours ago."""
    cursor = EventCursor.objects.get(name__startswith="tallies:")
    cursor.last -= 6 * 3600 * 1_000_000
    cursor.save()


@pytest.mark.parametrize("seed", range(3, 5))
def test_late_changes_are_seen_at_once_and_after_the_next_refresh(seed):
    world = World(seed)
    world.fill(30)
    # Of weeks ago, and under way ever since.
    old = world.now - timedelta(days=40)
    late = factories.UploadFactory(
        tracker=world.trackers[0], kind="music", status="unknown"
    )
    world.attempt(late, 1, old, outcome="unknown")
    open_one = UploadAttempt.objects.create(
        upload=late, number=2, started_at=old + timedelta(days=1)
    )
    tallies_refresh()
    settle_down()
    now = timezone.now()
    UploadAttempt.objects.filter(pk=open_one.pk).update(
        outcome="rejected",
        error_code="upload_rejected",
        phase="sending",
        finished_at=now,
    )
    world.event(late, "success", now - timedelta(minutes=2))
    Upload.objects.filter(pk=late.pk).update(status="success", finished_at=now)
    for query in queries(world):
        check(query)
    assert tallies_are_due()
    assert tallies_refresh() >= 2
    for query in queries(world):
        check(query)


def test_tallies_alone_tell_of_days_in_which_nothing_changed_since():
    world = World(7)
    world.fill(20)
    tallies_refresh()
    cursor = EventCursor.objects.get(name__startswith="tallies:")
    tomorrow = timezone.now() + timedelta(days=1)
    cursor.last = int(tomorrow.timestamp() * 1_000_000)
    cursor.save()
    assert not tallies_are_due()
    for query in queries(world):
        check(query)
    # So a row that is changed by hand is not seen until they are rebuilt.
    before = sum(
        one.failed for one in report(scope_of({"period": "all"})).by_tracker.values()
    )
    UploadAttempt.objects.filter(outcome="success").update(outcome="rejected")
    after = report(scope_of({"period": "all"})).by_tracker.values()
    assert sum(one.failed for one in after) == before
    assert ErrorTally.objects.exists()


def test_another_time_zone_makes_all_tallies_anew(settings):
    world = World(8)
    world.fill(10)
    tallies_refresh()
    settings.TIME_ZONE = "Pacific/Auckland"
    check({"period": "all"})
    assert tallies_refresh() > 1
    check({"period": "all"})
    check({"period": "30"})
    assert EventCursor.objects.filter(name__startswith="tallies:").count() == 1


def test_nothing_at_all_is_no_figures():
    found = report(scope_of({"period": "all"}))
    assert (found.trackers, dict(found.by_tracker)) == ({}, {})
    assert tallies_refresh() == 0
    assert report(scope_of({})).trackers == {}


def test_durations_are_of_the_newest_thousand():
    upload = factories.UploadFactory(status="success")
    start = timezone.now() - timedelta(days=2)
    UploadAttempt.objects.bulk_create(
        UploadAttempt(
            upload=upload,
            tracker=upload.tracker,
            number=number,
            outcome="success",
            phase="answered",
            started_at=start + timedelta(seconds=number),
            sending_at=start + timedelta(seconds=number),
            # The first ones are slow, and too old to count.
            answered_at=start
            + timedelta(seconds=number + (500 if number <= 500 else 2)),
            finished_at=start + timedelta(seconds=number + 600),
        )
        for number in range(1, NEWEST + 501)
    )
    times = report(scope_of({})).phases[upload.tracker_id]["whole"]
    assert (times.rows, times.median, times.p95) == (NEWEST, 2.0, 2.0)


@pytest.mark.parametrize(
    ("values", "half", "high"),
    [([], None, None), ([3], 3, 3), ([1, 2], 1.5, 1.95), (list(range(101)), 50, 95)],
)
def test_percentiles_lie_between_the_nearest_values(values, half, high):
    assert percentile(values, 0.5) == half
    assert percentile(values, 0.95) == high


def test_every_outcome_counts_as_one_of_four_results():
    upload = factories.UploadFactory()
    for number, outcome in enumerate(Outcome, 1):
        UploadAttempt.objects.create(
            upload=upload,
            number=number,
            outcome=outcome.value,
            started_at=timezone.now(),
        )
    counts = report(scope_of({})).by_tracker[upload.tracker_id]
    assert counts.attempts == len(Outcome)


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries):
    world = World(9)
    world.fill(20)
    tallies_refresh()
    with django_assert_max_num_queries(22):
        report(scope_of({"period": "all"}))
