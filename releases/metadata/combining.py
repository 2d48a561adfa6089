"""Puts the readings of a release's audio files together. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, replace
from pathlib import PurePosixPath
from typing import Any

from .files.chapters import finish
from .files.found import Mark
from .files.overdrive import base_title
from .files.text import display, natural_key
from .types import AudioInfo, Fields, FileReading, Notice

_LEADING_NUMBER = re.compile(r"^[\s\d._-]*\d[\s._-]+(?=\S)")
# Fields that describe the book; the rest is worked out from all files together.
_COMMON = (
    "title",
    "subtitle",
    "publisher",
    "copyright",
    "language",
    "asin",
    "isbn",
    "authors",
    "narrators",
    "series",
    "genres",
    "year",
    "release_date",
)


def read_release_audio(
    readings: Sequence[FileReading],
) -> tuple[Fields, tuple[Notice, ...]]:
    """What all the audio files of a release say together.

    Fields: those that most files agree on, "runtime_ms", "audio" (an AudioInfo as a
    dict, for the whole release) and "chapters" from the start of the release: those
    inside the files, or one per file. Unreadable files count for nothing but a
    notice. Notices of the single files are not repeated here.
    """
    notices = [
        Notice(code="unreadable", message=reading.error, path=reading.path)
        for reading in readings
        if reading.error
    ]
    usable = [reading for reading in readings if reading.audio and not reading.error]
    if not usable:
        return {}, tuple(notices)
    ordered = in_playing_order(usable, notices)
    fields = _common_fields(ordered, notices)
    audio = _whole_audio(ordered, notices)
    fields["audio"] = asdict(audio)
    if audio.duration_ms:
        fields["runtime_ms"] = audio.duration_ms
    chapters = _chapters(ordered, audio.duration_ms, notices)
    if chapters:
        fields["chapters"] = chapters
    return fields, tuple(notices)


def in_playing_order(
    readings: Sequence[FileReading], notices: list[Notice] | None = None
) -> list[FileReading]:
    """By disc and track when every file has its own, else by natural order of names."""
    by_name = sorted(readings, key=lambda reading: natural_key(reading.path))
    if len(readings) < 2:
        return by_name
    places = [(reading.disc, reading.track) for reading in by_name]
    if all(track for _, track in places) and len(set(places)) == len(places):
        return sorted(by_name, key=lambda reading: (reading.disc, reading.track))
    if notices is not None and any(track for _, track in places):
        notices.append(
            Notice(
                code="tracks_ambiguous",
                message="Track numbers are missing or given twice: the files are"
                " ordered by their names.",
            )
        )
    return by_name


def _common_fields(readings: Sequence[FileReading], notices: list[Notice]) -> Fields:
    """For each field the value that most files have; a notice where they differ."""
    fields: Fields = {}
    for key in _COMMON:
        values = [r.fields[key] for r in readings if r.fields.get(key)]
        if not values:
            continue
        counts = Counter(repr(value) for value in values)
        winner = counts.most_common(1)[0][0]
        fields[key] = next(value for value in values if repr(value) == winner)
        if len(counts) > 1 and key in ("title", "asin", "isbn"):
            notices.append(
                Notice(
                    code="tags_differ",
                    message=f"The files do not agree on {key}: {len(counts)} values;"
                    " the most frequent one is used.",
                )
            )
    return fields


def _whole_audio(readings: Sequence[FileReading], notices: list[Notice]) -> AudioInfo:
    """One AudioInfo: lengths added, bitrate averaged by time, the rest if common."""
    infos = [reading.audio for reading in readings if reading.audio]
    duration = sum(info.duration_ms for info in infos)
    first = max(infos, key=lambda info: info.duration_ms)
    weighted = sum(info.bitrate * info.duration_ms for info in infos)
    rates = {info.bitrate for info in infos}
    mode = _shared(infos, lambda info: info.bitrate_mode)
    if mode == "CBR" and len(rates) > 1:
        mode = ""
    whole = replace(
        first,
        bitrate=first.bitrate
        if len(rates) == 1 or not duration
        else round(weighted / duration),
        bitrate_mode=mode,
        preset=_shared(infos, lambda info: info.preset),
        encoder=_shared(infos, lambda info: info.encoder),
        duration_ms=duration,
    )
    for key, code, what in (
        ("codec", "mixed_codecs", "codecs"),
        ("sample_rate", "mixed_sample_rates", "sample rates"),
        ("channels", "mixed_channels", "channel counts"),
        ("bits_per_sample", "mixed_bit_depths", "bit depths"),
    ):
        found = Counter(getattr(info, key) for info in infos)
        if len(found) > 1:
            listed = ", ".join(f"{value} ({count})" for value, count in found.items())
            notices.append(
                Notice(code=code, message=f"The files have different {what}: {listed}.")
            )
    _tell_mixed_bitrates(infos, notices)
    return whole


def _tell_mixed_bitrates(infos: Sequence[AudioInfo], notices: list[Notice]) -> None:
    constant = Counter(info.bitrate for info in infos if info.bitrate_mode == "CBR")
    modes = {info.bitrate_mode for info in infos}
    if len(constant) > 1 or len(modes) > 1:
        notices.append(
            Notice(
                code="mixed_bitrates",
                message="The files were encoded with different bitrates or bitrate"
                " modes; many trackers refuse that.",
            )
        )


def _shared(infos: Sequence[AudioInfo], part: Callable[[AudioInfo], str]) -> str:
    """The value that all have, "" when they differ."""
    values = {part(info) for info in infos}
    return values.pop() if len(values) == 1 else ""


def _chapters(
    readings: Sequence[FileReading], duration_ms: int, notices: list[Notice]
) -> list[dict[str, Any]]:
    """Chapters with the offset of their file; a file without any is one itself."""
    inside = [reading for reading in readings if reading.chapters]
    if len(readings) == 1:
        return _entries_of(readings[0])
    if any(not (reading.audio and reading.audio.duration_ms) for reading in readings):
        notices.append(
            Notice(
                code="chapters_uncertain",
                message="The length of a file is not known, so no chapters are made"
                " for the whole release.",
            )
        )
        return []
    titles = {str(reading.raw.get("title", "")) for reading in readings}
    marks: list[Mark] = []
    offset = 0
    for reading in readings:
        length = reading.audio.duration_ms if reading.audio else 0
        if reading.chapters:
            marks += [
                Mark(
                    title=chapter.title,
                    start_ms=offset + chapter.start_ms,
                    end_ms=offset + chapter.end_ms,
                )
                for chapter in reading.chapters
            ]
        else:
            marks.append(
                Mark(
                    title=_file_title(reading, titles),
                    start_ms=offset,
                    end_ms=offset + length,
                )
            )
        offset += length
    if inside and any(r.raw.get("chapters_from") == "overdrive" for r in inside):
        marks = _rejoin(marks)
    chapters, said = finish(marks, duration_ms)
    notices += said
    return [
        {"title": c.title, "start_ms": c.start_ms, "end_ms": c.end_ms} for c in chapters
    ]


def _entries_of(reading: FileReading) -> list[dict[str, Any]]:
    return [
        {"title": c.title, "start_ms": c.start_ms, "end_ms": c.end_ms}
        for c in reading.chapters
    ]


def _file_title(reading: FileReading, titles: Collection[str]) -> str:
    """The file's own title; its name without number where titles repeat the book's.

    `titles` are those of all files, each once.
    """
    title = str(reading.raw.get("title", ""))
    if title and len(titles) > 1:
        return title
    stem = display(PurePosixPath(reading.path).stem)
    return _LEADING_NUMBER.sub("", stem) or stem


def _rejoin(marks: Sequence[Mark]) -> list[Mark]:
    """Join a chapter that goes on in the next file with its beginning."""
    joined: list[Mark] = []
    for mark in marks:
        title = base_title(mark.title)
        if joined and joined[-1].title == title:
            joined[-1] = replace(joined[-1], end_ms=mark.end_ms)
        else:
            joined.append(replace(mark, title=title))
    return joined
