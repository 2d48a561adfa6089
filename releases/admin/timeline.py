"""Chapters as a table and as a drawn line, with marks where files begin. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from common.figures import clock
from releases.models import Release, ReleaseFile


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One chapter; `left` and `width` are per cent of the whole."""

    number: int
    title: str
    start: str
    length: str
    left: str
    width: str


@dataclass(frozen=True, kw_only=True)
class Border:
    """Where a file begins that is not the first; `left` in per cent of the whole."""

    left: str
    at: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """Everything that is drawn. Borders are only known if every length is."""

    chapters: list[Chapter]
    borders: list[Border]


def timeline(release: Release, files: Sequence[ReleaseFile]) -> Timeline:
    """The line of a release; `files` in their order."""
    chapters: list[dict[str, Any]] = release.values.get("chapters") or []
    lengths = [
        (file.path, int(file.audio.get("duration_ms") or 0))
        for file in files
        if file.included and file.kind == ReleaseFile.Kind.AUDIO
    ]
    known = bool(lengths) and all(length for _, length in lengths)
    total = sum(length for _, length in lengths) if known else 0
    whole = max([total, *(one["end_ms"] for one in chapters)]) or 1

    def share(ms: int) -> str:
        return f"{100 * ms / whole:.3f}"

    borders, at = [], 0
    for (_, length), (path, _) in pairwise(lengths):
        at += length
        borders.append(Border(left=share(at), at=clock(at), path=path))
    return Timeline(
        chapters=[
            Chapter(
                number=number,
                title=one["title"],
                start=clock(one["start_ms"]),
                length=clock(one["end_ms"] - one["start_ms"]),
                left=share(one["start_ms"]),
                width=share(one["end_ms"] - one["start_ms"]),
            )
            for number, one in enumerate(chapters, start=1)
        ],
        borders=borders if known else [],
    )
