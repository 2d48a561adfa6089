"""Is the book that was found the recording that the files hold? Pure.

A wrong ASIN brings the chapters and the narrator of another edition. What gives it away
are lengths: of the whole, and of where chapters end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from common.figures import clock
from releases.metadata.merge_chapters import (
    CHAPTER_TOLERANCE_MS,
    RECORDING_TOLERANCE,
    RECORDING_TOLERANCE_MS,
    cuts,
)
from releases.metadata.types import Fields
from releases.metadata.vocabulary import duration

OTHER_RECORDING = "other_recording"
# Where a chapter is said to end differs by seconds between editions of one recording.
END_TOLERANCE_MS = 30_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One thing that was compared, as texts for people."""

    what: str
    files: str
    catalogue: str
    difference: str
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What was compared; `sentence` is "" when it may be the same recording."""

    sentence: str
    figures: tuple[Figure, ...]


def compare_recordings(catalogue: Fields, files: Fields) -> Comparison:
    """Compare a catalogue's runtime and chapters with the files' own.

    It is called another recording when the lengths differ by more than two minutes
    and one per cent, with or without the store's jingles; when there are as many
    chapters but they end elsewhere; or when neither length nor number fits.
    """
    figures = []
    theirs, ours = catalogue.get("runtime_ms") or 0, files.get("runtime_ms") or 0
    apart = intro = 0
    if theirs and ours:
        cut, intro = min(cuts(catalogue), key=lambda one: abs(theirs - one[0] - ours))
        apart = abs(theirs - cut - ours)
        allowed = max(RECORDING_TOLERANCE_MS, round(ours * RECORDING_TOLERANCE))
        figures.append(_length(ours, theirs, theirs - cut - ours, apart > allowed))
    known, own = catalogue.get("chapters") or [], files.get("chapters") or []
    if len(known) > 1 and len(own) > 1:
        uneven = len(known) != len(own)
        figures.append(_number(own, known, uneven and apart > CHAPTER_TOLERANCE_MS))
        if not uneven:
            figures.append(_ends(own, known, intro))
    return Comparison(sentence=_sentence(figures, ours, theirs), figures=tuple(figures))


def _sentence(figures: list[Figure], ours: int, theirs: int) -> str:
    wrong = [one for one in figures if one.differs]
    if not wrong:
        return ""
    if wrong[0].what == "Length":
        what = f"The files last {duration(ours)}, the book found lasts "
        what += f"{duration(theirs)}"
    else:
        what = f"{wrong[0].what} of the files and of the book found differ "
        what += f"({wrong[0].files} and {wrong[0].catalogue})"
    return (
        f"{what}: it may be another recording or an abridgement. "
        "Compare narrator and ASIN before approving."
    )


def _length(ours: int, theirs: int, difference: int, differs: bool) -> Figure:
    return Figure(
        what=gettext_noop("Length"),
        files=clock(ours),
        catalogue=clock(theirs),
        difference=_signed(difference),
        differs=differs,
    )


def _number(
    own: Sequence[dict[str, Any]], known: Sequence[dict[str, Any]], differs: bool
) -> Figure:
    return Figure(
        what=gettext_noop("Chapters"),
        files=str(len(own)),
        catalogue=str(len(known)),
        difference=f"{len(known) - len(own):+d}" if len(known) != len(own) else "0",
        differs=differs,
    )


def _ends(
    own: Sequence[dict[str, Any]], known: Sequence[dict[str, Any]], intro: int
) -> Figure:
    """Where the ends lie furthest apart; the last one is the length, told already."""
    pairs = list(zip(own, known, strict=True))[:-1]
    ours, theirs = max(
        ((a["end_ms"], b["end_ms"] - intro) for a, b in pairs),
        key=lambda ends: abs(ends[0] - ends[1]),
    )
    return Figure(
        what=gettext_noop("Ends of chapters"),
        files=clock(ours),
        catalogue=clock(max(theirs, 0)),
        difference=_signed(theirs - ours),
        differs=abs(theirs - ours) > END_TOLERANCE_MS,
    )


def _signed(ms: int) -> str:
    return f"{'-' if ms < 0 else '+'}{clock(abs(ms))}" if abs(ms) >= 500 else "0:00"
