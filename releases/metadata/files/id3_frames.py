"""Splits an ID3v2 tag into frames, within bounds. Versions 2.2, 2.3 and 2.4.

Compressed and encrypted frames are passed over: hardly anything writes them, and a
few bytes may unpack to gigabytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from . import limits
from .found import Source

HEAD = 10
_ENCODINGS = ("latin-1", "utf-16", "utf-16-be", "utf-8")
_UNSYNCHRONISED, _EXTENDED, _FOOTER = 0x80, 0x40, 0x10
# Names of version 2.2, and of frames that 2.4 replaced, by the names of 2.4.
_MODERN = {
    "TT1": "TIT1", "TT2": "TIT2", "TT3": "TIT3", "TP1": "TPE1", "TP2": "TPE2",
    "TP3": "TPE3", "TAL": "TALB", "TCM": "TCOM", "TYE": "TDRC", "TCO": "TCON",
    "TRK": "TRCK", "TPA": "TPOS", "TPB": "TPUB", "TLA": "TLAN", "TCR": "TCOP",
    "COM": "COMM", "TXX": "TXXX", "PIC": "APIC", "WAF": "WOAF", "TYER": "TDRC",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame by its modern name. `old_picture` marks the layout of version 2.2."""

    name: str
    content: bytes = field(repr=False)
    old_picture: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Id3Head:
    """The head of a tag; `size` covers the whole tag with head and footer."""

    version: int
    flags: int
    size: int


def syncsafe(content: bytes) -> int:
    """A number of seven bits in each byte."""
    value = 0
    for byte in content:
        value = value << 7 | byte & 0x7F
    return value


def read_head(content: bytes) -> Id3Head | None:
    """The tag that begins with these ten bytes, or None."""
    if len(content) < HEAD or content[:3] != b"ID3" or content[3] not in (2, 3, 4):
        return None
    if any(byte & 0x80 for byte in content[6:10]):
        return None
    size = HEAD + syncsafe(content[6:10])
    if content[3] == 4 and content[5] & _FOOTER:
        size += HEAD
    return Id3Head(version=content[3], flags=content[5], size=size)


def split_tag(source: Source, offset: int, head: Id3Head) -> list[Frame]:
    """All frames of a tag; a tag beyond limits.TAG_BYTES is read up to there."""
    length = min(head.size, limits.TAG_BYTES) - HEAD
    content = source.read_at(offset + HEAD, length)
    if head.flags & _UNSYNCHRONISED and head.version < 4:
        content = content.replace(b"\xff\x00", b"\xff")
    start = 0
    if head.flags & _EXTENDED and head.version > 2:
        size = content[:4]
        start = syncsafe(size) if head.version == 4 else int.from_bytes(size, "big") + 4
    unsynchronised = bool(head.flags & _UNSYNCHRONISED)
    return list(split_frames(content[start:], head.version, unsynchronised))


def split_frames(
    content: bytes, version: int, unsynchronised: bool = False
) -> Iterator[Frame]:
    """Frames that follow each other, at most limits.FRAMES; stops at padding."""
    name_length, head = (3, 6) if version == 2 else (4, 10)
    position = 0
    for _ in range(limits.FRAMES):
        raw_name = content[position : position + name_length]
        if len(content) < position + head or not _is_name(raw_name):
            return
        size = _frame_size(content, position, version)
        flags = int.from_bytes(content[position + 8 : position + 10], "big")
        start, position = position + head, position + head + size
        body = content[start:position]
        plain = _unpack(body, version, flags if version > 2 else 0, unsynchronised)
        if plain is not None:
            name = raw_name.decode("ascii")
            yield Frame(
                name=_MODERN.get(name, name),
                content=plain,
                old_picture=name == "PIC",
            )


def _is_name(name: bytes) -> bool:
    return name.isalnum() and name.isascii() and name.upper() == name


def _frame_size(content: bytes, position: int, version: int) -> int:
    """A frame's size; iTunes wrote plain sizes where 2.4 wants seven-bit ones."""
    if version == 2:
        return int.from_bytes(content[position + 3 : position + 6], "big")
    field_bytes = content[position + 4 : position + 8]
    plain = int.from_bytes(field_bytes, "big")
    if version == 3 or plain < 0x80:
        return plain
    safe = syncsafe(field_bytes)
    if any(byte & 0x80 for byte in field_bytes):
        return plain
    return (
        safe
        if _fits(content, position + 10 + safe)
        else _plain_if(content, position + 10 + plain, plain, safe)
    )


def _plain_if(content: bytes, end: int, plain: int, safe: int) -> int:
    return plain if _fits(content, end) else safe


def _fits(content: bytes, end: int) -> bool:
    """Whether a frame that ends here is followed by a frame, padding or nothing."""
    following = content[end : end + 4]
    return (
        end == len(content)
        or following[:1] == b"\0"
        or (len(following) == 4 and _is_name(following))
    )


def _unpack(
    content: bytes, version: int, flags: int, unsynchronised: bool
) -> bytes | None:
    """The frame's content without its wrapping; None when it cannot be read."""
    if version == 3:
        if flags & 0x00C0:
            return None
        return content[1:] if flags & 0x0020 else content
    if version == 4:
        if flags & 0x000C:
            return None
        start = (1 if flags & 0x0040 else 0) + (4 if flags & 0x0001 else 0)
        content = content[start:]
        if flags & 0x0002 or unsynchronised:
            content = content.replace(b"\xff\x00", b"\xff")
    return content


def decode_text(encoding: int, content: bytes) -> str:
    """Text in one of the four encodings of ID3; the BOM may still be in it."""
    name = _ENCODINGS[encoding] if encoding < len(_ENCODINGS) else "latin-1"
    if name == "utf-16" and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        name = "utf-16-le"  # the mark is missing; nearly all writers are little-endian
    return content[: 4 * limits.TEXT_CHARS].decode(name, "replace")


def decode_values(content: bytes) -> list[str]:
    """The values of a text frame, which version 2.4 separates by NUL."""
    if not content:
        return []
    text = decode_text(content[0], content[1:]).rstrip("\0")
    values = [value.lstrip("\ufeff") for value in text.split("\0")]
    return values[:64]
