"""Links inside a library are followed when hashing; those that lead out never are."""

import pytest

from releases.models import Library
from releases.services.ingest import release_create
from releases.services.prepare import release_prepare

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
