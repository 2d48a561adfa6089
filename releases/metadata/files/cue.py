"""Cue sheets: the text format, and the sheet inside a FLAC file."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from . import limits
from .found import Mark
from .text import decode_unknown

_LINE = re.compile(r'(\w+)\s+(?:"([^"]*)"|(\S.*))')
_INDEX = re.compile(r"(\d{1,2})\s+(\d{1,5}):(\d{1,2}):(\d{1,2})")
_FILE_KIND = re.compile(r"\s+(?:WAVE|MP3|AIFF|BINARY|MOTOROLA)\s*", re.I)
_FRAMES = 75  # a second
_LEAD_OUT = 170


@dataclass(slots=True, kw_only=True)
class CueTrack:
    """One track of a sheet. `start_ms` is that of index 1, or of index 0 alone."""

    file: str
    title: str = ""
    start_ms: int | None = None


def parse_cue(text: str) -> list[CueTrack]:
    """The tracks of a sheet in its order; lines that make no sense are passed over."""
    tracks: list[CueTrack] = []
    file = ""
    for line in text[: limits.CUE_BYTES].lstrip("\ufeff").splitlines():
        match = _LINE.fullmatch(line[:2048].strip())
        if match is None:
            continue
        word, value = match[1].upper(), match[2] if match[2] is not None else match[3]
        if word == "FILE":
            file = _file_name(line)
        elif word == "TRACK" and len(tracks) < limits.CHAPTERS:
            tracks.append(CueTrack(file=file))
        elif word == "TITLE" and tracks:
            tracks[-1].title = value
        elif word == "INDEX" and tracks:
            _take_index(tracks[-1], value)
    return tracks


def _file_name(line: str) -> str:
    """The name on a FILE line, quoted or not, without the kind after it."""
    rest = line.strip()[4:].strip()
    if rest.startswith('"'):
        return rest[1:].partition('"')[0]
    return _FILE_KIND.split(rest, maxsplit=1)[0]


def _take_index(track: CueTrack, value: str) -> None:
    match = _INDEX.fullmatch(value)
    if match is None:
        return
    index, minutes, seconds, frames = map(int, match.groups())
    if index == 1 or (index == 0 and track.start_ms is None):
        whole = (minutes * 60 + seconds) * 1000
        track.start_ms = whole + round(frames * 1000 / _FRAMES)


def marks_of(tracks: list[CueTrack], name: str) -> list[Mark]:
    """The marks for the audio file `name`.

    A sheet for one file counts whatever it calls that file: sheets are often written
    for the WAV that was encoded later. Of several files only `name` counts.
    """
    files = {track.file for track in tracks}
    if len(files) > 1:
        tracks = [track for track in tracks if _same_stem(track.file, name)]
    return [
        Mark(title=track.title, start_ms=track.start_ms)
        for track in tracks
        if track.start_ms is not None
    ]


def _same_stem(file: str, name: str) -> bool:
    stems = [re.split(r"[/\\]", text)[-1].rpartition(".")[0] for text in (file, name)]
    return stems[0].casefold() == stems[1].casefold()


def adjacent_sheet(audio: Path) -> str:
    """The text of NAME.cue or NAME.EXT.cue beside a file, "" when there is none.

    Else that of the only sheet in the folder, if it lists several files, `audio` among
    them. A link is not followed: it may lead out of the library.
    """
    for sheet in (audio.with_suffix(".cue"), audio.with_name(f"{audio.name}.cue")):
        text = _sheet_text(sheet)
        if text:
            return text
    try:
        only = _only_sheet(audio.parent, audio.parent.stat().st_mtime_ns)
        status = only.stat() if only else None
    except (OSError, ValueError):
        return ""
    if only is None or status is None:
        return ""
    return _sheet_of_several(only, (status.st_mtime_ns, status.st_size))


# Cached because each file of a folder asks, one after the other.
@lru_cache(maxsize=1)
def _only_sheet(folder: Path, _changed: int) -> Path | None:
    sheets = [path for path in folder.iterdir() if path.suffix.lower() == ".cue"]
    return sheets[0] if len(sheets) == 1 else None


@lru_cache(maxsize=1)
def _sheet_of_several(sheet: Path, _state: tuple[int, int]) -> str:
    text = _sheet_text(sheet)
    return text if len({track.file for track in parse_cue(text)}) > 1 else ""


def _sheet_text(sheet: Path) -> str:
    try:
        if sheet.is_symlink() or not sheet.is_file():
            return ""
        with sheet.open("rb") as opened:
            return decode_unknown(opened.read(limits.CUE_BYTES))
    except (OSError, ValueError):
        return ""


def block_marks(sheet: Any, sample_rate: int) -> list[Mark]:
    """The marks of a FLAC cue sheet block: exact times, no titles."""
    if sheet is None or not sample_rate:
        return []
    marks = []
    for track in sheet.tracks:
        if track.track_number in (_LEAD_OUT, 255):
            continue
        first = next((i.index_offset for i in track.indexes if i.index_number == 1), 0)
        start = (track.start_offset + first) * 1000 / sample_rate
        marks.append(Mark(title="", start_ms=round(start)))
    return marks


def combine(block: list[Mark], text: list[Mark]) -> tuple[list[Mark], str]:
    """Times of the block with titles of the text when they agree, else the text."""
    if not text:
        return block, "cue block" if block else ""
    if len(block) != len(text):
        return text, "cue sheet"
    merged = [
        Mark(title=titled.title, start_ms=timed.start_ms)
        for timed, titled in zip(block, text, strict=True)
    ]
    return merged, "cue sheet"
