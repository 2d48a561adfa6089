"""A worker dies while it prepares: nothing is lost, and nothing starts for ever."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from common.worker import worker_id
from releases.models import Library, Release
from releases.services.claims import MOST_DEATHS, release_let_go, releases_recover
from releases.services.ingest import release_create
from releases.services.prepare import release_prepare
from tests import factories
from tests.workers import ROOT, wait_until, worker_environment

pytestmark = pytest.mark.django_db


@pytest.fixture
def dead_worker():
    """The id of a process that has lived and is gone."""
    program = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings.test'\n"
        "from common.worker import worker_id; print(worker_id())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def preparing(worker):
    return factories.ReleaseFactory(
        state="preparing", claimed_by=worker, claimed_at=timezone.now()
    )


def test_what_a_dead_worker_prepared_starts_again(db, dead_worker):
    release = preparing(dead_worker)
    assert releases_recover() == [release.pk]
    release.refresh_from_db()
    assert (release.state, release.claimed_by) == ("new", "")
    assert release.events.get().reason == (
        "The worker that prepared it has died; it starts again."
    )


def test_what_a_living_worker_prepares_is_left_to_it(db):
    release = preparing(worker_id())
    assert releases_recover() == []
    release.refresh_from_db()
    assert release.state == "preparing"


def test_a_worker_elsewhere_is_given_its_time(db, settings):
    release = preparing("elsewhere:boot.1:42:1")
    assert releases_recover() == []
    late = timezone.now() - timedelta(seconds=settings.CLAIM_LEASE_SECONDS + 1)
    Release.objects.update(claimed_at=late)
    assert releases_recover() == [release.pk]


def test_what_kills_every_worker_fails_in_the_end(db, dead_worker):
    release = preparing(dead_worker)
    for _ in range(MOST_DEATHS - 1):
        assert releases_recover() == [release.pk]
        Release.objects.update(state="preparing", claimed_by=dead_worker)
    assert releases_recover() == []
    release.refresh_from_db()
    assert release.state == "failed"
    assert release.error == {
        "code": "worker_died",
        "message": "The worker died 3 times while it prepared this release. Look into "
        "the worker's log and at the machine's memory, then prepare again.",
    }


def test_deaths_before_a_good_end_do_not_count(db, dead_worker):
    release = preparing(dead_worker)
    for _ in range(MOST_DEATHS - 1):
        releases_recover()
        Release.objects.update(state="preparing", claimed_by=dead_worker)
    Release.objects.update(claimed_by=worker_id())
    assert release_let_go(release.pk, "ready", reason="Prepared.")
    Release.objects.update(state="preparing", claimed_by=dead_worker)
    assert releases_recover() == [release.pk]


def test_only_the_claimant_lets_go(db):
    release = preparing("elsewhere:boot.1:42:1")
    assert not release_let_go(release.pk, "ready", reason="Prepared.")
    release.refresh_from_db()
    assert release.state == "preparing"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("phase", ["read", "enrich", "hash", "draft"])
def test_a_kill_in_each_phase_is_recovered_from(phase, tmp_path):
    root = tmp_path / "library"
    folder = root / "Book"
    folder.mkdir(parents=True)
    (folder / "1.mp3").write_bytes(b"x" * 1000)
    Library.objects.create(name="Books", path=str(root))
    release = release_create(path=str(folder))
    # Real code in a real process; it only stops to be killed when a phase begins.
    program = f"""
import sys, time, django
django.setup()
from releases.services.prepare import Progress, release_prepare
write = Progress.phase
def stopping(self, name, **total):
    write(self, name, **total)
    if name == {phase!r}:
        print("there", flush=True)
        time.sleep(60)
Progress.phase = stopping
release_prepare({release.pk})
"""
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=worker_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "there\n"
    assert not release_prepare(release.pk)  # it belongs to the other
    os.kill(process.pid, signal.SIGKILL)
    process.wait(timeout=20)
    process.stdout.close()

    assert wait_until(releases_recover) == [release.pk]
    assert release_prepare(release.pk)
    release.refresh_from_db()
    assert release.state == "ready"
    assert release.torrents.count() == 1
    assert release.files.count() == 1
