"""Checks what a decoded torrent says, sentence by sentence. Pure."""

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from releases.torrents.bencode import encode
from releases.torrents.errors import (
    InvalidName,
    InvalidPieceLength,
    InvalidTorrent,
    TorrentUnsupported,
    shown,
)
from releases.torrents.pieces import check_piece_length, piece_count
from releases.torrents.types import Metainfo, TorrentFile

# libtorrent cuts longer names, and drops or replaces these characters (measured with
# 2.1): a client built on it would look for other files than there are.
_LONGEST_NAME = 240  # bytes
_REWRITTEN = re.compile(
    "[\x01-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
    "\ufeff]"
)
_LARGEST_FILE = 2**50  # a petabyte: above it, sums would be nonsense


def check_name(name: str, remedy: str = "") -> str:
    """`name` itself, if it may be one component of a path in a torrent.

    `remedy` says what to do where renaming alone is not enough. Raises InvalidName for
    what would leave the folder, and for what torrent clients write otherwise on the disk.
    """
    shorten = remedy or "Shorten it, then try again."
    remedy = remedy or "Rename it, then try again."
    if name in ("", ".", ".."):
        raise InvalidName(
            f"A file or folder in a torrent cannot be called {shown(name)}: the name "
            f"would lead elsewhere. {remedy}"
        )
    if any(char in name for char in "/\\\0"):
        raise InvalidName(
            f"The name {shown(name)} holds a slash, backslash or NUL character, which "
            f"some torrent client reads as another path. {remedy}"
        )
    try:
        size = len(name.encode())
    except UnicodeEncodeError as error:
        raise InvalidName(
            f"The name {shown(name)} is not valid UTF-8. {remedy}"
        ) from error
    if size > _LONGEST_NAME:
        raise InvalidName(
            f"The name {shown(name)} has {size} bytes, and torrent clients cut it after "
            f"{_LONGEST_NAME}. {shorten}"
        )
    odd = _REWRITTEN.search(name)
    if odd is not None:
        raise InvalidName(
            f"The name {shown(name)} holds the invisible character U+{ord(odd[0]):04X}, "
            f"which torrent clients drop or replace, and then miss the file. {remedy}"
        )
    return name


def check_paths(paths: Iterable[tuple[str, ...]]) -> None:
    """Raise InvalidName unless all paths are safe and can exist side by side.

    Torrent clients rename one of two paths that differ only in the case of ASCII
    letters, whatever the disk could hold.
    """
    files: dict[bytes, tuple[str, ...]] = {}
    folders: dict[bytes, tuple[str, ...]] = {}
    for path in paths:
        if not path:
            raise InvalidName("A file without a path. Give every file a name.")
        for name in path:
            check_name(name)
        key = _caseless(path)
        if key in files:
            raise _twins(
                files[key], path, "The file {} is there twice. Keep one of them."
            )
        files[key] = path
        for depth in range(1, len(path)):
            folders.setdefault(_caseless(path[:depth]), path[:depth])
    both = min(files.keys() & folders.keys(), default=None)
    if both is not None:
        raise _twins(
            files[both],
            folders[both],
            "{} is a file and a folder at once. Rename one.",
        )


def _caseless(path: tuple[str, ...]) -> bytes:
    return "/".join(path).encode().lower()  # of bytes, so ASCII letters only


def _twins(one: tuple[str, ...], other: tuple[str, ...], same: str) -> InvalidName:
    """Why two paths do not go together; `same` says it of equal ones."""
    first, second = shown("/".join(one)), shown("/".join(other))
    if one == other:
        return InvalidName(same.format(first))
    return InvalidName(
        f"{first} and {second} differ in upper and lower case only, so torrent clients "
        "rename one of them, and then miss it. Rename one yourself, then try again."
    )


def metainfo_of(decoded: object) -> Metainfo:
    """The checked content of a decoded torrent; raises InvalidTorrent."""
    if not isinstance(decoded, dict) or not isinstance(decoded.get(b"info"), dict):
        raise InvalidTorrent(
            "This is no torrent file: it has no info dictionary. Choose a .torrent "
            "file."
        )
    info: dict[bytes, Any] = decoded[b"info"]
    _refuse_unsupported(info)
    try:
        name = check_name(_text(info, b"name"))
        files = _files(info, name)
        check_paths(file.path for file in files)
    except InvalidName as error:
        raise InvalidTorrent(
            f"The torrent names its files badly. {error.message} It may be made to "
            "do harm: create the torrent anew from the files."
        ) from error
    piece_length, pieces = _pieces(info, sum(file.size for file in files))
    private = _integer(info, b"private", 0)
    return Metainfo(
        name=name,
        files=files,
        piece_length=piece_length,
        pieces=pieces,
        infohash=hashlib.sha1(encode(info), usedforsecurity=False).hexdigest(),
        is_single=b"files" not in info,
        private=private == 1,
        source=_text(info, b"source", ""),
    )


def _refuse_unsupported(info: dict[bytes, Any]) -> None:
    if b"meta version" in info or b"file tree" in info:
        kind = "hybrid (v1 and v2)" if b"pieces" in info else "version 2"
        raise TorrentUnsupported(
            f"This is a {kind} torrent, and Herald handles version 1 only, which "
            "every tracker takes. Create it again as v1."
        )
    _refuse_padding_and_links(info)


def _refuse_padding_and_links(entry: dict[bytes, Any]) -> None:
    attributes = _text(entry, b"attr", "")
    if b"symlink path" in entry or "p" in attributes or "l" in attributes:
        raise TorrentUnsupported(
            "The torrent holds padding files or symbolic links, which Herald cannot "
            "check against the files. Create it again without them."
        )


def _files(info: dict[bytes, Any], name: str) -> tuple[TorrentFile, ...]:
    if (b"files" in info) == (b"length" in info):
        raise _damaged("it must have either one length or a list of files")
    if b"length" in info:
        return (TorrentFile(path=(name,), size=_size(info)),)
    entries = info[b"files"]
    if not isinstance(entries, list) or not entries:
        raise _damaged("its list of files is empty or no list")
    return tuple(_file(entry) for entry in entries)


def _file(entry: object) -> TorrentFile:
    if not isinstance(entry, dict) or not isinstance(entry.get(b"path"), list):
        raise _damaged("an entry of its list of files has no path")
    _refuse_padding_and_links(entry)
    path = tuple(_decoded(name, "a path") for name in entry[b"path"])
    return TorrentFile(path=path, size=_size(entry))


def _pieces(info: dict[bytes, Any], total: int) -> tuple[int, bytes]:
    try:
        piece_length = check_piece_length(_integer(info, b"piece length", 0))
    except InvalidPieceLength as error:
        raise InvalidTorrent(error.message) from error
    pieces = info.get(b"pieces")
    if not isinstance(pieces, bytes) or len(pieces) % 20:
        raise _damaged("its piece hashes are missing or cut off")
    if total == 0:
        raise _damaged("its files hold no byte at all")
    count, needed = len(pieces) // 20, piece_count(total, piece_length)
    if count != needed:
        raise _damaged(f"it has {count} piece hashes, and its files need {needed}")
    return piece_length, pieces


def _size(entry: dict[bytes, Any]) -> int:
    size = _integer(entry, b"length", -1)
    if not 0 <= size <= _LARGEST_FILE:
        raise _damaged("a file has no sensible length")
    return size


def _integer(entry: dict[bytes, Any], key: bytes, default: int) -> int:
    value = entry.get(key, default)
    if not isinstance(value, int):
        raise _damaged(f"its “{key.decode()}” is no number")
    return value


def _text(entry: dict[bytes, Any], key: bytes, default: str | None = None) -> str:
    if default is not None and key not in entry:
        return default
    return _decoded(entry.get(key), f"its “{key.decode()}”")


def _decoded(value: object, what: str) -> str:
    if not isinstance(value, bytes):
        raise _damaged(f"{what} is no text")
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise _damaged(f"{what} is not valid UTF-8") from error


def _damaged(what: str) -> InvalidTorrent:
    return InvalidTorrent(
        f"The torrent is damaged: {what}. Get it again, or create it anew."
    )
