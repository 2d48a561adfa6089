"""Watch folders in trouble: gone, unreadable, too full or too slow, and told as such."""

import os
from pathlib import Path

import pytest

from releases.models import Candidate, Release, WatchFolder
from releases.services import watches
from tests.unit.releases.services.looks import look, only, settle, told
from uploads.models import Trouble
from uploads.services.troubles import troubles_watch

pytestmark = pytest.mark.django_db


def test_what_has_gone_is_forgotten(library, folder, watch):
    look(watch)
    (folder / "01.mp3").unlink()
    (folder / "02.mp3").unlink()
    folder.rmdir()
    look(watch)
    assert not Candidate.objects.exists()
    assert watch.problem == ""


def test_a_folder_that_disappears_says_so_and_comes_back(library, folder, watch):
    look(watch)
    root = Path(library.path)
    root.rename(root.with_name("away"))
    look(watch)
    assert "is not there, or leads out of its library" in watch.problem
    assert only().path == folder.name  # nothing is forgotten
    troubles_watch()
    trouble = Trouble.objects.get(code="watch_folder")
    assert trouble.message.startswith("The watch folder Books: The folder ")
    root.with_name("away").rename(root)
    settle(watch)
    assert watch.problem == ""
    assert Release.objects.count() == 1
    troubles_watch()
    trouble.refresh_from_db()
    assert trouble.ended_at


def test_a_watch_folder_that_became_a_file_says_so(library):
    (Path(library.path) / "in").write_bytes(b"no folder")
    watch = WatchFolder.objects.create(library=library, path="in")
    look(watch)
    assert "is not there, or Herald may not read it (Not a directory)" in watch.problem


def test_names_that_are_no_text_are_told(library, folder, watch):
    (Path(library.path) / os.fsdecode(b"caf\xe9")).mkdir()
    settle(watch)
    assert "caf" in watch.problem
    assert "not valid UTF-8" in watch.problem
    assert Release.objects.count() == 1  # the others go on


def test_too_many_entries_are_told(library, folder, watch, monkeypatch):
    monkeypatch.setattr("releases.ingest.candidates.MOST_CHILDREN", 0)
    look(watch)
    assert "holds more than 0 files and folders" in watch.problem


def test_a_look_ends_in_time_and_goes_on_with_the_rest(library, watch, monkeypatch):
    for name in ("a", "b"):
        (Path(library.path) / name).mkdir()
        (Path(library.path) / name / "x.mp3").write_bytes(b"audio")
    monkeypatch.setattr(watches, "BUDGET_S", -1.0)
    look(watch)
    assert Candidate.objects.filter(looked_at=None).count() == 2
    monkeypatch.undo()
    look(watch)
    assert not Candidate.objects.filter(looked_at=None).exists()


def test_a_folder_that_takes_too_long_waits(folder, watch, monkeypatch):
    monkeypatch.setattr("releases.ingest.candidates.LONGEST_LOOK_S", -1.0)
    look(watch)
    assert told(only())[:2] == ("waiting", "look_slow")


def test_a_wish_that_cannot_be_is_told(folder, watch):
    watch.kind = "no kind"
    watch.save()
    settle(watch)
    assert told(only())[:2] == ("skipped", "kind_unknown")
