"""Figures counted from the rows themselves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import TrackerFactory, UploadFactory
from trackers.models import Tracker
from uploads.analytics import tracker_figures
from uploads.models import Upload, UploadAttempt
from uploads.services.tallying import tallies_refresh

pytestmark = pytest.mark.django_db


def attempt(upload, outcome="success", seconds=2.0, **values):
    now = timezone.now()
    return UploadAttempt.objects.create(
        upload=upload,
        number=upload.attempts.count() + 1,
        outcome=outcome,
        started_at=now,
        answered_at=now + timedelta(seconds=seconds),
        **values,
    )


def figures():
    return {row.tracker: row for row in tracker_figures()}


def test_a_tracker_without_uploads_has_no_rate():
    TrackerFactory(slug="quiet")
    quiet = figures()["quiet"]
    assert (quiet.success, quiet.failed, quiet.rate) == (0, 0, None)
    assert quiet.median_seconds is None


def test_the_rate_is_of_what_ended():
    tracker = TrackerFactory(slug="busy")
    statuses = ["success"] * 3 + ["failed", "pending", "uploading", "unknown"]
    for status in [*statuses, "draft", "cancelled"]:
        UploadFactory(tracker=tracker, status=status)
    Upload.objects.filter(status="success").update(seeding="confirmed")
    busy = figures()["busy"]
    assert (busy.success, busy.failed, busy.waiting) == (3, 1, 3)
    assert busy.rate == 0.75
    assert busy.seeding == 3


def test_one_trackers_figures_are_not_anothers():
    for slug, status in (("one", "success"), ("two", "success"), ("three", "failed")):
        UploadFactory(tracker=TrackerFactory(slug=slug), status=status)
    found = figures()
    assert [found[slug].rate for slug in ("one", "two", "three")] == [1, 1, 0]


@pytest.mark.parametrize("tallied", [False, True])
def test_one_trackers_figures_are_those_among_all(tallied):
    now = timezone.now()
    for slug in ("one", "two"):
        tracker = TrackerFactory(slug=slug)
        for days in (0, 1, 45):
            moment = now - timedelta(days=days)
            sent = UploadFactory(tracker=tracker, status="success", finished_at=moment)
            attempt(sent, seconds=days + 1)
        UploadFactory(tracker=tracker, status="failed")
    if tallied:
        tallies_refresh()
    all_of_them = figures()
    for site in Tracker.objects.all():
        assert tracker_figures(site.pk) == [all_of_them[site.slug]]
    assert tracker_figures(0) == []


def test_the_numbers_stay_when_tallies_tell_of_most_of_them():
    tracker = TrackerFactory(slug="busy")
    now = timezone.now()
    for days in (0, 1, 20, 45, 400):
        moment = now - timedelta(days=days)
        UploadFactory(tracker=tracker, status="success", finished_at=moment)
    before = figures()
    tallies_refresh()
    assert figures() == before
    UploadFactory(tracker=tracker, status="success")
    Upload.objects.filter(finished_at__lt=now).update(seeding="confirmed")
    busy = figures()["busy"]
    assert (busy.success, busy.seeding) == (6, 4)


def test_the_median_is_of_answered_successes():
    upload = UploadFactory(tracker=TrackerFactory(slug="slow"), status="success")
    for seconds in (1, 3, 8):
        attempt(upload, seconds=seconds)
    attempt(upload, "duplicate", seconds=9)
    attempt(upload, "rejected", seconds=100)
    assert figures()["slow"].median_seconds == 5.5


def test_switched_off_trackers_are_shown_while_they_have_uploads():
    TrackerFactory(slug="gone", is_active=False)
    with_past = TrackerFactory(slug="past", is_active=False)
    UploadFactory(tracker=with_past, status="success")
    assert set(figures()) == {"past"}


def test_the_number_of_queries_does_not_grow(django_assert_num_queries):
    for _ in range(3):
        attempt(UploadFactory(status="success"))
    with django_assert_num_queries(7):
        tracker_figures()
