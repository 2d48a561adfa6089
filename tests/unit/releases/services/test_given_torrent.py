"""A torrent given with the path: reused when it fits, refused when it is none."""

import hashlib
from pathlib import Path

import pytest

from common.errors import AppError
from releases.models import Release, Torrent
from releases.services.ingest import files_store, release_create, release_scan
from releases.services.torrents import torrent_metainfo, torrent_reuse
from releases.torrents.bencode import encode
from releases.torrents.metainfo import read_torrent
from tests.torrents import decoded

pytestmark = pytest.mark.django_db

ANNOUNCE = b"https://tracker.example/s3cretpasskey0123456789abcdef/announce"


@pytest.fixture
def torrent(folder, prepare):
    """A torrent of the folder as another program might have made it."""
    release = prepare(folder)
    content = decoded(torrent_metainfo(Torrent.objects.get(release=release)))
    release.delete()
    content[b"announce"] = ANNOUNCE
    content[b"info"][b"piece length"] = 16384
    data = b"".join((folder / name).read_bytes() for name in ("01.mp3", "02.mp3"))
    content[b"info"][b"pieces"] = b"".join(
        hashlib.sha1(data[at : at + 16384]).digest()  # noqa: S324 - BitTorrent's
        for at in range(0, len(data), 16384)
    )
    return content


def refusal(folder, content):
    with pytest.raises(AppError) as caught:
        release_create(path=str(folder), torrent_file=content)
    assert not Release.objects.exists()
    return caught.value.message


def test_pieces_that_fit_are_taken_over(folder, torrent, prepare):
    release = prepare(folder, torrent_file=encode(torrent))
    assert release.state == "ready"
    made = Torrent.objects.get(release=release)
    assert (made.engine, made.piece_length) == ("given torrent", 16384)
    assert bytes(made.pieces) == torrent[b"info"][b"pieces"]
    assert [n["code"] for n in release.notices if "torrent" in n["code"]] == []


def test_its_addresses_are_not_kept(folder, torrent):
    release = release_create(path=str(folder), torrent_file=encode(torrent))
    assert release.given_torrent
    assert b"s3cretpasskey" not in bytes(release.given_torrent)
    assert read_torrent(bytes(release.given_torrent)).name == folder.name


def test_a_torrent_of_other_content_is_not_used(folder, torrent, prepare):
    torrent[b"info"][b"pieces"] = b"x" * len(torrent[b"info"][b"pieces"])
    release = prepare(folder, torrent_file=encode(torrent))
    assert release.state == "ready"
    assert Torrent.objects.get(release=release).engine == "herald"
    (notice,) = [n for n in release.notices if n["code"] == "torrent_unfit"]
    assert notice["message"] == (
        "The torrent given is not used: The torrent does not fit the files. “01.mp3” "
        "has, or borders on, other content than the torrent. “02.mp3” has, or borders "
        "on, other content than the torrent. Leave the torrent out, and Herald hashes "
        "the files itself."
    )


def test_a_torrent_of_other_files_is_not_used(folder, torrent, prepare):
    torrent[b"info"][b"files"][0][b"path"] = [b"00.mp3"]
    release = prepare(folder, torrent_file=encode(torrent))
    (notice,) = [n for n in release.notices if n["code"] == "torrent_unfit"]
    assert "“00.mp3” is in the torrent, but not on disk." in notice["message"]
    assert "“01.mp3” is on disk, but not in the torrent." in notice["message"]


def test_that_it_did_not_fit_is_still_told_after_an_edit(folder, torrent, prepare):
    from releases.services.remerge import release_override

    torrent[b"info"][b"name"] = b"Other"
    release = prepare(folder, torrent_file=encode(torrent))
    release = release_override(
        release_id=release.pk, changes={"title": "Edited"}, actor_id=None
    )
    assert "torrent_unfit" in [n["code"] for n in release.notices]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no torrent"),
        (b"<html>Log in</html>", "no torrent"),
        (b"d4:infoi1ee", "no info dictionary"),
        (b"d4:infod4:name1:xe", "damaged"),
        (b"l" * 100_000, "torrent"),
        (b"i" + b"9" * 5000 + b"e", "torrent"),
    ],
)
def test_what_is_no_torrent_is_refused(folder, content, sentence):
    told = refusal(folder, content)
    assert told.endswith(".")
    assert "torrent" in told


def test_a_torrent_of_100_megabytes(folder):
    told = refusal(folder, b"d4:info" + b"0" * 100_000_000)
    assert "10" in told
    assert len(told) < 300


@pytest.mark.parametrize(
    "path",
    [
        [b"..", b"..", b"etc", b"passwd"],
        [b"/etc/passwd"],
        [b"a\\..\\b"],
        [b""],
        [b"."],
        [b"x\0y"],
        [b"\xff\xfe"],
    ],
)
def test_a_torrent_whose_paths_lead_elsewhere(folder, torrent, path):
    torrent[b"info"][b"files"][0][b"path"] = path
    told = refusal(folder, encode(torrent))
    assert told.endswith(".")


@pytest.mark.parametrize("name", [b"..", b"", b"a/b", b"\xff"])
def test_a_torrent_whose_name_leads_elsewhere(folder, torrent, name):
    torrent[b"info"][b"name"] = name
    refusal(folder, encode(torrent))


def test_a_torrent_of_too_many_pieces_is_not_used(library):
    piece, count = 16384, 400_001
    folder = Path(library.path) / "Huge"
    folder.mkdir()
    with (folder / "01.mp3").open("wb") as file:
        file.truncate(piece * count)
    info = {
        b"files": [{b"length": piece * count, b"path": [b"01.mp3"]}],
        b"name": b"Huge",
        b"piece length": piece,
        b"pieces": bytes(20 * count),
    }
    release = release_create(path=str(folder), torrent_file=encode({b"info": info}))
    files_store(release, release_scan(release))

    told = torrent_reuse(release)

    assert told.startswith("The torrent given is not used: Pieces of 16 KiB would make")
