"""A preparation can be stopped at any moment, and says how far it is."""

import pytest

from releases.errors import ReleaseError
from releases.models import Torrent
from releases.services.ingest import release_create
from releases.services.prepare import Cancelled, Progress, prepare_cancel
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("phase", ["scan", "read", "enrich", "hash", "draft"])
def test_a_cancel_is_heard_at_each_phase(folder, prepare, monkeypatch, phase):
    release = release_create(path=str(folder))
    write = Progress.phase

    def asked(self, name, **total):
        if name == phase:
            prepare_cancel(release.pk)
            self._asked = 0.0
        write(self, name, **total)

    monkeypatch.setattr(Progress, "phase", asked)
    release = prepare(release)
    assert release.state == "failed"
    assert release.error == {
        "code": "prepare_cancelled",
        "message": "Preparation was cancelled.",
    }
    monkeypatch.undo()
    assert prepare(release).state == "ready"


def test_a_cancel_is_heard_while_hashing(folder, prepare, monkeypatch):
    release = release_create(path=str(folder))
    reported = Progress.hashing

    def asked(self, *figures):
        reported(self, *figures)
        prepare_cancel(release.pk)
        self._asked = 0.0

    with (folder / "03.mp3").open("wb") as big:
        big.truncate(4 * 2**30)  # a hole: nothing is stored, all of it is read
    monkeypatch.setattr(Progress, "hashing", asked)
    release = prepare(release)
    assert release.error["code"] == "prepare_cancelled"
    assert not Torrent.objects.exists()


def test_nothing_to_cancel(db):
    release = factories.ReleaseFactory(state="ready")
    with pytest.raises(ReleaseError) as caught:
        prepare_cancel(release.pk)
    assert caught.value.message == (
        "Nothing is being prepared here, so there is nothing to cancel."
    )


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def test_progress_is_written_at_most_twice_a_second(db, django_assert_num_queries):
    release = factories.ReleaseFactory(state="preparing")
    clock = Clock()
    report = Progress(release.pk, clock)
    report.phase("hash", total=100)
    clock.now += 0.4
    with django_assert_num_queries(0):
        report.hashing(10, 100, 5.0, 18.0)
        assert not report.cancelled()
    clock.now += 0.2
    report.hashing(20, 100, 5.0, 16.0)
    release.refresh_from_db()
    assert release.progress == {
        "phase": "hash",
        "done": 20,
        "total": 100,
        "rate": 5.0,
        "eta": 16.0,
    }


def test_a_cancel_is_heard_within_a_second(db):
    release = factories.ReleaseFactory(state="preparing")
    clock = Clock()
    report = Progress(release.pk, clock)
    report.count(1)
    prepare_cancel(release.pk)
    clock.now += 0.6
    assert report.cancelled()
    with pytest.raises(Cancelled):
        report.count(2)
