"""Signals to single processes of a worker: it goes on, or ends, and loses nothing."""

import os
import re
import signal
import time

import pytest
from django.db import connection, transaction

from common.queue import enqueue
from releases.models import Release
from tests.publishing import desk_at
from tests.workers import session_of, wait_until
from uploads.models import Heartbeat, Upload, UploadAttempt
from uploads.services.approval import release_approve

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def release(sandbox, tmp_path, workers):
    """A release on both trackers, waiting for its approval."""
    return desk_at(sandbox, tmp_path).prepare()


def children(pid):
    """The processes that a process started."""
    path = f"/proc/{pid}/task/{pid}/children"
    with open(path, encoding="ascii") as listing:  # noqa: PTH123 - not a real file
        return [int(word) for word in listing.read().split()]


def worker_pids(workers):
    """The worker processes that said they are ready and still live, oldest first."""
    ready = re.findall(r"ready for work at (\d+)", workers.log())
    return [int(pid) for pid in ready if os.path.exists(f"/proc/{pid}/stat")]  # noqa: PTH110


def started(workers, **environment):
    """A worker whose processes are all up and wait."""
    supervisor = workers.start(**environment)
    count = int(environment.get("HERALD_WORKERS", "2"))
    wait_until(lambda: len(worker_pids(workers)) >= count)
    wait_until(lambda: "pushing tasks" in workers.log())
    return supervisor


def succeeded():
    return not Upload.objects.exclude(status="success").exists()


def exactly_one_each(sandbox):
    for site in ("red", "ops"):
        (stored,) = sandbox.uploads(site)
        upload = Upload.objects.get(tracker__slug=site)
        assert upload.remote_id == str(stored["id"])
        assert upload.claimed_by == ""


def nothing_is_claimed():
    return not (
        Upload.objects.exclude(claimed_by="").exists()
        or Upload.objects.filter(status="uploading").exists()
        or Release.objects.exclude(claimed_by="").exists()
    )


def exit_code(supervisor):
    """Its exit code, once nothing of it is left: ten seconds are promised."""
    begun = time.monotonic()
    code = supervisor.wait(timeout=60)
    took = time.monotonic() - begun
    wait_until(lambda: session_of(supervisor.pid) == [], seconds=5)
    assert took < 10
    return code


def test_a_worker_killed_while_it_sends_is_replaced(release, workers, sandbox):
    sandbox.fail("red", "upload", "slow", seconds=30)
    supervisor = started(workers)
    release_approve(release_id=release.pk, actor_id=None)
    attempt = wait_until(
        UploadAttempt.objects.filter(upload__tracker__slug="red", phase="sending").first
    )
    os.kill(int(attempt.worker.split(":")[2]), signal.SIGKILL)
    wait_until(succeeded)
    exactly_one_each(sandbox)
    attempt.refresh_from_db()
    assert attempt.outcome == "stale"
    assert supervisor.poll() is None


def test_idle_workers_killed_do_not_stop_the_queue(release, workers, sandbox):
    supervisor = started(workers)
    for pid in worker_pids(workers):
        os.kill(pid, signal.SIGKILL)
    release_approve(release_id=release.pk, actor_id=None)
    wait_until(succeeded, seconds=60)
    exactly_one_each(sandbox)
    assert supervisor.poll() is None


def test_a_killed_sentinel_is_started_anew(release, workers, sandbox):
    supervisor = started(workers)
    before = worker_pids(workers)
    (sentinel,) = children(supervisor.pid)
    os.kill(sentinel, signal.SIGKILL)
    release_approve(release_id=release.pk, actor_id=None)
    wait_until(succeeded, seconds=60)
    exactly_one_each(sandbox)
    wait_until(lambda: "started anew" in workers.log())
    wait_until(lambda: not set(before) & set(session_of(supervisor.pid)))


def test_a_sentinel_that_hangs_is_started_anew(release, workers, sandbox):
    supervisor = started(workers)
    (sentinel,) = children(supervisor.pid)
    with transaction.atomic():  # SQLite: so that nobody is stopped while he writes
        for pid in session_of(supervisor.pid):
            if pid != supervisor.pid:
                os.kill(pid, signal.SIGSTOP)
    release_approve(release_id=release.pk, actor_id=None)
    wait_until(succeeded, seconds=60)
    exactly_one_each(sandbox)
    assert sentinel not in session_of(supervisor.pid)


def test_nobody_outlives_a_killed_supervisor(workers, transactional_db):
    supervisor = started(workers)
    os.kill(supervisor.pid, signal.SIGKILL)
    supervisor.wait(timeout=10)
    wait_until(lambda: session_of(supervisor.pid) == [], seconds=10)


def test_sigterm_ends_an_idle_worker(workers, transactional_db):
    supervisor = started(workers)
    supervisor.send_signal(signal.SIGTERM)
    assert exit_code(supervisor) == 0


def test_sigterm_to_every_process_at_once_ends_the_worker(workers, transactional_db):
    supervisor = started(workers)
    for pid in session_of(supervisor.pid):
        os.kill(pid, signal.SIGTERM)
    assert exit_code(supervisor) == 0


def test_sigterm_waits_for_what_is_nearly_done(release, workers, sandbox):
    sandbox.fail("*", "upload", "stall", seconds=120, times=2)
    supervisor = started(workers)
    release_approve(release_id=release.pk, actor_id=None)
    wait_until(lambda: UploadAttempt.objects.filter(phase="sending").count() == 2)
    supervisor.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    sandbox.heal()
    assert exit_code(supervisor) == 0
    assert succeeded()
    exactly_one_each(sandbox)
    assert not UploadAttempt.objects.exclude(outcome="success").exists()


def test_sigterm_leaves_nothing_claimed_behind_a_slow_tracker(
    release, workers, sandbox
):
    sandbox.fail("*", "upload", "slow", seconds=40, times=2)
    supervisor = started(workers)
    release_approve(release_id=release.pk, actor_id=None)
    wait_until(lambda: UploadAttempt.objects.filter(phase="sending").count() == 2)
    supervisor.send_signal(signal.SIGTERM)
    assert exit_code(supervisor) == 0
    assert nothing_is_claimed()
    assert set(Upload.objects.values_list("status", flat=True)) == {"unknown"}
    workers.start()
    wait_until(succeeded)
    exactly_one_each(sandbox)


def test_sigterm_does_not_wait_for_a_database_that_is_held(workers, transactional_db):
    supervisor = started(workers)
    with transaction.atomic():  # SQLite: nobody else writes
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE uploads_upload IN ACCESS EXCLUSIVE MODE")
        time.sleep(1)  # by now the supervisor waits
        supervisor.send_signal(signal.SIGTERM)
        assert exit_code(supervisor) == 0


def test_sigterm_begins_nothing_new(release, workers, sandbox):
    """A hundred nudges wait; none of them is followed any more."""
    from common.queue import enqueue

    sandbox.fail("*", "upload", "stall", seconds=120)
    supervisor = started(workers, HERALD_WORKERS="1", HERALD_UPLOAD_THREADS="1")
    release_approve(release_id=release.pk, actor_id=None)
    wait_until(lambda: UploadAttempt.objects.filter(phase="sending").count() == 1)
    for _ in range(100):
        enqueue("uploads.tasks.work")
    supervisor.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    sandbox.heal()
    assert exit_code(supervisor) == 0
    assert UploadAttempt.objects.count() == 1
    assert sorted(Upload.objects.values_list("status", flat=True)) == [
        "pending",
        "success",
    ]


def test_a_task_that_takes_too_long_is_ended_and_settled(release, workers, sandbox):
    """Such as a look at a site that lets it wait for ever."""
    sandbox.fail("red", "upload", "drop-after")
    sandbox.fail("red", "torrent", "slow", seconds=30)
    started(workers, DJANGO_SETTINGS_MODULE="tests.hasty_settings")
    release_approve(release_id=release.pk, actor_id=None)
    wait_until(succeeded)
    exactly_one_each(sandbox)
    assert len(sandbox.requests("red", "torrent")) >= 2, "another worker looked"
    assert len(sandbox.requests("red", "upload")) == 1


def test_a_site_that_takes_its_time_keeps_no_worker(release, workers, sandbox):
    """The only worker goes on with other tasks while it sends."""
    sandbox.fail("red", "upload", "stall", seconds=120)
    started(workers, HERALD_WORKERS="1")
    release_approve(release_id=release.pk, actor_id=None)
    wait_until(lambda: UploadAttempt.objects.filter(phase="sending").exists())
    Heartbeat.objects.all().delete()
    enqueue("uploads.tasks.heartbeat")
    wait_until(Heartbeat.objects.exists)
    assert Upload.objects.filter(tracker__slug="red", status="uploading").exists()
    sandbox.heal()
    wait_until(succeeded)
    exactly_one_each(sandbox)


def test_a_worker_waits_for_a_broker_that_is_away(workers, transactional_db):
    supervisor = workers.start(BROKER_URL="redis://127.0.0.1:9/0")
    wait_until(lambda: "The queue does not answer" in workers.log())
    wait_until(lambda: "The workers stopped: ConnectionError" in workers.log())
    assert supervisor.poll() is None
    supervisor.send_signal(signal.SIGTERM)
    assert exit_code(supervisor) == 0
    workers.check_log()
