"""Links inside a library are followed when hashing; those that lead out never are."""

import os

import pytest

from releases.ingest.errors import IngestError
from releases.models import Candidate, Library, Release, WatchFolder
from releases.services.browsing import folder_list
from releases.services.ingest import release_create
from releases.services.prepare import release_prepare
from releases.services.watches import watch_scan

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(tmp_path):
    folder = tmp_path / "shelf"
    (folder / "album").mkdir(parents=True)
    (folder / "store" / "disc").mkdir(parents=True)
    (folder / "store" / "1.mp3").write_bytes(b"1" * 5000)
    (folder / "store" / "disc" / "2.mp3").write_bytes(b"2" * 50)
    Library.objects.create(name="Shelf", path=str(folder))
    return folder


def prepared(folder):
    release = release_create(path=str(folder))
    release_prepare(release.pk)
    release.refresh_from_db()
    return release


def test_linked_files_and_folders_of_the_library_are_hashed(shelf):
    (shelf / "album" / "1.mp3").symlink_to(shelf / "store" / "1.mp3")
    (shelf / "album" / "disc").symlink_to(shelf / "store" / "disc")
    release = prepared(shelf / "album")
    assert release.state == "ready", release.error
    assert release.torrents.get().files == [["1.mp3", 5000], ["disc/2.mp3", 50]]


def test_a_link_out_of_the_library_is_refused(shelf, tmp_path):
    (tmp_path / "secret.mp3").write_bytes(b"secret")
    (shelf / "album" / "1.mp3").symlink_to(tmp_path / "secret.mp3")
    release = prepared(shelf / "album")
    assert release.state == "failed"
    assert release.error["code"] == "link_outside"
    assert (
        "1.mp3 is a link to something outside the library" in release.error["message"]
    )


@pytest.fixture
def odd_link(shelf):
    """A folder of a plain name that lies in one whose name is no UTF-8."""
    odd = shelf / os.fsdecode(b"caf\xe9")
    (odd / "album").mkdir(parents=True)
    (odd / "album" / "1.mp3").write_bytes(b"1" * 500)
    link = shelf / "linked"
    link.symlink_to(odd / "album")
    return link


def test_a_link_into_a_folder_whose_name_is_no_text_is_refused(odd_link):
    with pytest.raises(IngestError) as caught:
        release_create(path=str(odd_link))
    assert caught.value.code == "name_not_utf8"
    assert "caf\\udce9" in caught.value.message
    assert not Release.objects.exists()


def test_such_a_link_keeps_nothing_else_in_a_watch_folder_waiting(odd_link, shelf):
    watch = WatchFolder.objects.create(
        library=Library.objects.get(), settle_seconds=1, depth=1
    )
    assert watch_scan(watch.pk)
    Candidate.objects.update(quiet_seconds=5)
    assert watch_scan(watch.pk)
    states = dict(Candidate.objects.values_list("path", "code"))
    assert states["linked"] == "name_not_utf8"
    assert Release.objects.filter(source_path="store").exists()


def test_such_a_link_is_not_browsed(odd_link):
    with pytest.raises(IngestError) as caught:
        folder_list(str(odd_link))
    assert caught.value.code == "name_not_utf8"
