"""The clock of a worker nudges what is due, and survives what fails."""

import logging

import pytest
from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from django_q.models import OrmQ

from common.queue import enqueue
from common.worker import worker_id
from config.ticker import HEARTBEAT_TASK, MOST_WAITING, Ticker, recover
from releases.models import Release
from releases.states import ReleaseState
from tests.factories import CredentialFactory, ReleaseFactory, UploadFactory
from tests.interrupting import dead_worker, raising
from uploads.models import Upload
from uploads.tasks import tally

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _orm_broker(monkeypatch):
    """The database carries the nudges, whatever BROKER_URL says."""
    from django_q.conf import Conf

    monkeypatch.setattr(Conf, "ORM", "default")


def nudges():
    return sorted(row.func() for row in OrmQ.objects.all())


def test_a_tick_asks_for_a_sign_of_life_now_and_then():
    ticker = Ticker()
    ticker.tick()
    ticker.tick()
    assert nudges() == [HEARTBEAT_TASK]


def test_a_tick_nudges_what_is_due():
    # One nudge for all of them: whoever wakes up takes what is due.
    UploadFactory.create_batch(3, status="pending", approved_digest="d")
    UploadFactory(status="unknown")
    UploadFactory(
        status="success", seeding="waiting", seeding_due_at="2020-01-01T00:00:00Z"
    )
    UploadFactory(status="draft", release=ReleaseFactory(revision=3))
    release = ReleaseFactory(state=ReleaseState.NEW)
    Release.objects.filter(pk=release.pk).update(updated_at="2020-01-01T00:00:00Z")
    Ticker().tick()
    assert nudges() == [
        "releases.tasks.prepare_release",
        "uploads.tasks.draft_release",
        "uploads.tasks.follow_seeding",
        HEARTBEAT_TASK,
        "uploads.tasks.settle",
        "uploads.tasks.work",
    ]


def test_nobody_is_woken_for_a_tracker_whose_places_are_taken():
    account = CredentialFactory(tracker__concurrency=1)
    UploadFactory(status="pending", tracker=account.tracker, approved_digest="d")
    under_way = UploadFactory(
        status="uploading",
        tracker=account.tracker,
        credential=account,
        claimed_by=worker_id(),
        claimed_at=timezone.now(),
    )
    Ticker().tick()
    assert "uploads.tasks.work" not in nudges()
    Upload.objects.filter(pk=under_way.pk).update(status="success")
    Ticker().tick()
    assert "uploads.tasks.work" in nudges()


def test_a_long_queue_is_not_made_longer():
    for _ in range(MOST_WAITING):
        enqueue("uploads.tasks.work")
    UploadFactory(status="pending")
    dead = UploadFactory(status="uploading", claimed_by=dead_worker())
    Ticker().tick()
    assert nudges().count("uploads.tasks.work") == MOST_WAITING
    dead.refresh_from_db()
    assert dead.status == "pending", "the dead are freed all the same"


@pytest.mark.parametrize("error", [DatabaseError("gone"), InterfaceError("closed")])
def test_a_database_that_is_away_is_tried_again(error, caplog):
    with (
        caplog.at_level(logging.WARNING),
        raising(error, "call", "uploads.services.recovery.uploads_sweep"),
    ):
        Ticker().tick()
    assert "The database does not answer" in caplog.text
    assert "Traceback" not in caplog.text


def test_our_own_error_does_not_end_the_clock(caplog):
    place = ("call", "uploads.services.recovery.uploads_sweep")
    ticker = Ticker()
    with raising(ZeroDivisionError(), *place):
        ticker.tick()
    assert "A sweep failed inside Herald" in caplog.text
    ticker.tick()
    assert nudges() == [HEARTBEAT_TASK]


def test_recovering_frees_releases_and_uploads():
    dead = dead_worker()
    UploadFactory(status="uploading", claimed_by=dead)
    ReleaseFactory(state=ReleaseState.PREPARING, claimed_by=dead)
    recover()
    assert not Upload.objects.exclude(claimed_by="").exists()
    assert not Release.objects.exclude(claimed_by="").exists()
    assert nudges() == []


def test_a_tick_asks_now_and_then_to_count_what_changed():
    clock = Ticker()
    clock.tick()
    assert "uploads.tasks.tally" not in nudges()
    clock._tallied_at = float("-inf")
    clock.tick()
    clock.tick()
    assert nudges().count("uploads.tasks.tally") == 1
    tally()
    clock._tallied_at = float("-inf")
    clock.tick()
    assert nudges().count("uploads.tasks.tally") == 1
