"""Reads one audio file: what it is, what it says, its chapters and its cover."""

import os
import stat
from pathlib import Path, PurePath
from typing import Any

from . import combining
from .files import limits
from .files.chapters import finish
from .files.covers import best_embedded, folder_covers
from .files.cue import adjacent_sheet, marks_of, parse_cue
from .files.fields import description_of, fields_of, piece_title, position_of
from .files.flac import read_flac
from .files.found import Found, Source, TagBag, Unreadable
from .files.mp3 import read_mp3
from .files.mp4 import read_mp4
from .files.ogg import read_ogg
from .files.plain import read_plain
from .files.sniff import SUFFIXES, is_audio_name, sniff
from .files.text import display, without_invisible
from .types import Chapter, FileReading, Notice

__all__ = ["folder_covers", "is_audio_name", "read_audio_file", "read_release_audio"]

read_release_audio = combining.read_release_audio


def read_audio_file(path: Path, *, name: str) -> FileReading:
    """Read the file at `path`; `name` is its path inside the release, for people.

    Never raises for what is in the file, or for a file that cannot be opened:
    `error` then holds a sentence and the rest is empty. Reads at most what
    files/limits.py allows. `raw` holds, as far as known: "container", "tags" (the
    format's own names to lists of text), "tag_version", "description" (untrusted,
    not sanitised), "title" (of this file), "chapters" and "chapters_from" as written,
    "encoder_settings".
    """
    try:
        with _open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            source = Source(file=file, size=size, name=name)
            return _read(source, path)
    except Unreadable as problem:
        return FileReading(path=name, error=f"{name}: {problem}")
    except (OSError, ValueError) as problem:
        why = getattr(problem, "strerror", None) or "its name cannot be used"
        return FileReading(path=name, error=f"{name} cannot be opened: {why}.")


def _open_regular(path: Path) -> Any:
    """Open for reading; a pipe or device, which could block for ever, is refused."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Unreadable("This is not a regular file.")
    return os.fdopen(descriptor, "rb")


def _read(source: Source, path: Path) -> FileReading:
    if not source.size:
        raise Unreadable("The file is empty. Get a complete copy.")
    container, start = sniff(source)
    if not container:
        raise Unreadable(
            "The content is no audio that Herald knows (MP4, MP3, FLAC, Ogg, WAV,"
            " AIFF, WavPack, AAC, AC-3): it is damaged, or something else."
        )
    found = _found(source, path, container, start)
    return _reading(source.name, container, found)


def _found(source: Source, path: Path, container: str, start: int) -> Found:
    """Let the container's own reader work; anything it stumbles over is damage."""
    try:
        sheet = adjacent_sheet(path)
        if container in ("MP4", "MP3"):
            found = read_mp4(source) if container == "MP4" else read_mp3(source)
            return found if found.marks else _with_sheet(found, source, sheet)
        if container == "FLAC":
            return read_flac(source, start, sheet)
        if container == "Ogg":
            return read_ogg(source, sheet)
        return read_plain(source, container, sheet)
    except (Unreadable, OSError):
        raise
    except Exception as damage:  # mutagen fails in many ways on damaged files
        raise Unreadable(
            f"The {container} structure is damaged ({type(damage).__name__}). Get a"
            " complete copy."
        ) from damage


def _with_sheet(found: Found, source: Source, sheet: str) -> Found:
    """Chapters of a cue sheet for a file that has none of its own."""
    found.marks = marks_of(parse_cue(sheet), source.name)
    found.marks_from = "cue sheet" if found.marks else ""
    return found


def _reading(name: str, container: str, found: Found) -> FileReading:
    notices = [*found.notices, *_name_notices(name, container)]
    chapters, repairs = finish(found.marks, found.audio.duration_ms)
    notices += repairs
    raw: dict[str, Any] = {"container": container}
    fields, cover, disc, track = {}, None, 0, 0
    if found.tags:
        fields = fields_of(found.tags)
        disc, track = position_of(found.tags)
        cover, said = best_embedded(found.tags.pictures, name)
        notices += said
        raw["tag_version"] = found.tags.version
        raw["tags"] = _kept_tags(found.tags)
        _put(raw, "description", description_of(found.tags))
        _put(raw, "title", piece_title(found.tags))
    _put(raw, "encoder_settings", found.encoder_settings)
    if found.marks:
        raw["chapters_from"] = found.marks_from
        raw["chapters"] = [
            {
                "title": without_invisible(mark.title),
                "start_ms": mark.start_ms,
                "end_ms": mark.end_ms,
            }
            for mark in found.marks[: len(chapters)]
        ]
        fields["chapters"] = _as_entries(chapters)
    if found.audio.duration_ms:
        fields["runtime_ms"] = found.audio.duration_ms
    return FileReading(
        path=name,
        audio=found.audio,
        fields=fields,
        raw=raw,
        chapters=chapters,
        disc=disc,
        track=track,
        cover=cover,
        notices=tuple(
            Notice(code=said.code, message=said.message, path=name) for said in notices
        ),
    )


def _kept_tags(tags: TagBag) -> dict[str, list[str]]:
    """The tags as written, up to limits.RAW_CHARS: they stay in memory and rows."""
    kept: dict[str, list[str]] = {}
    left = limits.RAW_CHARS
    for key, values in tags.texts.items():
        for value in values if left > 0 else ():
            text = without_invisible(value[:left])[:left]
            kept.setdefault(display(key), []).append(text)
            left -= len(text) + 1
            if left <= 0:
                break
    return kept


def _put(raw: dict[str, Any], key: str, value: str) -> None:
    if value:
        raw[key] = value


def _as_entries(chapters: tuple[Chapter, ...]) -> list[dict[str, Any]]:
    return [
        {"title": c.title, "start_ms": c.start_ms, "end_ms": c.end_ms} for c in chapters
    ]


def _name_notices(name: str, container: str) -> list[Notice]:
    """Tell when a name promises something else than the content is."""
    suffix = PurePath(name).suffix.lower()
    expected = SUFFIXES.get(suffix)
    if expected is None or container in expected:
        return []
    return [
        Notice(
            code="misnamed",
            message=f"The name ends in {suffix}, but the content is {container}:"
            " rename the file.",
        )
    ]
