"""Chapters of an ID3 tag: CHAP frames, ordered by the CTOC frames that list them."""

from collections.abc import Iterable

from . import limits
from .found import Mark
from .id3_frames import Frame, decode_values, split_frames


def chapter_marks(frames: Iterable[Frame], version: int) -> list[Mark]:
    """The chapters of CHAP frames, in the order of the table of contents.

    Frames stand in the tag in any order. Chapters that no table lists, or all when
    there is no table, go by their start.
    """
    marks: dict[str, Mark] = {}
    tables: dict[str, _Table] = {}
    for frame in frames:
        if frame.name == "CHAP":
            name, mark = _read_chapter(frame.content, version)
            if mark is not None and len(marks) <= limits.CHAPTERS:
                marks[name] = mark
        elif frame.name == "CTOC":
            table = _Table(frame.content)
            tables.setdefault(table.name, table)
    listed = _listed(tables)
    ordered = [marks.pop(name) for name in listed if name in marks]
    left = sorted(marks.values(), key=lambda mark: mark.start_ms)
    if not ordered or not left:
        return ordered + left
    merged = ordered + left
    starts = [mark.start_ms for mark in ordered]
    if starts == sorted(starts):
        merged.sort(key=lambda mark: mark.start_ms)
    return merged


class _Table:
    """A CTOC frame: its name, whether it is the top one, and what it lists."""

    def __init__(self, content: bytes) -> None:
        name, _, rest = content.partition(b"\0")
        self.name = name.decode("latin-1")
        self.top = bool(rest and rest[0] & 2)
        self.ordered = bool(rest and rest[0] & 1)
        count = rest[1] if len(rest) > 1 else 0
        names = rest[2:].split(b"\0", count)[:count]
        self.children = [name.decode("latin-1") for name in names]


def _listed(tables: dict[str, _Table]) -> list[str]:
    """Names of chapters in reading order; tables in tables are opened once each."""
    inner = {child for table in tables.values() for child in table.children}
    tops = [table for table in tables.values() if table.top] or [
        table for name, table in tables.items() if name not in inner
    ]
    waiting = [
        name
        for table in tops[::-1]
        if table.ordered or not table.top
        for name in [table.name]
    ]
    found: dict[str, None] = {}
    opened: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in tables:
            found[name] = None
        elif name not in opened:
            opened.add(name)
            waiting.extend(tables[name].children[::-1])
    return list(found)


def _read_chapter(content: bytes, version: int) -> tuple[str, Mark | None]:
    """A CHAP frame's own name and its mark; None when it states no times."""
    name, _, rest = content.partition(b"\0")
    if len(rest) < 16:
        return "", None
    start, end = (int.from_bytes(rest[at : at + 4], "big") for at in (0, 4))
    unused = 0xFFFFFFFF
    if start == unused:
        return "", None
    title = ""
    for frame in split_frames(rest[16:], version):
        if frame.name == "TIT2":
            title = next(iter(decode_values(frame.content)), "")
            break
    return name.decode("latin-1"), Mark(
        title=title, start_ms=start, end_ms=None if end == unused else end
    )
