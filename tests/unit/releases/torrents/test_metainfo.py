"""Base torrents are made, derived and stripped as trackers need them."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.torrents.bencode import encode
from releases.torrents.errors import InvalidName, InvalidTorrent
from releases.torrents.metainfo import (
    build_torrent,
    derive,
    infohash,
    read_torrent,
    strip,
    torrent_order,
)
from releases.torrents.types import TorrentFile
from tests.torrents import decoded, sha1

PIECE = 16384
ANNOUNCE = "https://tracker.example/0123456789abcdef0123456789abcdef/announce"


def file(path, size=10):
    return TorrentFile(path=tuple(path.split("/")), size=size)


def folder_torrent(**extra):
    values = {
        "name": "Book",
        "files": [file("a.mp3"), file("b/c.mp3", 20000)],
        "piece_length": PIECE,
        "pieces": b"p" * 40,
        **extra,
    }
    return build_torrent(**values)


def test_a_base_torrent_is_private_and_carries_nothing_of_a_site_or_time():
    torrent = decoded(folder_torrent())
    assert set(torrent) == {b"created by", b"info"}
    assert torrent[b"created by"] == b"Herald"
    assert torrent[b"info"] == {
        b"files": [
            {b"length": 10, b"path": [b"a.mp3"]},
            {b"length": 20000, b"path": [b"b", b"c.mp3"]},
        ],
        b"name": b"Book",
        b"piece length": PIECE,
        b"pieces": b"p" * 40,
        b"private": 1,
    }


def test_the_creator_can_be_named():
    assert b"10:created by10:Herald/1.2" in folder_torrent(created_by="Herald/1.2")


def test_a_single_file_torrent_has_a_length_and_no_list():
    content = build_torrent(
        name="Ä.m4b",
        files=[file("ignored", 5)],
        piece_length=PIECE,
        pieces=b"p" * 20,
        is_single=True,
    )
    assert decoded(content)[b"info"][b"length"] == 5
    meta = read_torrent(content)
    assert meta.is_single
    assert meta.files == (file("Ä.m4b", 5),)


def test_what_was_built_reads_back():
    content = folder_torrent()
    meta = read_torrent(content)
    info = encode(decoded(content)[b"info"])
    assert meta.name == "Book"
    assert [("/".join(f.path), f.size) for f in meta.files] == [
        ("a.mp3", 10),
        ("b/c.mp3", 20000),
    ]
    assert (meta.piece_length, meta.pieces) == (PIECE, b"p" * 40)
    assert (meta.private, meta.source, meta.is_single) == (True, "", False)
    assert (meta.total_size, meta.piece_count) == (20010, 2)
    assert meta.infohash == infohash(content) == sha1(info).hexdigest()
    assert "ppp" not in repr(meta)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("a/../b", "“..”"),
        ("a//b", "“”"),
        ("./b", "“.”"),
        ("a\\b", "slash, backslash or NUL"),
        ("a\0b", r"“a\\x00b”"),
        ("caf\udce9", r"“caf\\udce9” is not valid UTF-8"),
        ("é" * 128, "has 256 bytes"),
    ],
)
def test_names_that_no_torrent_should_carry_are_refused(path, sentence):
    with pytest.raises(InvalidName, match=sentence):
        folder_torrent(files=[file(path)])
    if "/" not in path:
        with pytest.raises(InvalidName, match=sentence):
            folder_torrent(name=path)


def test_files_cannot_be_twice_or_be_folders_too():
    with pytest.raises(InvalidName, match="“a/b” is there twice"):
        folder_torrent(files=[file("a/b"), file("a/b")])
    with pytest.raises(InvalidName, match="“a” is a file and a folder at once"):
        folder_torrent(files=[file("a"), file("a/b")])
    with pytest.raises(InvalidName, match="without a path"):
        folder_torrent(files=[TorrentFile(path=(), size=1)])


@pytest.mark.parametrize(
    "extra", [{"pieces": b"p" * 20}, {"pieces": b""}, {"piece_length": 20000}]
)
def test_pieces_that_do_not_fit_the_files_make_no_torrent(extra):
    with pytest.raises(InvalidTorrent):
        folder_torrent(**extra)


def test_order_goes_by_the_bytes_of_each_name():
    names = ["b", "a b/x", "a/z", "B", "a/ä", "a/zz", "a.txt", "10", "9", "ﬀ", "😀"]
    paths = [tuple(name.split("/")) for name in names]
    ordered = ["/".join(path) for path in sorted(paths, key=torrent_order)]
    assert ordered == [
        "10", "9", "B", "a/z", "a/zz", "a/ä", "a b/x", "a.txt", "b", "ﬀ", "😀",
    ]  # fmt: skip


@given(st.lists(st.lists(st.text(), min_size=1, max_size=3).map(tuple), unique=True))
def test_any_names_have_one_order(paths):
    keys = [torrent_order(path) for path in paths]
    assert len(set(keys)) == len(paths)


def test_undecodable_names_have_an_order_too():
    assert torrent_order(("caf\udce9",)) > torrent_order(("cafe",))


def test_deriving_sets_announce_and_source_and_keeps_the_pieces():
    base = folder_torrent()
    content = derive(base, announce=ANNOUNCE, source="RED")
    torrent = decoded(content)
    assert set(torrent) == {b"announce", b"created by", b"info"}
    assert torrent[b"announce"] == ANNOUNCE.encode()
    assert torrent[b"info"] == {**decoded(base)[b"info"], b"source": b"RED"}
    meta = read_torrent(content)
    assert (meta.source, meta.private) == ("RED", True)
    assert meta.infohash != infohash(base)
    assert "tracker.example" not in repr(meta)


def test_each_source_has_its_own_infohash_and_each_announce_the_same():
    base = folder_torrent()
    red = derive(base, announce=ANNOUNCE, source="RED")
    ops = derive(base, announce=ANNOUNCE, source="OPS")
    other = derive(base, announce=None, source="RED")
    assert infohash(red) != infohash(ops)
    assert infohash(red) == infohash(other)
    assert b"announce" not in other


def test_deriving_is_the_same_every_time_and_from_any_derived_torrent():
    base = folder_torrent()
    red = derive(base, announce=ANNOUNCE, source="RED", comment="x", creation_date=1)
    assert red == derive(
        base, announce=ANNOUNCE, source="RED", comment="x", creation_date=1
    )
    ops = derive(base, announce=None, source="OPS")
    assert derive(red, announce=None, source="OPS") == ops


def test_deriving_leaves_the_old_site_behind():
    foreign = decoded(folder_torrent())
    foreign[b"info"][b"source"] = b"OLD"
    foreign |= {
        b"announce": b"https://old.example/secret/announce",
        b"announce-list": [[b"https://old.example/secret/announce"]],
        b"url-list": [b"https://seed.example/secret"],
        b"comment": b"https://old.example/torrents.php?id=1",
        b"creation date": 5,
    }
    content = derive(encode(foreign), announce=ANNOUNCE, source="")
    assert b"old.example" not in content
    assert b"seed.example" not in content
    assert b"OLD" not in content
    assert set(decoded(content)) == {b"announce", b"created by", b"info"}
    assert read_torrent(content).source == ""


def test_comment_date_and_privacy_are_set_only_when_asked_for():
    content = derive(
        folder_torrent(),
        announce=ANNOUNCE,
        source="",
        private=False,
        comment="für euch 😀",
        creation_date=1_700_000_000,
    )
    torrent = decoded(content)
    assert torrent[b"comment"].decode() == "für euch 😀"
    assert torrent[b"creation date"] == 1_700_000_000
    assert b"private" not in torrent[b"info"]
    assert not read_torrent(content).private


@pytest.mark.parametrize("source", [None, b"", b"RED"])
@pytest.mark.parametrize("private", [None, 0, 1])
def test_what_already_is_as_asked_keeps_its_infohash(source, private):
    torrent = decoded(folder_torrent())
    torrent[b"info"] |= {b"source": source, b"private": private, b"entropy": b"x"}
    torrent[b"info"] = {k: v for k, v in torrent[b"info"].items() if v is not None}
    content = encode(torrent)
    meta = read_torrent(content)
    derived = derive(
        content, announce=ANNOUNCE, source=meta.source, private=meta.private
    )
    assert infohash(derived) == infohash(content)


def test_stripping_keeps_the_infohash_and_drops_every_address():
    derived = decoded(
        derive(folder_torrent(), announce=ANNOUNCE, source="RED", comment="mine")
    )
    derived |= {
        b"announce-list": [[ANNOUNCE.encode()]],
        b"nodes": [[b"host", 1]],
        b"url-list": b"https://seed.example",
        b"httpseeds": [b"https://seed.example"],
        b"rtorrent": {b"trackers": {ANNOUNCE.encode(): {}}},
        b"libtorrent_resume": {b"trackers": {ANNOUNCE.encode(): {b"enabled": 1}}},
        b"publisher-url": ANNOUNCE.encode(),
    }
    stripped = strip(encode(derived))
    assert infohash(stripped) == infohash(encode(derived))
    assert set(decoded(stripped)) == {b"created by", b"info"}
    assert strip(stripped) == stripped


@pytest.mark.parametrize("edit", [infohash, strip, read_torrent])
@pytest.mark.parametrize("content", [b"", b"i1e", b"de", b"d4:infoi1ee", b"<html>"])
def test_what_is_no_torrent_is_refused(edit, content):
    with pytest.raises(InvalidTorrent, match="no torrent file"):
        edit(content)


def test_the_same_files_give_the_same_bytes_in_another_process():
    code = (
        "from tests.unit.releases.torrents.test_metainfo import folder_torrent;"
        "import sys; sys.stdout.buffer.write(folder_torrent())"
    )
    made = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env={"PYTHONHASHSEED": "7", "LC_ALL": "C", "PYTHONPATH": "."},
    )
    assert made.stdout == folder_torrent()
