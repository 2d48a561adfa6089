"""What a tracker reads from, and changes in, a torrent file it is sent."""

import hashlib
from dataclasses import dataclass
from typing import Any

from trackers.sandbox import bencode

Info = dict[bytes, Any]


class CorruptTorrent(ValueError):
    """The file is not a usable metainfo dictionary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A torrent as it was sent in.

    `files` are (path below the folder, bytes); `folder` is empty for a single file.
    """

    info: Info
    encoding: bytes | None
    name: str
    folder: str
    files: tuple[tuple[str, int], ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(size for _, size in self.files)

    @property
    def paths(self) -> tuple[str, ...]:
        """Each file's path with the folder in front."""
        prefix = f"{self.folder}/" if self.folder else ""
        return tuple(prefix + path for path, _ in self.files)

    @property
    def encrypted(self) -> bool:
        """Whether the file list is hidden from the site."""
        return b"encrypted_files" in self.info

    @property
    def beyond_v1(self) -> bool:
        """Whether this is a version 2 or hybrid torrent."""
        return b"meta version" in self.info or b"file tree" in self.info


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """The torrent after the site's rewrite. `infohash` is 40 lower-case hex digits."""

    content: bytes
    infohash: str
    was_private: bool
    had_source: bool


def read(content: bytes) -> Submitted:
    """Read a torrent file. Raises `CorruptTorrent`."""
    try:
        metainfo = bencode.decode(content)
    except bencode.BencodeError as exc:
        raise CorruptTorrent(str(exc)) from exc
    info = metainfo.get(b"info") if isinstance(metainfo, dict) else None
    if not isinstance(info, dict):
        raise CorruptTorrent("there is no info dictionary")
    name = _text(info.get(b"name"))
    files = _files(info, name)
    encoding = metainfo.get(b"encoding")
    return Submitted(
        info=info,
        encoding=encoding if isinstance(encoding, bytes) else None,
        name=name,
        folder="" if _is_single(info) else name,
        files=files,
    )


def register(submitted: Submitted, source: str) -> Registered:
    """Make the torrent the site's own: private, its source flag, sorted keys."""
    info = dict(submitted.info)
    was_private = info.get(b"private") == 1
    had_source = info.get(b"source") == source.encode()
    info[b"private"] = 1
    if not had_source:
        info[b"source"] = source.encode()
        info.pop(b"x_cross_seed", None)
        info.pop(b"unique", None)
    metainfo: dict[bytes, Any] = {b"info": info}
    if submitted.encoding is not None:
        metainfo[b"encoding"] = submitted.encoding
    return Registered(
        content=bencode.encode(metainfo),
        infohash=_sha1(bencode.encode(info)),
        was_private=was_private,
        had_source=had_source,
    )


def personal_copy(content: bytes, *, announce: str, comment: str) -> bytes:
    """The stored file as one member downloads it; the infohash stays as it was."""
    metainfo = bencode.decode(content)
    metainfo[b"announce"] = announce.encode()
    metainfo[b"comment"] = comment.encode()
    return bencode.encode(metainfo)


def _sha1(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def _is_single(info: Info) -> bool:
    return b"files" not in info and b"file tree" not in info


def _files(info: Info, name: str) -> tuple[tuple[str, int], ...]:
    if b"file tree" in info and b"files" not in info:
        return ()
    _check_pieces(info)
    if b"files" not in info:
        return ((name, _length(info)),)
    entries = info[b"files"]
    if not isinstance(entries, list) or not entries:
        raise CorruptTorrent("the file list is empty")
    return tuple(_entry(entry) for entry in entries)


def _check_pieces(info: Info) -> None:
    pieces, length = info.get(b"pieces"), info.get(b"piece length")
    if not isinstance(pieces, bytes) or len(pieces) % 20:
        raise CorruptTorrent("the pieces are not a row of SHA-1 sums")
    if not isinstance(length, int) or length < 1:
        raise CorruptTorrent("there is no piece length")


def _entry(entry: Any) -> tuple[str, int]:
    if not isinstance(entry, dict):
        raise CorruptTorrent("a file is not a dictionary")
    parts = entry.get(b"path")
    if not isinstance(parts, list) or not parts:
        raise CorruptTorrent("a file has no path")
    return "/".join(_text(part) for part in parts), _length(entry)


def _length(entry: Info) -> int:
    length = entry.get(b"length")
    if not isinstance(length, int) or length < 0:
        raise CorruptTorrent("a file has no length")
    return length


def _text(value: Any) -> str:
    if not isinstance(value, bytes) or not value:
        raise CorruptTorrent("a name is missing")
    return value.decode("utf-8", "replace")
