import libtorrent
import pytest

from tests.unit.trackers.sandbox.gazelle_calls import make_info, make_torrent, sha1
from trackers.sandbox import bencode, torrents


def test_infohash_after_the_rewrite_is_the_one_libtorrent_sees():
    sent = torrents.read(make_torrent(source=None, private=None))

    registered = torrents.register(sent, "OPS")

    seen = libtorrent.torrent_info(bencode.decode(registered.content))
    assert str(seen.info_hashes().v1) == registered.infohash
    assert seen.priv()
    assert not registered.was_private
    assert not registered.had_source


def test_torrent_made_for_the_site_keeps_its_infohash():
    info = make_info(source="RED", zebra=b"stays")
    sent = torrents.read(bencode.encode({"info": info, "encoding": "UTF-8"}))

    registered = torrents.register(sent, "RED")

    expected = sha1(bencode.encode(info))
    assert registered.infohash == expected
    assert registered.was_private
    assert registered.had_source
    assert bencode.decode(registered.content)[b"encoding"] == b"UTF-8"


def test_cross_seed_marks_go_only_when_the_source_changes():
    marks = {"unique": b"u", "x_cross_seed": b"x"}
    kept = torrents.register(torrents.read(make_torrent(**marks)), "RED")
    gone = torrents.register(torrents.read(make_torrent(**marks)), "OPS")

    assert {b"unique", b"x_cross_seed"} <= bencode.decode(kept.content)[b"info"].keys()
    assert (
        not {b"unique", b"x_cross_seed"} & bencode.decode(gone.content)[b"info"].keys()
    )


def test_info_keys_out_of_order_are_sorted_before_hashing():
    inside = b"".join(
        bencode.encode(key) + bencode.encode(value)
        for key, value in reversed(make_info().items())
    )
    sent = torrents.read(b"d4:infod" + inside + b"ee")

    registered = torrents.register(sent, "RED")

    assert registered.infohash == sha1(bencode.encode(make_info()))


def test_single_file_has_no_folder():
    sent = torrents.read(make_torrent("book.m4b", 1234))

    assert (sent.folder, sent.files, sent.size) == ("", (("book.m4b", 1234),), 1234)
    assert sent.paths == ("book.m4b",)


def test_files_of_a_folder_have_it_in_their_paths():
    sent = torrents.read(make_torrent("Book", [("CD1/a.mp3", 3), ("b.mp3", 0)]))

    assert sent.paths == ("Book/CD1/a.mp3", "Book/b.mp3")
    assert sent.size == 3


@pytest.mark.parametrize(
    "content",
    [
        b"<html>",
        b"i1e",
        b"de",
        b"d4:infoi1ee",
        make_torrent(name=""),
        make_torrent(name=None),
        make_torrent(pieces=b"short"),
        make_torrent(pieces=None),
        make_torrent(**{"piece length": 0}),
        make_torrent(files=[]),
        make_torrent(files=-1),
        make_torrent(files=3)[:-4],
        bencode.encode({"info": make_info(files=1, length=None)}),
        bencode.encode({"info": {**make_info(), "files": [1]}}),
        bencode.encode({"info": {**make_info(), "files": [{"length": 1}]}}),
        bencode.encode({"info": {**make_info(), "files": [{"path": ["a"]}]}}),
    ],
)
def test_what_is_not_a_torrent_is_corrupt(content):
    with pytest.raises(torrents.CorruptTorrent):
        torrents.read(content)


def test_personal_copy_keeps_the_infohash_and_names_the_member():
    registered = torrents.register(torrents.read(make_torrent()), "RED")

    copy = torrents.personal_copy(
        registered.content, announce="http://a/announce", comment="here"
    )

    read = bencode.decode(copy)
    assert read[b"announce"] == b"http://a/announce"
    assert read[b"comment"] == b"here"
    assert sha1(bencode.encode(read[b"info"])) == registered.infohash
