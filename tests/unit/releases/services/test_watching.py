"""Who looks into a watch folder, and when."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from common.worker import worker_id
from releases import tasks as release_tasks
from releases.models import Candidate, WatchFolder
from releases.services.places import preparation_place
from releases.services.watches import watch_scan, watches_sweep
from tests.interrupting import dead_worker
from uploads.models import Trouble
from uploads.services.troubles import troubles_watch

pytestmark = pytest.mark.django_db


def test_one_looks_at_a_time(folder, watch, library):
    (Path(library.path) / "other").mkdir()
    other = WatchFolder.objects.create(library=library, path="other")
    WatchFolder.objects.filter(pk=watch.pk).update(
        claimed_by=worker_id(), claimed_at=timezone.now()
    )
    assert not watch_scan(watch.pk)
    assert not watch_scan(other.pk)
    assert watches_sweep() == 0
    # What hangs on its disk holds nobody else up.
    WatchFolder.objects.filter(pk=watch.pk).update(
        claimed_at=timezone.now() - timedelta(minutes=5)
    )
    assert watch_scan(other.pk)
    assert not watch_scan(watch.pk)


def test_what_a_dead_process_held_is_looked_into_again(folder, watch):
    WatchFolder.objects.update(claimed_by=dead_worker(), claimed_at=timezone.now())
    assert watches_sweep() == 1
    assert watch_scan(watch.pk)


def test_a_folder_is_nudged_once_an_interval(watch, settings):
    assert [watches_sweep(), watches_sweep()] == [1, 0]
    WatchFolder.objects.update(next_at=timezone.now())
    assert watches_sweep() == 1
    # Written by a clock that was wrong.
    WatchFolder.objects.update(next_at=timezone.now() + timedelta(days=1))
    assert watches_sweep() == 1


def test_one_that_is_off_is_left_alone(folder, watch):
    WatchFolder.objects.update(is_active=False, problem="Something.")
    assert watches_sweep() == 0
    assert not watch_scan(watch.pk)
    troubles_watch()
    assert not Trouble.objects.filter(code="watch_folder").exists()


def test_an_error_inside_herald_frees_the_folder(folder, watch):
    WatchFolder.objects.update(targets=5, settle_seconds=1)  # no list of trackers
    watch_scan(watch.pk)
    Candidate.objects.update(quiet_seconds=100)
    with pytest.raises(TypeError):
        watch_scan(watch.pk)
    watch.refresh_from_db()
    assert watch.claimed_by == ""
    assert "an error inside Herald; its log has more" in watch.problem
    WatchFolder.objects.update(targets=[])
    watch_scan(watch.pk)
    assert Candidate.objects.get().state == "taken"


def test_a_worker_that_is_not_the_last_free_one_looks(folder, watch):
    release_tasks.watch(watch_id=watch.pk)
    assert Candidate.objects.count() == 1


def test_the_last_free_worker_is_left_for_uploads(folder, watch, settings, tmp_path):
    # The places are files there, and other tests prepare at the same time.
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, "workers": 1}
    with preparation_place() as is_free:
        assert is_free
        release_tasks.watch(watch_id=watch.pk)
    assert not Candidate.objects.exists()
