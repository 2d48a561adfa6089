"""Many uploads at once from one worker process."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from common.worker import leave
from tests.factories import CredentialFactory, UploadFactory
from tests.unit.uploads.services.claims import in_threads
from tests.workers import wait_until
from trackers.models import Credential, RequestBudget, Tracker
from uploads.models import Upload, UploadAttempt
from uploads.services import parallel
from uploads.services.approval import SEND_TASK, release_approve
from uploads.services.claiming import claim_next, next_due
from uploads.services.parallel import Senders, uploads_start

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _ended():
    """No thread of a test lives on; it would use another test's database."""
    yield
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.cancel()
        if thread.name.startswith("upload-") or isinstance(thread, threading.Timer):
            thread.join(20)
            assert not thread.is_alive()


def succeeded():
    return not Upload.objects.exclude(status="success").exists()


def at_work():
    return [one for one in threading.enumerate() if one.name.startswith("upload-")]


def test_two_trackers_are_sent_to_at_the_same_time(ready, sandbox):
    for site in ("red", "ops"):
        sandbox.fail(site, "upload", "stall", seconds=60)
    release_approve(release_id=ready.pk, actor_id=None)
    assert uploads_start() == 2
    wait_until(lambda: len(sandbox.requests(action="upload")) == 2)
    assert not UploadAttempt.objects.exclude(answered_at=None).exists()
    sandbox.heal()
    wait_until(succeeded)


def test_there_are_never_more_threads_than_allowed(ready, sandbox, settings):
    settings.UPLOAD_THREADS = 1
    sandbox.fail("*", "upload", "slow", times=2, seconds=0.5)
    release_approve(release_id=ready.pk, actor_id=None)
    senders = Senders()
    assert senders.fill() == 1
    assert senders.fill() == 0
    assert len(at_work()) == 1
    wait_until(succeeded)  # the same thread went on to the second
    assert len(sandbox.requests(action="upload")) == 2


def test_what_a_budget_holds_back_starts_the_moment_it_may(ready, sandbox):
    Tracker.objects.update(budget_requests=1, budget_seconds=2)
    red = Credential.objects.get(tracker__slug="red")
    release_approve(release_id=ready.pk, actor_id=None)
    RequestBudget.objects.create(credential=red, spent=[time.time()])
    assert uploads_start() == 1, "only OPS"
    wait_until(succeeded, seconds=10)
    waited = Upload.objects.get(tracker__slug="red").attempts.get()
    assert waited.outcome == "success"


def test_what_a_thread_finds_held_back_starts_the_moment_it_may(
    ready, sandbox, settings
):
    """Nobody else looks: the thread that ended sees to it."""
    settings.UPLOAD_THREADS = 1
    Tracker.objects.update(budget_requests=1, budget_seconds=2)
    red = Credential.objects.get(tracker__slug="red")
    RequestBudget.objects.create(credential=red, spent=[time.time() - 1])
    Upload.objects.filter(tracker__slug="ops").update(priority=1)
    release_approve(release_id=ready.pk, actor_id=None)
    assert Senders().fill() == 1
    wait_until(succeeded, seconds=10)
    assert len(sandbox.requests("red", "upload")) == 1


def test_the_earliest_of_two_times_counts(quick_desk, monkeypatch):
    senders = Senders()
    rung = threading.Event()
    monkeypatch.setattr(senders, "fill", rung.set)
    row = Upload.objects.filter(tracker__slug="red")
    for seconds in (20, 0.2):
        row.update(
            status="pending", not_before=timezone.now() + timedelta(seconds=seconds)
        )
        senders._set_alarm()
    assert rung.wait(5)


def test_a_process_whose_threads_are_all_busy_wakes_another(
    ready, sandbox, settings, monkeypatch
):
    nudges: list[object] = []
    monkeypatch.setattr(parallel, "enqueue", nudges.append)
    settings.UPLOAD_THREADS = 1
    sandbox.fail("*", "upload", "slow", times=1, seconds=0.5)
    release_approve(release_id=ready.pk, actor_id=None)
    senders = Senders()
    assert senders.fill() == 1
    assert nudges == [SEND_TASK]
    assert senders.fill() == 0
    assert nudges == [SEND_TASK], "it is not passed round and round"
    wait_until(succeeded)


def test_a_worker_that_leaves_begins_nothing(ready):
    release_approve(release_id=ready.pk, actor_id=None)
    leave()
    try:
        assert uploads_start() == 0
    finally:
        leave(False)
    assert at_work() == []


def test_a_thread_whose_database_fails_frees_its_place(ready, monkeypatch, settings):
    settings.UPLOAD_THREADS = 1
    senders = Senders()
    filled = threading.Event()

    def broken(upload):
        filled.wait(10)
        raise DatabaseError("disk I/O error")

    monkeypatch.setattr(parallel, "upload_run", broken)
    release_approve(release_id=ready.pk, actor_id=None)
    assert senders.fill() == 1
    assert not senders._take_place()
    filled.set()
    wait_until(lambda: not at_work())
    assert senders._take_place()


def test_a_failed_look_frees_its_place(ready, monkeypatch, settings):
    settings.UPLOAD_THREADS = 1
    senders = Senders()

    def broken():
        raise DatabaseError("database is locked")

    monkeypatch.setattr(parallel, "claim_next", broken)
    with pytest.raises(DatabaseError):
        senders.fill()
    senders._ring()
    assert senders._take_place()


def test_the_next_due_time(quick_desk):
    assert next_due() is None
    row = Upload.objects.filter(tracker__slug="red")
    row.update(status="pending", not_before=timezone.now() + timedelta(seconds=20))
    assert 15 < (next_due() or 0) <= 20


def test_no_account_has_more_uploads_under_way_than_its_tracker_allows(quick_desk):
    """However many workers look at the same moment, on every database."""
    red = quick_desk.trackers["red"]
    Tracker.objects.update(concurrency=3)
    Upload.objects.all().delete()
    for _ in range(8):
        UploadFactory(tracker=red, status="pending", approved_at=timezone.now())
    connection.close()
    claimed = [one for one in in_threads(6, claim_next) if one is not None]
    assert len(claimed) == 3
    assert Upload.objects.filter(status="uploading").count() == 3
    assert claim_next() is None
    Upload.objects.filter(pk=claimed[0].pk).update(status="success")
    assert claim_next() is not None
    # Another account of the same tracker has places of its own.
    Credential.objects.filter(tracker=red).update(paused_at=timezone.now())
    values = {"api_key": "k", "passkey": "p" * 32}
    CredentialFactory(tracker=red, values=values, takes_over=True)
    assert claim_next() is not None
