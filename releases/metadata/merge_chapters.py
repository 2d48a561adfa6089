"""Whose chapters? Pure.

A store's edition may begin and end with its own jingle, which files often lack. So a
provider's length is compared with and without them.
"""

from collections.abc import Sequence
from typing import Any

from releases.metadata.types import Fields

# Encoders' padding adds up to about a second over many files; ten leave room.
CHAPTER_TOLERANCE_MS = 10_000
RECORDING_TOLERANCE_MS = 120_000
RECORDING_TOLERANCE = 0.01


def choose_chapters(
    ranked: Sequence[tuple[str, Fields]], *, files: str
) -> tuple[str, list[dict[str, Any]]] | None:
    """(source, chapters) to use, None when none can be trusted.

    `ranked` has the strongest source first; `files` names the one that read them. A
    provider's are used when it vouches for them, they fit the files' length, and the
    files have no chapters of their own or as many.
    """
    own_fields = next((fields for source, fields in ranked if source == files), {})
    own: list[dict[str, Any]] = own_fields.get("chapters") or []
    length: int = own_fields.get("runtime_ms") or 0
    for source, fields in ranked:
        chapters = fields.get("chapters") or []
        if source == files or not chapters or not fields.get("chapters_accurate"):
            continue
        if len(own) > 1 and len(own) != len(chapters):
            continue
        if not length and not own:
            return source, chapters
        if length and (fitted := _fitted(fields, length)):
            return source, fitted
    return (files, own) if own else None


def cuts(fields: Fields) -> list[tuple[int, int]]:
    """(milliseconds the files may lack, of these at the beginning)."""
    intro = fields.get("brand_intro_ms") or 0
    outro = fields.get("brand_outro_ms") or 0
    return [(0, 0), (intro + outro, intro), (intro, intro), (outro, 0)]


def _fitted(fields: Fields, length: int) -> list[dict[str, Any]] | None:
    """The provider's chapters on the files' time line, None when they do not fit."""
    theirs = fields.get("runtime_ms") or 0
    cut, intro = min(cuts(fields), key=lambda one: abs(theirs - one[0] - length))
    if abs(theirs - cut - length) > CHAPTER_TOLERANCE_MS:
        return None
    chapters = []
    for chapter in fields["chapters"]:
        start = max(chapter["start_ms"] - intro, 0)
        end = min(max(chapter["end_ms"] - intro, start), max(length, start))
        chapters.append({**chapter, "start_ms": start, "end_ms": end})
    # Nothing may lie beyond the end of the files.
    return chapters if chapters[-1]["start_ms"] < length else None
