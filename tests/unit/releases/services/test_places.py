"""Preparations leave one worker to all else."""

from contextlib import ExitStack

import pytest

from releases.models import Release
from releases.services.places import preparation_place
from releases.states import ReleaseState
from releases.tasks import prepare_release
from tests.factories import ReleaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def workers(settings, tmp_path):
    """Set how many workers there are."""
    settings.DATA_DIR = tmp_path

    def so_many(count):
        settings.Q_CLUSTER = {**settings.Q_CLUSTER, "workers": count}

    return so_many


@pytest.mark.parametrize(("count", "places"), [(1, 1), (2, 1), (4, 3)])
def test_all_workers_but_one_may_prepare(count, places, workers):
    workers(count)
    for _ in range(2):  # places are given back
        with ExitStack() as held:
            taken = [held.enter_context(preparation_place()) for _ in range(6)]
            assert taken == [n < places for n in range(6)]


@pytest.mark.parametrize("state", [ReleaseState.NEW, ReleaseState.READY])
def test_without_a_place_a_release_waits_for_the_sweep(state, workers):
    workers(1)
    release = ReleaseFactory(state=state)
    with preparation_place():
        prepare_release(release_id=release.pk)
        prepare_release(release_id=release.pk)
        assert Release.objects.get().state == ReleaseState.NEW
        assert release.events.count() == (0 if state == ReleaseState.NEW else 2)
    prepare_release(release_id=release.pk)  # there are no files
    assert Release.objects.get().state == ReleaseState.FAILED
