"""Adds a Nero chapter list to a finished MP4, which no tagger here can do."""

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

from .facts import Mark

LIMIT = 255  # the list counts its chapters, and each title's bytes, in one byte


def _children(
    content: bytes | bytearray, start: int, end: int
) -> Iterator[tuple[bytes, int, int]]:
    """Name, offset and size of each box; only the small sizes ffmpeg writes."""
    while start + 8 <= end:
        size, name = struct.unpack_from(">I4s", content, start)
        yield name, start, size
        start += size


def box(name: bytes, body: bytes) -> bytes:
    """A box with a 32-bit size."""
    return struct.pack(">I4s", 8 + len(body), name) + body


def nero_list(chapters: Sequence[Mark], *, version: int = 1) -> bytes:
    """A whole `chpl` box; version 0 lacks the four reserved bytes."""
    body = bytes([version, 0, 0, 0]) + bytes(4 if version else 0)
    body += bytes([min(len(chapters), LIMIT)])
    for chapter in chapters[:LIMIT]:
        title = chapter.title.encode()[:LIMIT]
        body += struct.pack(">QB", chapter.start_ms * 10_000, len(title)) + title
    return box(b"chpl", body)


def add_nero_list(path: Path, chapters: Sequence[Mark], *, version: int = 1) -> None:
    """Put a list into moov/udta. Media must come before moov, so no offset moves."""
    content = bytearray(path.read_bytes())
    top = {name: (at, size) for name, at, size in _children(content, 0, len(content))}
    moov, moov_size = top[b"moov"]
    if moov < top[b"mdat"][0]:
        raise ValueError(f"{path} has its moov box first")
    addition = nero_list(chapters, version=version)
    inside = _children(content, moov + 8, moov + moov_size)
    udta = next(((at, size) for name, at, size in inside if name == b"udta"), None)
    if udta:
        at, size = udta
        content[at + size : at + size] = addition
        struct.pack_into(">I", content, at, size + len(addition))
    else:
        addition = box(b"udta", addition)
        content[moov + moov_size : moov + moov_size] = addition
    struct.pack_into(">I", content, moov, moov_size + len(addition))
    path.write_bytes(content)
