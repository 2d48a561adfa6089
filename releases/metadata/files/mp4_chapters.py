"""Chapters of an MP4: Nero's list in moov/udta, and QuickTime's text track."""

import struct
from collections.abc import Sequence

from releases.metadata.types import Notice

from . import limits
from .boxes import Box, body, find
from .found import Mark, Source
from .mp4_track import Track, sample_places, sample_times

NERO_LIMIT = 255  # the list counts chapters in one byte
_TEXT_HANDLERS = (b"text", b"sbtl", b"subt")
_UNITS_PER_MS = 10_000  # Nero's list counts in 100 ns


def nero_marks(source: Source, moov: Box) -> list[Mark]:
    """The chapters of `chpl`; titles that are cut off end the list."""
    content = body(source, find(source, moov, b"udta", b"chpl"), limits.MIB)
    if len(content) < 5:
        return []
    position = 8 if content[0] else 4
    if len(content) <= position:
        return []
    count, position = content[position], position + 1
    marks = []
    for _ in range(count):
        if len(content) < position + 9:
            break
        start, length = struct.unpack_from(">QB", content, position)
        title = content[position + 9 : position + 9 + length]
        position += 9 + length
        marks.append(
            Mark(title=title.decode("utf-8", "replace"), start_ms=_to_ms(start))
        )
    return marks


def _to_ms(units: int) -> int:
    return (units + _UNITS_PER_MS // 2) // _UNITS_PER_MS


def track_marks(source: Source, tracks: Sequence[Track]) -> list[Mark]:
    """The chapters of the first readable text track that an audio track names.

    Tracks of chapter pictures are passed over. A track whose samples lie beyond the
    end of the file counts as unreadable. An empty sample is a gap, not a chapter.
    """
    wanted = [
        number
        for track in tracks
        if track.handler == b"soun"
        for number in track.chapter_ids
    ]
    for number in wanted:
        for track in tracks:
            if track.number == number and track.handler in _TEXT_HANDLERS:
                marks = _read_text_track(source, track)
                if marks:
                    return marks
    return []


def _read_text_track(source: Source, track: Track) -> list[Mark]:
    places = list(sample_places(source, track, limits.CHAPTERS))
    times = list(sample_times(source, track, len(places)))
    marks = []
    for (offset, size), (start, duration) in zip(places, times, strict=False):
        content = source.read_at(offset, min(size, limits.TITLE_BYTES))
        if size and not content:
            return []
        title = sample_text(content)
        if not title:
            continue
        start_ms = track.milliseconds(start) + track.start_ms
        end_ms = track.milliseconds(start + duration) + track.start_ms
        marks.append(Mark(title=title, start_ms=start_ms, end_ms=end_ms))
    return marks


def sample_text(content: bytes) -> str:
    """The text of one sample: its length, then UTF-8, or UTF-16 after a BOM."""
    if len(content) < 2:
        return ""
    (length,) = struct.unpack_from(">H", content)
    text = content[2 : 2 + length]
    if text[:2] == b"\xfe\xff":
        return text[2:].decode("utf-16-be", "replace")
    if text[:2] == b"\xff\xfe":
        return text[2:].decode("utf-16-le", "replace")
    return text.decode("utf-8", "replace")


def choose(track: list[Mark], nero: list[Mark]) -> tuple[list[Mark], str, list[Notice]]:
    """The better of the two, where it came from, and what a person should know.

    The track has no limits, so it wins whenever it can be read.
    """
    if not track:
        return nero, "nero" if nero else "", []
    if not nero or len(nero) == len(track):
        return track, "quicktime", []
    why = (
        "that list cannot hold more"
        if len(nero) == NERO_LIMIT < len(track)
        else "the two were written at different times"
    )
    message = (
        f"The chapter track has {len(track)} chapters, the Nero list {len(nero)}"
        f" ({why}); the track is used."
    )
    return track, "quicktime", [Notice(code="chapters_differ", message=message)]
