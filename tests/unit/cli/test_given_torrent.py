"""`manage.py upload FILE.torrent`: its pieces are reused, or it is told why not."""

import pytest

from releases.models import Release, Torrent
from releases.services.torrents import torrent_metainfo
from releases.torrents.bencode import encode
from releases.torrents.metainfo import derive
from tests.torrents import decoded
from uploads.models import Upload

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def torrent(desk, book, tmp_path):
    """A torrent of the book, beside it, as another program would write it."""
    release = desk.prepare("Wells")
    content = derive(
        torrent_metainfo(Torrent.objects.get(release=release)),
        announce="https://tracker.example/0123456789abcdef0123456789abcdef/announce",
        source="OTHER",
        private=True,
    )
    release.uploads.all().delete()
    release.delete()
    file = book.parent / "given.torrent"
    file.write_bytes(content)
    return file


def test_the_files_are_found_under_the_torrents_own_name(cli, torrent, book):
    said = cli(str(torrent), "--dry-run")
    assert said.code == 0, said.text
    release = Release.objects.get()
    assert release.name == book.name
    assert Torrent.objects.get().engine == "given torrent"


def test_the_files_may_lie_elsewhere(cli, torrent, book, tmp_path):
    moved = torrent.rename(tmp_path / "given.TORRENT")
    missing = cli(str(moved), "--dry-run", "--json")
    assert missing.code == 2
    (error,) = missing.events
    assert (error["code"], error["message"]) == (
        "content_missing",
        f"The files of given.TORRENT are not beside it: there is no {book.name}. Say "
        "where they are with --content PATH.",
    )
    assert cli(str(moved), "--content", str(book), "--dry-run").code == 0
    assert Torrent.objects.get().engine == "given torrent"


def test_the_files_may_have_the_files_name(cli, torrent, book):
    plain = torrent.rename(torrent.parent / f"{book.name}.torrent")
    assert cli(str(plain), "--dry-run").code == 0


def test_a_torrent_that_does_not_fit_is_told_and_hashed_over(cli, torrent, book):
    content = decoded(torrent.read_bytes())
    content[b"info"][b"pieces"] = bytes(len(content[b"info"][b"pieces"]))
    torrent.write_bytes(encode(content))
    assert cli(str(torrent), "--dry-run").code == 0
    release = Release.objects.get()
    assert Torrent.objects.get().engine == "herald"
    assert "torrent_unfit" in [notice["code"] for notice in release.notices]


def test_a_torrent_given_the_second_time_counts(cli, torrent, book):
    assert cli(str(book), "--dry-run").code == 0
    Upload.objects.all().delete()
    Torrent.objects.all().delete()
    assert cli(str(torrent), "--dry-run").code == 0
    assert Torrent.objects.get().engine == "given torrent"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html>Log in</html>", "torrent_invalid"),
        (b"", "torrent_invalid"),
        (b"d4:info" + b"0" * 11_000_000, "torrent_too_large"),
    ],
)
def test_what_is_no_torrent_is_one_sentence(cli, desk, torrent, content, code):
    torrent.write_bytes(content)
    said = cli(str(torrent), "--json")
    assert said.code == 2
    (error,) = said.events
    assert error["code"] == code
    assert error["message"].endswith(".")
    assert not Release.objects.exists()


def test_a_torrent_that_may_not_be_read(cli, torrent, monkeypatch):
    from pathlib import Path

    opened = Path.open

    def refuse(self, *args, **kwargs):
        if self.suffix == ".torrent":
            raise PermissionError(13, "Permission denied")
        return opened(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    said = cli(str(torrent), "--json")
    (error,) = said.events
    assert (said.code, error["code"]) == (2, "torrent_unreadable")
    assert error["message"].endswith(
        "cannot be read (Permission denied). Check its rights."
    )


def test_a_torrent_of_an_impossible_name(cli, desk):
    said = cli("/" + "x" * 5000 + ".torrent", "--json")
    assert (said.code, said.events[0]["code"]) == (2, "path_outside")


def test_a_torrent_that_is_not_there(cli, desk, book):
    said = cli(f"{book}.torrent", "--json")
    assert said.code == 2
    assert said.events[0]["code"] == "path_not_found"
