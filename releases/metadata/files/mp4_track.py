"""One track of an MP4: its times, its sample tables and where its samples are."""

from __future__ import annotations  # array is generic for type checkers only

import struct
import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import limits
from .boxes import Box, body, find, inside
from .found import Source

_MAX_EDITS = 1_000
_EMPTY_EDIT = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """What a `trak` box says. Times are in units of `timescale` a second.

    `start_ms` is the silence that an empty edit puts before the track, `played_ms`
    the length that the edits select (0 without edits), `chapter_ids` the tracks
    that hold this one's chapters.
    """

    number: int
    handler: bytes
    timescale: int
    duration: int
    start_ms: int = 0
    played_ms: int = 0
    chapter_ids: tuple[int, ...] = ()
    table: Box | None = field(default=None, repr=False)

    def milliseconds(self, time: int) -> int:
        """A time of this track in whole milliseconds."""
        return round(time * 1000 / self.timescale) if self.timescale else 0


def read_track(source: Source, trak: Box, movie_timescale: int) -> Track:
    """Read the small boxes of a track; what is missing or short counts as zero."""
    timescale, duration = read_times(
        body(source, find(source, trak, b"mdia", b"mdhd"), 40)
    )
    edits = body(source, find(source, trak, b"edts", b"elst"), 20 * _MAX_EDITS)
    start_ms, played_ms = _read_edits(edits, movie_timescale)
    references = body(source, find(source, trak, b"tref", b"chap"), 4 * 64)
    return Track(
        number=_track_number(body(source, find(source, trak, b"tkhd"), 24)),
        handler=body(source, find(source, trak, b"mdia", b"hdlr"), 12)[8:12],
        timescale=timescale,
        duration=duration,
        start_ms=start_ms,
        played_ms=played_ms,
        chapter_ids=tuple(
            value
            for (value,) in struct.iter_unpack(
                ">I", references[: len(references) // 4 * 4]
            )
        ),
        table=find(source, trak, b"mdia", b"minf", b"stbl"),
    )


def read_times(header: bytes) -> tuple[int, int]:
    """Timescale and duration of an `mdhd` or `mvhd` body; zeros when it is short."""
    layout, offset = (">IQ", 20) if header[:1] == b"\x01" else (">II", 12)
    if len(header) < offset + struct.calcsize(layout):
        return 0, 0
    timescale, duration = struct.unpack_from(layout, header, offset)
    unknown = (1 << (64 if layout == ">IQ" else 32)) - 1
    return timescale, 0 if duration == unknown else duration


def _track_number(header: bytes) -> int:
    offset = 20 if header[:1] == b"\x01" else 12
    if len(header) < offset + 4:
        return 0
    return int(struct.unpack_from(">I", header, offset)[0])


def _read_edits(table: bytes, timescale: int) -> tuple[int, int]:
    """Milliseconds of leading empty edits, and of the edits that play something."""
    wide = table[:1] == b"\x01"
    layout = struct.Struct(">Qq4x" if wide else ">Ii4x")
    if len(table) < 8 or not timescale:
        return 0, 0
    (count,) = struct.unpack_from(">I", table, 4)
    silent = played = 0
    for index in range(min(count, (len(table) - 8) // layout.size)):
        duration, media_time = layout.unpack_from(table, 8 + index * layout.size)
        if media_time == _EMPTY_EDIT and not played:
            silent += duration
        elif media_time != _EMPTY_EDIT:
            played += duration
    return round(silent * 1000 / timescale), round(played * 1000 / timescale)


def _words(data: bytes, code: str = "I") -> array[int]:
    """Big-endian integers as an array ("I" 32 bits, "Q" 64)."""
    words = array(code)
    words.frombytes(data[: len(data) // words.itemsize * words.itemsize])
    if sys.byteorder == "little":
        words.byteswap()
    return words


def _table(
    source: Source, track: Track, name: bytes, limit: int = limits.TABLE_BYTES
) -> bytes:
    """The entries of a sample table, after version, flags and count."""
    if track.table is None:
        return b""
    return body(source, find(source, track.table, name), limit)[8:]


def sample_sizes(source: Source, track: Track) -> tuple[int, int, array[int]]:
    """Number of samples, the size they all have (or 0), and else each size."""
    if track.table is None:
        return 0, 0, array("I")
    content = body(source, find(source, track.table, b"stsz"), limits.TABLE_BYTES)
    if len(content) < 12:
        return 0, 0, array("I")
    uniform, count = struct.unpack_from(">II", content, 4)
    sizes = _words(content[12:])
    if uniform:
        return count, uniform, array("I")
    return min(count, len(sizes)), 0, sizes[:count]


def chunk_offsets(source: Source, track: Track) -> array[int]:
    """Where each chunk of the track begins in the file."""
    wide = _table(source, track, b"co64")
    return _words(wide, "Q") if wide else _words(_table(source, track, b"stco"))


def sample_times(source: Source, track: Track, count: int) -> Iterator[tuple[int, int]]:
    """Start and duration of the first `count` samples, in the track's units."""
    runs = _words(_table(source, track, b"stts", limits.MIB))
    start = 0
    for index in range(0, len(runs) - 1, 2):
        for _ in range(min(runs[index], count)):
            yield start, runs[index + 1]
            start += runs[index + 1]
            count -= 1
        if count <= 0:
            return


def sample_places(
    source: Source, track: Track, limit: int
) -> Iterator[tuple[int, int]]:
    """Offset and size of the first `limit` samples. Stops where the tables do."""
    count, uniform, sizes = sample_sizes(source, track)
    chunks = chunk_offsets(source, track)
    runs = _words(_table(source, track, b"stsc", limits.MIB))
    firsts = [runs[index] for index in range(0, len(runs) - 2, 3)]
    if not firsts or firsts != sorted(firsts):
        return
    sample, last = 0, min(count, limit)
    for chunk, offset in enumerate(chunks, start=1):
        run = bisect_right(firsts, chunk) - 1
        per_chunk = runs[run * 3 + 1] if run >= 0 else 0
        if not per_chunk:
            return
        for _ in range(min(per_chunk, last - sample)):
            size = uniform or sizes[sample]
            yield offset, size
            offset += size
            sample += 1
        if sample >= last:
            return


def tracks_of(source: Source, moov: Box) -> list[Track]:
    """The tracks of a movie, in file order, at most 64."""
    movie_timescale, _ = read_times(body(source, find(source, moov, b"mvhd"), 40))
    found: list[Track] = []
    for box in inside(source, moov):
        if box.name == b"trak" and len(found) < 64:
            found.append(read_track(source, box, movie_timescale))
    return found
