"""Reads FLAC files by mutagen, after a look at how much there is to read."""

from typing import Any

from mutagen.flac import FLAC

from releases.metadata.types import AudioInfo, Notice

from . import limits
from .cue import block_marks, combine, marks_of, parse_cue
from .flac_tail import reaches_end
from .found import Found, Source, Unreadable
from .vorbis import add_picture, chapter_marks, collect

_MAX_BLOCKS = 512


def read_flac(source: Source, start: int, sheet: str) -> Found:
    """Read a FLAC whose stream begins at `start`; `sheet` is an adjacent cue sheet.

    Raises Unreadable, and whatever mutagen raises on damage.
    """
    audio_start = _end_of_blocks(source, start)
    source.file.seek(0)
    flac = FLAC(source.file)
    info = flac.info
    duration_ms = round(info.length * 1000)
    bitrate = round((source.size - audio_start) * 8 / info.length) if info.length else 0
    audio = AudioInfo(
        codec="FLAC",
        container="FLAC",
        lossless=True,
        bitrate=bitrate,
        sample_rate=info.sample_rate,
        channels=info.channels,
        bits_per_sample=info.bits_per_sample,
        duration_ms=duration_ms,
    )
    tags = collect(flac.tags or (), "Vorbis comments")
    for picture in flac.pictures:
        add_picture(tags, picture.data, picture.type)
    marks, marks_from = chapter_marks(tags), "comments"
    if not marks:
        text = sheet or tags.first("CUESHEET")
        block = block_marks(flac.cuesheet, info.sample_rate)
        marks, marks_from = combine(block, marks_of(parse_cue(text), source.name))
    return Found(
        audio=audio,
        tags=tags,
        marks=marks,
        marks_from=marks_from if marks else "",
        notices=_notices(source, info),
    )


def _end_of_blocks(source: Source, start: int) -> int:
    """Where the audio begins. Raises Unreadable when the blocks are too much."""
    position = start + 4
    for _ in range(_MAX_BLOCKS):
        head = source.read_at(position, 4)
        if len(head) < 4:
            raise Unreadable("The file ends inside its FLAC header: it was cut off.")
        position += 4 + int.from_bytes(head[1:], "big")
        if position - start > limits.TAG_BYTES:
            break
        if head[0] & 0x80:
            return position
    raise Unreadable(
        f"The FLAC header has more than {limits.TAG_BYTES // limits.MIB} MiB or"
        f" {_MAX_BLOCKS} blocks: remove pictures and padding from it."
    )


def _notices(source: Source, info: Any) -> list[Notice]:
    """What a person should know of the stream."""
    if not info.total_samples:
        return [
            Notice(
                code="length_unknown",
                message="The FLAC header does not say how long the audio is; encode"
                " the file again, or run flac -t on it.",
            )
        ]
    if not reaches_end(source, info.total_samples, info.max_blocksize):
        return [
            Notice(
                code="truncated",
                message="The end of the FLAC stream is missing: the file was cut off."
                " Get a complete copy, or run flac -t on it.",
            )
        ]
    return []
