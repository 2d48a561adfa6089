"""A watch folder and real workers, from a folder that appears to a rule's approval."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from releases.models import Candidate, Release, WatchFolder
from tests.publishing import DEMO, desk_at
from tests.workers import wait_until
from uploads.models import ApprovalRule, Trouble
from uploads.services.rules import rule_save

pytestmark = [pytest.mark.real, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def watch(transactional_db, sandbox, tmp_path):
    desk = desk_at(sandbox, tmp_path)
    incoming = Path(desk.library.path) / "incoming"
    incoming.mkdir()
    return WatchFolder.objects.create(
        library=desk.library, path="incoming", settle_seconds=3
    )


def arrive(watch, name):
    """One of the demo's books appears in the folder."""
    (book,) = (path for path in DEMO.iterdir() if name in path.name)
    shutil.copytree(book, Path(watch.folder) / book.name)


def test_what_appears_is_published_without_a_person(watch, workers, sandbox):
    rule = ApprovalRule(
        name="Trusted", is_active=True, watch_folder=watch, no_warnings=False
    )
    rule_save(rule, actor_id=None)
    workers.start(HERALD_WATCH_SECONDS="1")
    arrive(watch, "Wells")
    wait_until(lambda: len(sandbox.uploads()) == 2, seconds=90)
    release = Release.objects.get()
    assert release.approvals.get().by == "rule Trusted"
    assert Candidate.objects.get().release == release


def test_it_goes_on_after_a_worker_was_killed(watch, workers):
    arrive(watch, "Wells")
    workers.start(HERALD_WATCH_SECONDS="1")
    wait_until(lambda: Candidate.objects.filter(quiet_seconds__gt=0).exists())
    workers.kill_all()
    # However long nobody looked: that counts as no more than one step.
    Candidate.objects.update(quiet_seconds=0)
    WatchFolder.objects.update(
        claimed_by="", next_at=timezone.now() + timedelta(days=1), settle_seconds=40
    )
    workers.start(HERALD_WATCH_SECONDS="1")
    wait_until(lambda: Candidate.objects.filter(quiet_seconds__gt=0).exists())
    assert not Release.objects.exists()
    WatchFolder.objects.update(settle_seconds=1)
    wait_until(Release.objects.exists)


def test_a_folder_that_goes_and_comes_back(watch, workers):
    folder = Path(watch.folder)
    folder.rename(folder.with_name("away"))
    workers.start(HERALD_WATCH_SECONDS="1")
    wait_until(lambda: Trouble.objects.filter(code="watch_folder").exists())
    folder.with_name("away").rename(folder)
    arrive(watch, "Wells")
    wait_until(Release.objects.exists)
    wait_until(lambda: Trouble.objects.get(code="watch_folder").ended_at is not None)
