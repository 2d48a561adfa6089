"""Walks the frames of MPEG audio (MP1, MP2, MP3) by their headers.

Only this tells the true length and bitrate of a file without a Xing or VBRI header.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from . import limits
from .found import Source

_BLOCK = limits.MIB
_MAX_GARBAGE = 64 * 1024  # bytes between frames that are searched for the next one
_V1, _V2 = 3, 2  # MPEG versions as the header writes them; 0 is 2.5
_KBPS = {
    (1, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """One frame's header. `size` in bytes, `samples` per channel."""

    layer: int
    bitrate: int
    sample_rate: int
    channels: int
    size: int
    samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What counting frames gave. `size` is the bytes of all frames.

    `complete` is false when the walk stopped at limits.WALK_BYTES.
    """

    frames: int
    samples: int
    size: int
    sample_rate: int
    constant: bool
    bitrate: int
    complete: bool = True

    @property
    def duration_ms(self) -> int:
        """Length of the counted frames."""
        return round(self.samples * 1000 / self.sample_rate)


def _parse(word: int) -> Header | None:
    version, layer = word >> 19 & 3, 4 - (word >> 17 & 3)
    index, rate_index = word >> 12 & 15, word >> 10 & 3
    if word >> 21 != 0x7FF or version == 1 or layer == 4:
        return None
    if index in (0, 15) or rate_index == 3:
        return None
    bitrate = _KBPS[1 if version == _V1 else 2, layer][index] * 1000
    rate, padding = _RATES[version][rate_index], word >> 9 & 1
    if layer == 1:
        samples, size = 384, (12 * bitrate // rate + padding) * 4
    else:
        samples = 576 if layer == 3 and version != _V1 else 1152
        size = samples // 8 * bitrate // rate + padding
    channels = 1 if word >> 6 & 3 == 3 else 2
    return Header(
        layer=layer,
        bitrate=bitrate,
        sample_rate=rate,
        channels=channels,
        size=size,
        samples=samples,
    )


# Few different headers occur in a file, so each is only taken apart once.
_KEY_MASK = 0xFFFFFFC0
_seen: dict[int, Header | None] = {}


def parse_header(word: int) -> Header | None:
    """The frame that a 32-bit big-endian header announces, or None."""
    key = word & _KEY_MASK
    if key not in _seen:
        if len(_seen) > 4096:
            _seen.clear()
        _seen[key] = _parse(key)
    return _seen[key]


def first_frame(source: Source, start: int) -> tuple[int, Header] | None:
    """Offset and header of the first frame that another like it follows."""
    block = source.read_at(start, _MAX_GARBAGE + 4096)
    position = block.find(b"\xff")
    while position != -1 and position < _MAX_GARBAGE:
        header = parse_header(int.from_bytes(block[position : position + 4], "big"))
        if header is not None and _followed(source, start + position, header):
            return start + position, header
        position = block.find(b"\xff", position + 1)
    return None


def _followed(source: Source, offset: int, header: Header) -> bool:
    """Whether the next frame stands where this one ends, or the file ends there."""
    following = source.read_at(offset + header.size, 4)
    if not following:
        return offset + header.size == source.size
    other = parse_header(int.from_bytes(following.ljust(4, b"\0"), "big"))
    return other is not None and (other.layer, other.sample_rate) == (
        header.layer,
        header.sample_rate,
    )


def _headers(source: Source, start: int, kind: Header) -> Iterator[Header]:
    """Every whole frame from `start` on, garbage between frames passed over."""
    wanted = (kind.layer, kind.sample_rate)
    offset, garbage = start, 0
    base, block = start, b""
    while offset + 4 <= source.size and offset - start < limits.WALK_BYTES:
        at = offset - base
        if at + 4 > len(block):
            base, at = offset, 0
            block = source.read_at(base, _BLOCK)
            if len(block) < 4:  # the file has become shorter
                return
        header = parse_header(int.from_bytes(block[at : at + 4], "big"))
        fits = header is not None and (header.layer, header.sample_rate) == wanted
        # Garbage may look like a header; then another frame must follow it.
        if header and fits and (not garbage or _followed(source, offset, header)):
            if offset + header.size > source.size:
                return
            yield header
            offset, garbage = offset + header.size, 0
            continue
        following = block.find(b"\xff", at + 1)
        step = (following if following != -1 else len(block)) - at
        offset, garbage = offset + step, garbage + step
        if garbage > _MAX_GARBAGE:
            return


def walk(source: Source, start: int, kind: Header) -> Walk:
    """Count the frames that are like `kind`, from `start` to the end of the file."""
    frames = samples = size = 0
    constant = True
    for header in _headers(source, start, kind):
        frames += 1
        samples += header.samples
        size += header.size
        constant = constant and header.bitrate == kind.bitrate
    seconds = samples / kind.sample_rate
    average = round(size * 8 / seconds) if seconds else 0
    return Walk(
        frames=frames,
        samples=samples,
        size=size,
        sample_rate=kind.sample_rate,
        constant=constant,
        bitrate=kind.bitrate if constant else average,
        complete=source.size - start <= limits.WALK_BYTES,
    )


def nearest_bitrate(bitrate: int, header: Header) -> int:
    """The bitrate of the table that an average of constant frames stands for."""
    table = _KBPS[1 if header.sample_rate >= 32000 else 2, header.layer]
    return min(
        (kbps * 1000 for kbps in table[1:]), key=lambda rate: abs(rate - bitrate)
    )
