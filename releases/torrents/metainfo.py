"""Makes base torrents, reads torrents, and derives one tracker's from another.

Deriving edits the decoded dictionary and never hashes content: a few milliseconds.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, cast

import torf

from releases.torrents.bencode import MOST_BYTES, BencodeError, decode, encode
from releases.torrents.errors import InvalidTorrent, TorrentTooLarge
from releases.torrents.types import Metainfo, TorrentFile
from releases.torrents.validation import check_name, check_paths, metainfo_of

CREATED_BY = "Herald"

# All that is kept of others' torrents; any other key may carry somebody's passkey, as
# those of rTorrent's session do.
_KEPT_KEYS = (b"created by", b"info")


def torrent_order(path: tuple[str, ...]) -> tuple[bytes, ...]:
    """Sort key of a path: name by name, by the bytes of UTF-8.

    The same files thus give the same torrent on every machine, whatever its locale
    or folder order, and the files of a folder stay together.
    """
    return tuple(name.encode("utf-8", "surrogatepass") for name in path)


def build_torrent(
    *,
    name: str,
    files: Sequence[TorrentFile],
    piece_length: int,
    pieces: bytes,
    is_single: bool = False,
    created_by: str = CREATED_BY,
) -> bytes:
    """A private v1 torrent without announce URL, source flag or date: the base.

    `files` are in the order they were hashed, with paths below `name`; of a single
    file only the size counts. The same input gives the same bytes.
    Raises InvalidName, InvalidTorrent.
    """
    check_name(name)
    info: dict[str, Any] = {
        "name": name,
        "piece length": piece_length,
        "pieces": pieces,
        "private": True,
    }
    if is_single:
        (only,) = files
        info["length"] = only.size
    else:
        check_paths(file.path for file in files)
        info["files"] = [
            {"length": file.size, "path": list(file.path)} for file in files
        ]
    torrent = torf.Torrent(created_by=created_by)
    cast(dict[str, Any], torrent.metainfo)["info"] = info
    try:
        content = bytes(torrent.dump())
    except torf.TorfError as error:
        raise InvalidTorrent(
            f"No torrent can be made of these pieces: {error}. Hash the files again."
        ) from error
    read_torrent(content)
    return content


def read_torrent(content: bytes) -> Metainfo:
    """What a torrent file says, checked for whoever may have made it.

    Raises TorrentTooLarge above 10 MB, TorrentUnsupported for v2 and hybrid ones,
    InvalidTorrent for anything broken or dangerous.
    """
    return metainfo_of(_decoded(content))


def infohash(content: bytes) -> str:
    """The v1 infohash of a torrent file, in lower-case hex; raises InvalidTorrent."""
    info = encode(_info(_decoded(content)))
    return hashlib.sha1(info, usedforsecurity=False).hexdigest()


def derive(
    content: bytes,
    *,
    announce: str | None,
    source: str,
    private: bool = True,
    comment: str | None = None,
    creation_date: int | None = None,
) -> bytes:
    """The torrent `content` made over for one tracker.

    Only what is given stands in it: any other announce URL, web seed, source flag,
    comment and date of `content` is left behind. `source` empty: no source flag;
    `creation_date` in Unix seconds. The infohash stays where source flag and privacy
    already are as asked. Raises InvalidTorrent.
    """
    torrent = _decoded(content)
    info = dict(_info(torrent))
    if info.get(b"source", b"") != source.encode():
        _put(info, b"source", source.encode() or None)
    if (info.get(b"private") == 1) != private:
        _put(info, b"private", 1 if private else None)
    made: dict[bytes, Any] = {b"info": info}
    _put(made, b"created by", torrent.get(b"created by"))
    _put(made, b"announce", announce.encode() if announce else None)
    _put(made, b"comment", comment.encode() if comment else None)
    _put(made, b"creation date", creation_date)
    return encode(made)


def strip(content: bytes) -> bytes:
    """`content` with its info dictionary and who created it; its infohash stays.

    Raises InvalidTorrent.
    """
    torrent = _decoded(content)
    _info(torrent)
    return encode({key: torrent[key] for key in _KEPT_KEYS if key in torrent})


def _decoded(content: bytes) -> dict[bytes, Any]:
    if len(content) > MOST_BYTES:
        raise TorrentTooLarge(
            f"The file has {len(content) / 1e6:.1f} MB, and no torrent has more than "
            f"{MOST_BYTES // 1_000_000}. Choose the .torrent file, not its content."
        )
    try:
        decoded = decode(content)
    except BencodeError as error:
        raise InvalidTorrent(
            f"This is no torrent file, or a damaged one: {error}. Choose another, or "
            "create it anew."
        ) from error
    if not isinstance(decoded, dict):
        raise InvalidTorrent("This is no torrent file. Choose a .torrent file.")
    return decoded


def _info(torrent: dict[bytes, Any]) -> dict[bytes, Any]:
    info = torrent.get(b"info")
    if not isinstance(info, dict):
        raise InvalidTorrent(
            "This is no torrent file: it has no info dictionary. Choose a .torrent "
            "file."
        )
    return info


def _put(target: dict[bytes, Any], key: bytes, value: object) -> None:
    """Set `key`, or remove it where the value is None."""
    if value is None:
        target.pop(key, None)
    else:
        target[key] = value
