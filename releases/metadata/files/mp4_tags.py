"""Reads the tags of an MP4: the `ilst` list that Apple's programs made common."""

import struct
from collections.abc import Iterator

from . import limits
from .boxes import Box, body, find, inside
from .found import Picture, Source, TagBag
from .id3_genres import genre_name

_UTF16, _INTEGER = 2, 21
_PAIRS = (b"trkn", b"disk")
_NUMBERS = (
    b"stik",
    b"\xa9mvi",
    b"\xa9mvc",
    b"shwm",
    b"pgap",
    b"tvsn",
    b"tves",
    b"cpil",
)
_DATA_HEAD = 8


def read_mp4_tags(source: Source, moov: Box) -> TagBag:
    """All text values and pictures, under the atoms' names ("©nam", "----:ASIN")."""
    bag = TagBag(style="mp4", version="MP4")
    items = _item_list(source, moov)
    left = limits.TAG_VALUES
    for item in inside(source, items) if items else ():
        if left <= 0:
            break
        name = item.name.decode("latin-1")
        if item.name == b"covr":
            _add_pictures(source, item, bag)
            continue
        if item.name == b"----":
            label = body(source, find(source, item, b"name"), 4 + 256)[4:]
            name = "----:" + label.decode("utf-8", "replace").upper()
        for kind, content in _values(source, item, 4 * limits.TEXT_CHARS):
            left -= 1
            bag.texts.setdefault(name, []).append(_text(item.name, kind, content))
    return bag


def _item_list(source: Source, moov: Box) -> Box | None:
    meta = find(source, moov, b"udta", b"meta")
    if meta is None:
        return None
    for skip in (4, 0):  # QuickTime writes `meta` without version and flags
        for box in inside(source, meta, skip=skip):
            if box.name == b"ilst":
                return box
    return None


def _values(source: Source, item: Box, limit: int) -> Iterator[tuple[int, bytes]]:
    """Type and content of each value of an item."""
    for box in inside(source, item):
        if box.name == b"data" and box.length >= _DATA_HEAD:
            content = body(source, box, _DATA_HEAD + limit)
            if len(content) >= _DATA_HEAD:
                (kind,) = struct.unpack_from(">I", content)
                yield kind & 0xFFFFFF, content[_DATA_HEAD:]


def _text(name: bytes, kind: int, content: bytes) -> str:
    """A value as text, whatever it is: pairs as "3/15", genres by name."""
    if name in _PAIRS and len(content) >= 6:
        number, total = struct.unpack_from(">2xHH", content)
        return f"{number}/{total}" if total else str(number)
    if name == b"gnre" and len(content) == 2:
        return genre_name(int.from_bytes(content, "big") - 1)
    if kind == _INTEGER or name in _NUMBERS:
        return str(int.from_bytes(content[:8], "big", signed=True))
    if kind == _UTF16:
        return content.decode("utf-16-be", "replace")
    return content.decode("utf-8", "replace").rstrip("\0")


def _add_pictures(source: Source, item: Box, bag: TagBag) -> None:
    """Every picture of `covr` counts as a front cover; bigger ones are passed over."""
    for box in inside(source, item):
        if len(bag.pictures) >= limits.PICTURES:
            return
        if box.name == b"data" and box.length - _DATA_HEAD <= limits.PICTURE_BYTES:
            content = body(source, box, box.length)[_DATA_HEAD:]
            bag.pictures.append(Picture(content=content, kind=3))
