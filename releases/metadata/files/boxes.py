"""Walks the boxes of an MP4 file without trusting their sizes.

A box is a 32-bit size, a four-byte name and a body. Size 1 means that a 64-bit size
follows the name, size 0 that the box reaches to the end of what holds it.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from . import limits
from .found import Source

_WIDE = 1
_TO_THE_END = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Where a box is. `end` may lie beyond the file when `cut` is true."""

    name: bytes
    body: int
    end: int
    cut: bool = False

    @property
    def length(self) -> int:
        """Bytes of the body."""
        return self.end - self.body


def children(source: Source, start: int, end: int) -> Iterator[Box]:
    """The boxes between two offsets, at most limits.BOXES; stops at nonsense.

    A box that claims more than its holder is given with that end, marked `cut`, and
    is the last one.
    """
    end = min(end, source.size)
    for _ in range(limits.BOXES):
        header = source.read_at(start, min(16, end - start))
        if len(header) < 8:
            return
        size, name = struct.unpack_from(">I4s", header)
        head = 8
        if size == _WIDE:
            if len(header) < 16:
                return
            (size,) = struct.unpack_from(">Q", header, 8)
            head = 16
        elif size == _TO_THE_END:
            size = end - start
        if size < head:
            return
        cut = start + size > end
        yield Box(name=name, body=start + head, end=start + size, cut=cut)
        if cut:
            return
        start += size


def inside(source: Source, box: Box, *, skip: int = 0) -> Iterator[Box]:
    """The boxes in a box, after `skip` bytes of fields."""
    return children(source, box.body + skip, box.end)


def find(source: Source, box: Box, *path: bytes) -> Box | None:
    """The first box down that path of names, or None."""
    for name in path:
        found = next((b for b in inside(source, box) if b.name == name), None)
        if found is None:
            return None
        box = found
    return box


def body(source: Source, box: Box | None, limit: int) -> bytes:
    """At most `limit` bytes of a box's body; b"" when there is no box."""
    if box is None:
        return b""
    return source.read_at(box.body, min(box.length, limit))
