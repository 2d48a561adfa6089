"""Turns chapter marks as written into chapters that can be shown. Pure."""

import itertools
from collections.abc import Sequence

from releases.metadata.types import Chapter, Notice

from . import limits
from .found import Mark
from .text import display

SLACK_MS = 1_000  # a last chapter may end this much after the audio


def finish(
    marks: Sequence[Mark], duration_ms: int
) -> tuple[tuple[Chapter, ...], list[Notice]]:
    """Chapters in the order of the marks, and a notice for each kind of repair.

    Missing ends become the next start, and the last one `duration_ms` (0 means not
    known). Times never run backwards inside a chapter: a length is at least zero.
    """
    notices: list[Notice] = []
    kept = list(marks[: limits.CHAPTERS])
    if len(marks) > limits.CHAPTERS:
        notices.append(
            _notice(
                "chapters_too_many", f"{len(marks)} chapters: {len(kept)} are read."
            )
        )
    kept = _drop_late(kept, duration_ms, notices)
    chapters = []
    for index, mark in enumerate(kept):
        following = kept[index + 1].start_ms if index + 1 < len(kept) else duration_ms
        chapters.append(
            Chapter(
                title=display(mark.title) or f"Chapter {index + 1}",
                start_ms=max(0, mark.start_ms),
                end_ms=_end(mark, following, duration_ms),
            )
        )
    _tell_repairs(kept, duration_ms, notices)
    return tuple(chapters), notices


def _drop_late(
    marks: list[Mark], duration_ms: int, notices: list[Notice]
) -> list[Mark]:
    """Leave out chapters that start after the audio has ended."""
    if not duration_ms:
        return marks
    kept = [mark for mark in marks if mark.start_ms <= duration_ms + SLACK_MS]
    if len(kept) < len(marks):
        count = len(marks) - len(kept)
        notices.append(
            _notice(
                "chapters_after_end",
                f"{count} of {len(marks)} chapters start after the end of the audio"
                " and are left out: check that the file is complete.",
            )
        )
    return kept


def _end(mark: Mark, following: int, duration_ms: int) -> int:
    """The end to show for a mark; never before its start, nor after the audio."""
    start = max(0, mark.start_ms)
    end = mark.end_ms if mark.end_ms is not None else following
    if duration_ms and end > duration_ms + SLACK_MS:
        end = duration_ms
    return max(start, end)


def _tell_repairs(marks: list[Mark], duration_ms: int, notices: list[Notice]) -> None:
    """A notice for each kind of oddity among the chapters."""
    starts = [mark.start_ms for mark in marks]
    if any(after <= before for before, after in itertools.pairwise(starts)):
        notices.append(
            _notice(
                "chapters_out_of_order",
                "Chapter times do not rise from chapter to chapter; the order of the"
                " list is kept and no length is below zero.",
            )
        )
    untitled = sum(1 for mark in marks if not display(mark.title))
    if untitled:
        notices.append(
            _notice(
                "chapters_untitled",
                f"{untitled} of {len(marks)} chapters have no title and are shown as"
                ' "Chapter N".',
            )
        )
    if any(mark.end_ms is not None and mark.end_ms < mark.start_ms for mark in marks):
        notices.append(
            _notice("chapters_negative", "A chapter ends before it starts; length 0.")
        )
    ends = [mark.end_ms for mark in marks if mark.end_ms is not None]
    if duration_ms and any(end > duration_ms + SLACK_MS for end in ends):
        notices.append(
            _notice(
                "chapters_past_end",
                "A chapter ends after the audio does; its end is set to the audio's.",
            )
        )


def _notice(code: str, message: str) -> Notice:
    return Notice(code=code, message=message)
