"""A torrent from anywhere is checked before anything is believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.torrents.bencode import decode, encode
from releases.torrents.errors import (
    InvalidTorrent,
    TorrentTooLarge,
    TorrentUnsupported,
    shown,
)
from releases.torrents.metainfo import read_torrent

PIECE = 16384
SINGLE = {b"name": b"a", b"piece length": PIECE, b"pieces": b"p" * 20, b"length": 5}
FOLDER = {
    b"name": b"a",
    b"piece length": PIECE,
    b"pieces": b"p" * 20,
    b"files": [{b"length": 5, b"path": [b"b"]}, {b"length": 0, b"path": [b"c", b"d"]}],
}


def torrent(base, **changes):
    """`base` with keys set, or removed where the value is None ("_" is a space)."""
    info = dict(base)
    for key, value in changes.items():
        name = key.replace("_", " ").encode()
        info.pop(name, None)
        if value is not None:
            info[name] = value
    return encode({b"info": info})


def path(*names):
    return [{b"length": 5, b"path": list(names)}]


@pytest.mark.parametrize("base", [SINGLE, FOLDER])
def test_sound_torrents_of_others_are_read(base):
    meta = read_torrent(torrent(base, source=b"X", private=0, md5sum=b"0" * 32))
    assert (meta.name, meta.source, meta.private) == ("a", "X", False)
    assert meta.total_size == 5


@pytest.mark.parametrize(
    ("base", "changes", "sentence"),
    [
        (SINGLE, {"name": None}, "its “name” is no text"),
        (SINGLE, {"name": b"\xff"}, "its “name” is not valid UTF-8"),
        (SINGLE, {"name": b".."}, "“..”.*do harm"),
        (SINGLE, {"name": b""}, "“”"),
        (SINGLE, {"name": b"/etc/passwd"}, "“/etc/passwd” holds a slash"),
        (SINGLE, {"name": b"a" * 241}, "has 241 bytes"),
        (SINGLE, {"name": b"a\x7f"}, r"“a\\x7f” holds the invisible character U\+007F"),
        (SINGLE, {"source": 5}, "its “source” is no text"),
        (SINGLE, {"private": b"1"}, "its “private” is no number"),
        (SINGLE, {"length": None}, "either one length or a list"),
        (SINGLE, {"files": path(b"b")}, "either one length or a list"),
        (SINGLE, {"length": -1}, "no sensible length"),
        (SINGLE, {"length": 2**60}, "no sensible length"),
        (SINGLE, {"length": b"5"}, "its “length” is no number"),
        (SINGLE, {"length": 0, "pieces": b""}, "hold no byte at all"),
        (SINGLE, {"length": PIECE + 1}, "has 1 piece hashes, and its files need 2"),
        (SINGLE, {"pieces": b"p" * 40}, "has 2 piece hashes, and its files need 1"),
        (SINGLE, {"pieces": b"p" * 21}, "missing or cut off"),
        (SINGLE, {"pieces": None}, "missing or cut off"),
        (SINGLE, {"pieces": 5}, "missing or cut off"),
        (SINGLE, {"piece_length": None}, "piece length of 0 bytes"),
        (SINGLE, {"piece_length": 1}, "piece length of 1 bytes"),
        (SINGLE, {"piece_length": 20000}, "power of two"),
        (SINGLE, {"piece_length": 2**40}, "power of two"),
        (SINGLE, {"piece_length": b"x"}, "its “piece length” is no number"),
        (FOLDER, {"files": []}, "list of files is empty or no list"),
        (FOLDER, {"files": b"x"}, "list of files is empty or no list"),
        (FOLDER, {"files": [b"x"]}, "has no path"),
        (FOLDER, {"files": [{b"length": 5}]}, "has no path"),
        (FOLDER, {"files": [{b"path": [b"a"]}]}, "no sensible length"),
        (FOLDER, {"files": path()}, "file without a path"),
        (FOLDER, {"files": path(5)}, "a path is no text"),
        (FOLDER, {"files": path(b"\xff\xfe")}, "a path is not valid UTF-8"),
        (FOLDER, {"files": path(b"..", b"..", b"etc")}, "“..”.*do harm"),
        (FOLDER, {"files": path(b"a/../../b")}, "holds a slash"),
        (FOLDER, {"files": path(b"C:\\b")}, "backslash"),
        (FOLDER, {"files": path(b"a\0")}, r"“a\\x00”"),
        (FOLDER, {"files": path(b"", b"a")}, "“”"),
        (FOLDER, {"files": path(b"b") * 2}, "“b” is there twice"),
        (FOLDER, {"files": path(b"b") + path(b"B")}, "“b” and “B” differ in upper"),
        (FOLDER, {"files": path(b"b", b"c") + path(b"B")}, "“B” and “b” differ in"),
        (
            FOLDER,
            {"files": [*path(b"b"), {b"length": 0, b"path": [b"b", b"c"]}]},
            "“b” is a file and a folder at once",
        ),
    ],
)
def test_a_broken_or_dangerous_torrent_is_refused_with_the_reason(
    base, changes, sentence
):
    with pytest.raises(InvalidTorrent, match=sentence):
        read_torrent(torrent(base, **changes))


@pytest.mark.parametrize(
    ("base", "changes", "sentence"),
    [
        (SINGLE, {"meta_version": 2, "pieces": None}, "a version 2 torrent"),
        (SINGLE, {"meta_version": 2}, r"a hybrid \(v1 and v2\) torrent"),
        (SINGLE, {"file_tree": {}, "pieces": None}, "a version 2 torrent"),
        (SINGLE, {"attr": b"l"}, "padding files or symbolic links"),
        (SINGLE, {"symlink_path": [b"x"]}, "padding files or symbolic links"),
        (FOLDER, {"files": [{b"attr": b"p", **path(b"x")[0]}]}, "padding files"),
        (FOLDER, {"files": [{b"symlink path": [b"x"], **path(b"x")[0]}]}, "padding"),
    ],
)
def test_other_kinds_of_torrent_are_named(base, changes, sentence):
    with pytest.raises(TorrentUnsupported, match=sentence):
        read_torrent(torrent(base, **changes))


def test_an_executable_file_is_no_reason_to_refuse():
    entry = {b"attr": b"x", **path(b"run")[0]}
    assert read_torrent(torrent(FOLDER, files=[entry])).files[0].path == ("run",)


@pytest.mark.parametrize("attr", [5, [], {}])
def test_a_nonsense_attribute_is_refused(attr):
    entry = {b"attr": attr, **path(b"run")[0]}
    with pytest.raises(InvalidTorrent, match="“attr” is no text"):
        read_torrent(torrent(FOLDER, files=[entry]))


def test_a_huge_file_is_refused_without_decoding():
    with pytest.raises(TorrentTooLarge, match=r"has 100\.0 MB.*than 10"):
        read_torrent(b"d" * 100_000_000)


def test_a_broken_encoding_names_the_byte():
    with pytest.raises(InvalidTorrent, match="past the end at byte 1"):
        read_torrent(b"d4:inf")


mutations = st.recursive(
    st.integers() | st.binary(max_size=6), lambda inner: st.lists(inner, max_size=3)
)


@given(
    st.sampled_from([SINGLE, FOLDER]),
    st.sampled_from([*SINGLE, b"files", b"private", b"source", b"attr", b"file tree"]),
    mutations,
)
def test_any_value_anywhere_is_read_or_refused(base, key, value):
    try:
        meta = read_torrent(encode({b"info": {**base, key: value}}))
    except InvalidTorrent as error:
        assert error.message.endswith(".")
        return
    assert meta.piece_count == -(-meta.total_size // meta.piece_length)


@given(st.data())
def test_a_flipped_byte_is_read_or_refused(data):
    raw = bytearray(torrent(FOLDER))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] = data.draw(st.integers(0, 255))
    try:
        meta = read_torrent(bytes(raw))
    except InvalidTorrent:
        return
    assert encode(decode(bytes(raw))) == raw
    assert all(name not in ("", ".", "..") for f in meta.files for name in f.path)


def test_names_are_shown_on_one_bounded_harmless_line():
    assert shown("plain ä") == "“plain ä”"
    assert shown("a\nb\x1b[31m\u202ec\udce9") == r"“a\nb\x1b[31m\u202ec\udce9”"
    assert len(shown("x" * 5000)) < 200
