"""Base torrents: hashed once per piece length, under each tracker's rule."""

import hashlib

import pytest

from common.errors import AppError
from releases.models import Torrent
from releases.services.torrents import (
    files_to_hash,
    torrent_ensure,
    torrent_metainfo,
    torrent_reuse,
)
from releases.torrents.metainfo import read_torrent
from releases.torrents.pieces import PieceRule

pytestmark = pytest.mark.django_db

BIG = PieceRule(table=((None, 32768),))


@pytest.fixture
def release(folder, prepare):
    return prepare(folder)


def test_the_pieces_are_those_of_the_files_end_to_end(release, folder):
    torrent = Torrent.objects.get(release=release)
    content = b"".join((folder / n).read_bytes() for n in ("01.mp3", "02.mp3"))
    assert torrent.piece_length == 16384
    assert bytes(torrent.pieces) == b"".join(
        hashlib.sha1(content[at : at + 16384]).digest()  # noqa: S324
        for at in (0, 16384)
    )
    assert torrent.files == [["01.mp3", 8000], ["02.mp3", 11000]]


def test_the_metainfo_is_private_and_without_addresses(release):
    content = torrent_metainfo(Torrent.objects.get(release=release))
    info = read_torrent(content)
    assert (info.name, info.private, info.source) == (release.name, True, "")
    assert b"announce" not in content


def test_the_same_files_are_hashed_once(release):
    first = torrent_ensure(release)
    assert torrent_ensure(release) == first
    assert Torrent.objects.count() == 1


def test_another_piece_length_is_hashed_for_itself(release):
    heard = []
    torrent = torrent_ensure(
        release,
        rule=BIG,
        on_progress=lambda *figures: heard.append(figures),
    )
    assert torrent.piece_length == 32768
    assert Torrent.objects.count() == 2
    assert heard[-1][:2] == (19_000, 19_000)
    assert torrent_ensure(release, rule=BIG) == torrent
    assert torrent_ensure(release).piece_length == 16384


def test_a_single_file_is_a_torrent_of_its_own(folder, prepare):
    release = prepare(folder / "01.mp3")
    info = read_torrent(torrent_metainfo(Torrent.objects.get(release=release)))
    assert (info.name, info.is_single, info.total_size) == ("01.mp3", True, 8000)


def test_files_that_are_gone_are_told(release, folder):
    (folder / "02.mp3").unlink()
    with pytest.raises(AppError) as caught:
        torrent_ensure(release, rule=BIG)
    assert caught.value.code == "hash_file_missing"
    assert "02.mp3" in caught.value.message


def test_a_release_that_is_gone_is_told(release, folder):
    folder.rename(folder.parent / "away")
    with pytest.raises(AppError) as caught:
        files_to_hash(release)
    assert caught.value.message == (
        f"{folder.name} is not in the library Books any more. Put it back and prepare "
        "again."
    )


def test_without_a_given_torrent_there_is_nothing_to_reuse(release):
    assert torrent_reuse(release) == ""
