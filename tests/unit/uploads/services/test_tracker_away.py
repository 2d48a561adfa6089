"""A tracker that is away for a day delays what waits for it, and loses nothing."""

import pytest

from releases.models import Release
from tests.driving import drive, pass_time, work
from trackers.models import Tracker
from uploads.models import Upload
from uploads.retry import misses_within
from uploads.services.approval import release_approve
from uploads.services.queueing import upload_retry
from uploads.services.troubles import troubles_now, troubles_watch
from uploads.states import UploadStatus

pytestmark = pytest.mark.django_db
NOWHERE = "http://127.0.0.1:9/red"
DAY, HALF_HOUR = 86_400, 1_800


@pytest.fixture
def alone(ready, upload):
    """Only RED is approved."""
    release_approve(release_id=ready.pk, actor_id=None, upload_ids=[upload("red").pk])


@pytest.fixture
def away(alone, quick_desk):
    """RED's address leads nowhere; call it and it is back."""
    good = quick_desk.trackers["red"].base_url
    Tracker.objects.filter(slug="red").update(base_url=NOWHERE)
    return lambda: Tracker.objects.filter(slug="red").update(base_url=good)


def wait_out(seconds, *, step=HALF_HOUR * 1.25):
    """Let so much time pass, with workers that work all the while."""
    for _ in range(round(seconds / step)):
        pass_time(step)
        work()


def codes():
    troubles_watch()
    return [row.code for row in troubles_now()]


def test_a_day_away_costs_nothing_but_the_day(away, upload, sandbox):
    work()
    wait_out(DAY)
    waiting = upload("red")
    assert waiting.status == UploadStatus.PENDING
    assert waiting.reason["code"] == "unavailable"
    assert "Nothing was stored" in waiting.reason["message"]
    assert waiting.tries == 0, "nothing was wrong with the upload"
    assert waiting.misses == waiting.attempts.count() > 30
    assert "tracker_down" in codes()
    away()
    wait_out(HALF_HOUR * 1.25)
    there = upload("red")
    assert (there.status, there.misses) == (UploadStatus.SUCCESS, 0)
    assert len(sandbox.requests("red", "upload")) == 1
    assert "tracker_down" not in codes()


def test_the_gaps_grow_to_half_an_hour(away, upload):
    gaps = []
    for _ in range(12):
        pass_time(HALF_HOUR * 1.25)
        work()
        red = upload("red")
        left = red.not_before - red.events.latest("pk").created_at
        gaps.append(left.total_seconds())
    usual = [10.0 * 2**n for n in range(8)] + [HALF_HOUR] * 4
    for gap, about in zip(gaps, usual, strict=True):
        assert about * 0.75 <= gap <= about * 1.25


def test_patience_has_an_end_with_a_sentence(away, upload, settings):
    settings.TRACKER_PATIENCE_SECONDS = 2 * 3600
    work()
    wait_out(9 * 3600)
    failed = upload("red")
    assert failed.status == UploadStatus.FAILED
    assert failed.attempts.count() == failed.misses == misses_within(2 * 3600)
    assert failed.reason["message"].startswith(
        f"Not reachable in {failed.misses} tries within 2 hours: "
    )
    assert failed.reason["remedy"] == (
        "Nothing was stored. Retry when the tracker is back."
    )
    upload_retry(upload_id=failed.pk)
    assert upload("red").misses == 0, "a new patience"


def test_what_is_unknown_waits_for_the_tracker_to_be_asked(
    alone, upload, sandbox, quick_desk
):
    sandbox.fail("red", "upload", "drop-after")
    work()
    good = quick_desk.trackers["red"].base_url
    Tracker.objects.filter(slug="red").update(base_url=NOWHERE)
    wait_out(DAY / 4)
    unknown = upload("red")
    assert unknown.status == UploadStatus.UNKNOWN
    assert unknown.reason["code"] == "unavailable"
    assert "Could not ask the tracker" in unknown.reason["message"]
    assert "tracker_down" in codes()
    Tracker.objects.filter(slug="red").update(base_url=good)
    drive()
    assert upload("red").status == UploadStatus.SUCCESS
    assert len(sandbox.requests("red", "upload")) == 1


def test_patience_with_an_unknown_upload_ends_with_a_question(
    alone, upload, sandbox, settings
):
    settings.TRACKER_PATIENCE_SECONDS = 2 * 3600
    sandbox.fail("red", "upload", "drop-after")
    work()
    Tracker.objects.filter(slug="red").update(base_url=NOWHERE)
    wait_out(9 * 3600)
    failed = upload("red")
    assert failed.status == UploadStatus.FAILED
    assert failed.reason["code"] == "outcome_unsettled"


def test_looks_that_reached_nobody_do_not_use_up_the_looks_of_one_that_refuses(
    alone, upload, sandbox, quick_desk
):
    sandbox.fail("red", "upload", "drop-after")
    work()
    good = quick_desk.trackers["red"].base_url
    Tracker.objects.filter(slug="red").update(base_url=NOWHERE)
    wait_out(DAY / 4)
    Tracker.objects.filter(slug="red").update(base_url=good)
    sandbox.fail("red", "torrent", "refuse", times=1)
    drive()
    assert upload("red").status == UploadStatus.SUCCESS


@pytest.fixture
def many(alone, away):
    """Twenty more uploads wait for RED."""
    red = Upload.objects.get(tracker__slug="red")
    rows = []
    for number in range(20):
        release = Release.objects.get(pk=red.release_id)
        release.pk, release.source_path = None, f"copy-{number}"
        release.save()
        rows.append(
            Upload(
                release=release,
                tracker_id=red.tracker_id,
                status="pending",
                digest=red.digest,
                approved_digest=red.digest,
                approved_at=red.approved_at,
            )
        )
    Upload.objects.bulk_create(rows)
    return away


def test_one_upload_finds_out_for_all_that_wait(many, upload):
    for _ in range(6):
        work()
        pass_time(HALF_HOUR * 1.25)
    rows = Upload.objects.filter(tracker__slug="red")
    assert sum(row.attempts.count() for row in rows) == 6
    assert set(rows.values_list("misses", flat=True)) == {6}
    held = rows.exclude(pk=upload("red").pk)[0]
    assert held.reason["code"] == "unavailable"
    assert "tried again" in held.reason["message"]


def test_once_it_answers_all_that_wait_are_due(many, upload):
    for _ in range(6):
        pass_time(HALF_HOUR * 1.25)
        work()
    many()
    Upload.objects.filter(pk=upload("red").pk).update(not_before=None)
    work()
    assert upload("red").status == UploadStatus.SUCCESS
    waiting = Upload.objects.filter(status="pending", misses__gt=0)
    assert not waiting.exists()
