"""Preparation: what it writes, how it fails, how it stops."""

import time
from datetime import timedelta

import pytest

from releases.errors import ReleaseError
from releases.models import MetadataRecord, Release, ReleaseEvent, ReleaseFile, Torrent
from releases.services.ingest import release_create
from releases.services.prepare import (
    Progress,
    prepare_request,
    release_prepare,
    releases_sweep,
)
from releases.signals import release_prepared
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def listener():
    """Connects a receiver of release_prepared for one test."""
    connected = []

    def connect(receiver):
        release_prepared.connect(receiver, weak=False)
        connected.append(receiver)

    yield connect
    for receiver in connected:
        release_prepared.disconnect(receiver)


def test_a_prepared_release_knows_its_files_fields_and_pieces(folder, prepare):
    (folder / ".hidden").write_bytes(b"x")
    release = prepare(folder)
    assert release.state == "ready"
    assert (release.file_count, release.total_size, release.kind) == (
        2,
        19_000,
        "audiobook",
    )
    assert release.title == "A Title"
    assert release.revision == 1
    assert release.prepared_at is not None
    assert (release.claimed_by, release.progress, release.error) == ("", {}, {})
    assert list(release.files.values_list("path", flat=True)) == [
        "01.mp3",
        "02.mp3",
        ".hidden",
    ]
    torrent = Torrent.objects.get(release=release)
    assert (torrent.fingerprint, torrent.total_size) == (release.fingerprint, 19_000)
    assert set(release.records.values_list("source", flat=True)) == {"tags", "names"}


def test_its_moves_are_recorded(folder, prepare):
    release = prepare(folder)
    moves = ReleaseEvent.objects.filter(release=release).values_list("new", flat=True)
    assert list(moves) == ["new", "preparing", "ready"]


def test_preparing_again_replaces_the_files_and_keeps_the_pieces(folder, prepare):
    release = prepare(folder)
    first = Torrent.objects.get(release=release)
    release = prepare(release)
    assert release.revision == 2
    assert Torrent.objects.get(release=release) == first
    assert ReleaseFile.objects.filter(release=release).count() == 2


def test_changed_files_are_hashed_again(folder, prepare):
    release = prepare(folder)
    (folder / "03.mp3").write_bytes(b"more")
    release = prepare(release)
    assert release.file_count == 3
    assert release.torrents.count() == 2


def test_a_broken_folder_fails_with_its_sentence(folder, prepare):
    release = release_create(path=str(folder))
    for file in folder.iterdir():
        file.unlink()
    release = prepare(release)
    assert release.state == "failed"
    assert release.error["code"] == "folder_empty"
    assert release.error["message"].startswith("There is nothing to publish in ")
    assert release.events.last().reason == release.error["message"]
    assert not Torrent.objects.exists()


def test_a_failed_release_can_be_prepared_again(folder, prepare):
    release = release_create(path=str(folder))
    moved = folder.rename(folder.parent / "away")
    assert prepare(release).error["code"] == "path_gone"
    moved.rename(folder)
    release = prepare(release)
    assert (release.state, release.error) == ("ready", {})


def test_an_error_inside_herald_is_one_sentence(folder, prepare, listener, caplog):
    def broken(**_):
        raise ZeroDivisionError("the reason is only for the log")

    listener(broken)
    release = prepare(folder)
    assert release.state == "failed"
    assert release.error == {
        "code": "internal",
        "message": "Preparation failed because of an error inside Herald. The worker's "
        "log has the details; prepare again to retry.",
    }
    assert "only for the log" not in str(release.__dict__)
    assert "only for the log" in caplog.text


def test_a_worker_whose_time_is_over_says_so(folder, listener):
    def timeout(**_):
        raise SystemExit("Task exceeded maximum timeout value")

    listener(timeout)
    release = release_create(path=str(folder))
    with pytest.raises(SystemExit):
        release_prepare(release.pk)
    release.refresh_from_db()
    assert release.state == "failed"
    assert release.error["code"] == "prepare_timeout"
    assert "HERALD_PREPARE_TIMEOUT" in release.error["message"]


def test_a_file_that_changes_while_it_is_prepared(folder, prepare, monkeypatch):
    release = release_create(path=str(folder))
    phases = []
    write = Progress.phase

    def changing(self, name, **total):
        phases.append(name)
        if name == "hash":
            (folder / "02.mp3").write_bytes(b"other content, other size")
        write(self, name, **total)

    monkeypatch.setattr(Progress, "phase", changing)
    release = prepare(release)
    assert phases == ["scan", "read", "enrich", "hash"]
    assert release.state == "failed"
    assert release.error["code"] == "hash_file_changed"
    assert "02.mp3" in release.error["message"]


@pytest.mark.parametrize("state", ["preparing", "approved", "published"])
def test_what_is_not_free_is_left_alone(state, db):
    release = factories.ReleaseFactory(state=state)
    assert not release_prepare(release.pk)
    release.refresh_from_db()
    assert release.state == state


def test_a_release_that_is_gone_is_no_error(db):
    assert not release_prepare(4711)


# --- asking for it ----------------------------------------------------------------


@pytest.mark.parametrize("state", ["new", "ready", "rejected", "failed"])
def test_preparation_can_be_asked_for(state, db, django_capture_on_commit_callbacks):
    release = factories.ReleaseFactory(state=state)
    with django_capture_on_commit_callbacks() as callbacks:
        prepare_request(release.pk)
    assert len(callbacks) == 1


@pytest.mark.parametrize(
    ("state", "code", "sentence"),
    [
        (
            "approved",
            "release_approved",
            "This release is approved. Reopen it first; its approval ends with that.",
        ),
        (
            "published",
            "release_approved",
            "This release is approved. Reopen it first; its approval ends with that.",
        ),
        (
            "preparing",
            "release_preparing",
            "This release is being prepared already. Wait, or cancel it.",
        ),
    ],
)
def test_preparation_that_may_not_be(state, code, sentence, db):
    release = factories.ReleaseFactory(state=state)
    with pytest.raises(ReleaseError) as caught:
        prepare_request(release.pk)
    assert (caught.value.code, caught.value.message) == (code, sentence)


# --- the sweep --------------------------------------------------------------------


def test_the_sweep_queues_what_was_forgotten(db, django_capture_on_commit_callbacks):
    old, young, done = (
        factories.ReleaseFactory(state="new"),
        factories.ReleaseFactory(state="new"),
        factories.ReleaseFactory(state="ready"),
    )
    from django.utils import timezone

    long_ago = timezone.now() - timedelta(minutes=1)
    Release.objects.filter(pk__in=[old.pk, done.pk]).update(updated_at=long_ago)
    with django_capture_on_commit_callbacks() as callbacks:
        assert releases_sweep() == 1
    assert len(callbacks) == 1
    assert young.state == "new"


def test_records_are_only_added(folder, prepare):
    release = prepare(folder)
    before = list(MetadataRecord.objects.values_list("pk", flat=True))
    prepare(release)
    assert set(before) < set(MetadataRecord.objects.values_list("pk", flat=True))


def test_time_is_measured(folder, prepare):
    started = time.monotonic()
    prepare(folder)
    passed = (time.monotonic() - started) * 1000
    assert 0 <= Torrent.objects.get().duration_ms <= passed
