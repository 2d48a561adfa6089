"""Watch folders: what settled is taken, and everything else says why it is not."""

import os
from pathlib import Path

import pytest

from common.errors import AppError
from releases.models import Candidate, Release, WatchFolder
from releases.services.ingest import release_create
from releases.services.watches import LONGEST_STEP_S, candidate_reset
from tests.factories import ReleaseFactory, UserFactory
from tests.unit.releases.services.looks import look, only, settle, told

pytestmark = pytest.mark.django_db


def test_a_settled_folder_becomes_a_release(folder, watch):
    watch.kind, watch.targets, watch.owner = "music", ["red"], UserFactory()
    watch.save()
    look(watch)
    row = only()
    assert told(row) == (
        "waiting",
        "still_changing",
        "Still changing, or seen for too short a time: unchanged for 0 of 60 seconds.",
    )
    assert (row.file_count, row.total_size) == (2, 19_000)
    look(watch, later=29)
    assert not Release.objects.exists()
    assert "unchanged for 29 of 60 seconds." in only().message
    look(watch, later=30)
    look(watch, later=5)
    release = Release.objects.get()
    assert (release.source_path, release.kind) == (folder.name, "music")
    assert (release.targets, release.created_by) == (["red"], watch.owner)
    event = release.events.get()
    assert event.reason == "Found in the watch folder Books."
    assert (only().state, only().release) == ("taken", release)
    settle(watch)
    assert Release.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "03.mp3").write_bytes(b"more"),
        lambda folder: (folder / "02.mp3").write_bytes(b"longer" * 9999),
        lambda folder: os.utime(folder / "02.mp3", (1, 1)),
        lambda folder: (folder / "01.mp3").rename(folder / "00.mp3"),
        lambda folder: (folder / ".notes").write_bytes(b"hidden, but written"),
    ],
)
def test_any_change_begins_the_wait_anew(folder, watch, change):
    look(watch)
    look(watch, later=29)
    look(watch, later=29)
    change(folder)
    look(watch, later=29)
    assert only().quiet_seconds == 0
    assert "unchanged for 0 of 60" in only().message
    settle(watch)
    assert Release.objects.count() == 1


@pytest.mark.parametrize("jump", [86_400, -86_400])
def test_a_clock_that_jumps_settles_nothing(folder, watch, jump):
    look(watch)
    look(watch, later=jump)
    assert 0 <= only().quiet_seconds <= LONGEST_STEP_S
    assert not Release.objects.exists()
    settle(watch)
    assert Release.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "state", "code"),
    [
        ("03.mp3.part", b"x", "waiting", "file_unfinished"),
        ("03.mp3.!qB", b"x", "waiting", "file_unfinished"),
        ("03.mp3.crdownload", b"x", "waiting", "file_unfinished"),
        ("03.tmp", b"x", "waiting", "file_unfinished"),
        (".03.mp3.x7Kp2Q", b"x", "waiting", "file_unfinished"),
        (".syncthing.03.mp3.tmp", b"x", "waiting", "file_unfinished"),
    ],
)
def test_what_is_half_copied_waits(folder, watch, name, content, state, code):
    (folder / name).write_bytes(content)
    settle(watch)
    assert told(only())[:2] == (state, code)
    assert name in only().message
    assert not Release.objects.exists()
    (folder / name).unlink()
    settle(watch)
    assert Release.objects.count() == 1


def test_a_hidden_folder_of_rsync_is_seen(folder, watch):
    (folder / ".~tmp~").mkdir()
    settle(watch)
    assert only().code == "file_unfinished"


def test_a_hidden_file_of_another_kind_is_no_sign_of_copying(folder, watch):
    (folder / ".nomedia").write_bytes(b"")
    (folder / ".a.longer-ending").write_bytes(b"")
    settle(watch)
    assert Release.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "files", "code"),
    [
        ("", {"a.txt": b"words"}, "no_media"),
        ("audiobook", {"a.mkv": b"film"}, "no_media"),
        ("film", {"a.mp3": b"sound"}, "no_media"),
        ("", {"a.mp3": b""}, "files_empty"),
        ("", {}, "folder_empty"),
    ],
)
def test_what_is_no_release_says_so(library, watch, kind, files, code):
    watch.kind = kind
    watch.save()
    path = Path(library.path) / "Something"
    path.mkdir()
    for name, content in files.items():
        (path / name).write_bytes(content)
    settle(watch)
    assert only().code == code
    assert only().state == ("skipped" if code == "no_media" else "waiting")
    assert only().message
    assert not Release.objects.exists()


def test_a_kind_without_media_takes_anything(library, watch):
    watch.kind = "other"
    watch.save()
    (Path(library.path) / "Papers").mkdir()
    (Path(library.path) / "Papers" / "a.txt").write_bytes(b"words")
    settle(watch)
    assert Release.objects.get().kind == "other"


def test_single_files_and_hidden_ones(library, watch):
    root = Path(library.path)
    (root / "Book.m4b").write_bytes(b"audio")
    (root / "readme.txt").write_bytes(b"words")
    (root / ".hidden").mkdir()
    (root / "Other.m4b.part").write_bytes(b"half")
    settle(watch)
    assert [r.source_path for r in Release.objects.all()] == ["Book.m4b"]
    assert {row.path: row.code for row in Candidate.objects.all()} == {
        "Book.m4b": "",
        "readme.txt": "no_media",
        "Other.m4b.part": "file_unfinished",
    }


def test_folders_further_down(library):
    root = Path(library.path)
    for path in ("in/Ann/One", "in/Ann/Two/Disc 1", "in/Bob"):
        (root / path).mkdir(parents=True)
    (root / "in/Ann/One/a.mp3").write_bytes(b"audio")
    (root / "in/Ann/Two/Disc 1/a.mp3").write_bytes(b"audio")
    (root / "in/Bob/Three.m4b").write_bytes(b"audio")
    (root / "elsewhere.mp3").write_bytes(b"audio")
    watch = WatchFolder.objects.create(library=library, path="in", depth=2)
    assert str(watch) == "Books/in"
    settle(watch)
    assert sorted(r.source_path for r in Release.objects.all()) == [
        *("in/Ann/One", "in/Ann/Two", "in/Bob/Three.m4b")
    ]


def test_what_is_a_release_already_is_left_alone(folder, watch):
    release = release_create(path=str(folder))
    look(watch)
    assert (only().state, only().release) == ("known", release)
    settle(watch)
    assert Release.objects.count() == 1


def test_a_folder_around_a_release_is_left_alone(library, folder, watch):
    ReleaseFactory(library=library, source_path=f"{folder.name}/01.mp3")
    settle(watch)
    assert told(only())[:2] == ("skipped", "holds_release")
    assert "It holds release " in only().message


def test_a_link_to_a_release_is_known_as_such(library, folder, watch):
    release = release_create(path=str(folder))
    (Path(library.path) / "link").symlink_to(folder)
    settle(watch)
    assert only(path="link").release == release
    assert only(path="link").state == "known"


def test_a_link_out_of_the_library_is_told(library, tmp_path, watch):
    (tmp_path / "outside").mkdir()
    (Path(library.path) / "link").symlink_to(tmp_path / "outside")
    settle(watch)
    assert told(only())[:2] == ("skipped", "path_gone")


def test_a_deleted_release_is_taken_again_only_when_asked(folder, watch):
    settle(watch)
    Release.objects.all().delete()
    settle(watch)
    folder.rename(folder.with_name(".away"))  # its disk comes and goes
    settle(watch)
    folder.with_name(".away").rename(folder)
    settle(watch)
    assert not Release.objects.exists()
    candidate_reset(only().pk)
    settle(watch)
    assert Release.objects.count() == 1
    with pytest.raises(AppError, match="It is a release already"):
        candidate_reset(only().pk)
