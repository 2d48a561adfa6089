"""Vorbis comments, as FLAC and Ogg hold them: text, pictures, chapters."""

import base64
import binascii
import re
from collections.abc import Iterable

from mutagen.flac import Picture as PictureBlock
from mutagen.flac import error as FlacError

from . import limits
from .found import Mark, Picture, TagBag

_CHAPTER = re.compile(r"CHAPTER(\d{1,4})(NAME)?")
_CLOCK = re.compile(r"(\d{1,3}):(\d{1,2}):(\d{1,2}(?:\.\d{1,9})?)")
_PICTURES = ("METADATA_BLOCK_PICTURE", "COVERART")


def collect(comments: Iterable[tuple[str, str]], version: str) -> TagBag:
    """The comments under upper-case names; pictures in them decoded."""
    bag = TagBag(style="vorbis", version=version)
    for count, (key, value) in enumerate(comments):
        if count >= limits.TAG_VALUES + 2 * limits.CHAPTERS:
            break
        name = key.upper()
        if name in _PICTURES:
            add_encoded_picture(bag, value, whole_block=name == _PICTURES[0])
        else:
            text = value[: limits.TEXT_CHARS]
            bag.texts.setdefault(name, []).append(text)
    return bag


def add_encoded_picture(bag: TagBag, value: str, *, whole_block: bool) -> None:
    """Decode base64; "COVERART" of old is the bare picture, not a FLAC block."""
    if len(value) > limits.PICTURE_BYTES * 4 // 3 + 1024:
        return
    try:
        content = base64.b64decode(value)
        if not whole_block:
            add_picture(bag, content, 3)
            return
        block = PictureBlock(content)
    except (binascii.Error, ValueError, FlacError, EOFError):
        return
    add_picture(bag, block.data, block.type)


def add_picture(bag: TagBag, content: bytes, kind: int) -> None:
    """Keep a picture within the limits of size and number."""
    if len(bag.pictures) < limits.PICTURES and 0 < len(content) <= limits.PICTURE_BYTES:
        bag.pictures.append(Picture(content=content, kind=kind))


def chapter_marks(bag: TagBag) -> list[Mark]:
    """Chapters of CHAPTERnnn and CHAPTERnnnNAME by number, from 0 or 1, any width."""
    starts: dict[int, int] = {}
    titles: dict[int, str] = {}
    for name, values in bag.texts.items():
        match = _CHAPTER.fullmatch(name)
        if match is None:
            continue
        number = int(match[1])
        if match[2]:
            titles[number] = values[0]
        elif (start := _milliseconds(values[0])) is not None:
            starts[number] = start
    return [
        Mark(title=titles.get(number, ""), start_ms=starts[number])
        for number in sorted(starts)
    ]


def _milliseconds(text: str) -> int | None:
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds = match.groups()
    return (int(hours) * 60 + int(minutes)) * 60_000 + round(float(seconds) * 1000)
