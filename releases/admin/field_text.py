"""Values of metadata as text in a form, and back. Pure.

Lists are edited one item a line: a person as "Name | role", a series as
"Name | position", a chapter as "0:00:00.000 Title", with " - end" after the start
where it does not end with the next one's start.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from releases.errors import ReleaseError
from releases.metadata.vocabulary import FieldSpec, Kind, yes_or_no

_TIME = r"(?:\d{1,4}:)?\d{1,4}:\d{1,2}(?:\.\d{1,3})?"
_CHAPTER = re.compile(rf"({_TIME})(?:\s*[-–]\s*({_TIME}))?\s+(.*\S)")
HINTS: Mapping[Kind, Promise] = {
    Kind.LINES: gettext_lazy("One a line."),
    Kind.PEOPLE: gettext_lazy(
        "One a line, with a role after a bar: “Name | translator”."
    ),
    Kind.SERIES: gettext_lazy("One a line, with the position after a bar: “Name | 2”."),
    Kind.CHAPTERS: gettext_lazy(
        "One a line, “0:12:34.500 Title”. The last one needs its end: "
        "“1:02:03 - 1:10:00 Title”."
    ),
    Kind.MILLISECONDS: gettext_lazy("Hours, minutes and seconds: “7:32:10”."),
    Kind.FLAG: gettext_lazy("“yes” or “no”."),
    Kind.DATE: gettext_lazy("Year-month-day: “2021-05-04”."),
    Kind.HTML: gettext_lazy("HTML; what is not safe is taken out."),
}


def to_text(spec: FieldSpec, value: Any) -> str:
    """A value as a person edits it; "" for none."""
    if value is None:
        return ""
    return _WRITE.get(spec.kind, str)(value)


def from_text(spec: FieldSpec, text: str, before: Any = None) -> Any:
    """What a person typed, in the field's shape; validation comes after.

    `before` is the present value: people and series keep the ASINs they had. Raises
    ReleaseError for a chapter or a time that cannot be read.
    """
    cleaned = text.replace("\r\n", "\n").strip()
    return _READ.get(spec.kind, _as_it_is)(cleaned, before)


def time_text(ms: int) -> str:
    """Milliseconds as 1:02:03.004; no fraction when it is zero."""
    seconds, rest = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{rest:03}" if rest else ""
    return f"{hours}:{minutes:02}:{seconds:02}{fraction}"


def time_ms(text: str) -> int:
    """Milliseconds of 1:02:03.004 or 2:03. Raises ReleaseError."""
    if not re.fullmatch(_TIME, text):
        raise ReleaseError(
            _("“%(text)s” is not a time. Write it as 1:02:03.") % {"text": text[:40]},
            code="time_unreadable",
        )
    whole, _dot, fraction = text.partition(".")
    seconds = 0
    for part in whole.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds * 1000 + int(f"{fraction:0<3}")


def _as_it_is(text: str, _before: Any) -> Any:
    return text


def _barred(second: str) -> Callable[[list[dict[str, str]]], str]:
    """Writes one item a line: its name, and what comes second after a bar."""
    return lambda value: "\n".join(
        f"{one['name']} | {one[second]}" if one.get(second) else one["name"]
        for one in value
    )


def _read_barred(second: str) -> Callable[[str, Any], Any]:
    def read(text: str, before: Any) -> list[dict[str, str]]:
        known = {one["name"]: one for one in before or () if isinstance(one, dict)}
        items = []
        for line in filter(None, map(str.strip, text.split("\n"))):
            name, _bar, rest = (part.strip() for part in line.partition("|"))
            item = {"name": name}
            if rest:
                item[second] = rest
            if asin := known.get(name, {}).get("asin"):
                item["asin"] = asin
            items.append(item)
        return items

    return read


def _write_chapters(value: list[dict[str, Any]]) -> str:
    starts = [one["start_ms"] for one in value[1:]]
    return "\n".join(
        f"{time_text(one['start_ms'])} {one['title']}"
        if one["end_ms"] == following and one["title"][:1] not in "-–"
        else f"{time_text(one['start_ms'])} - {time_text(one['end_ms'])} {one['title']}"
        for one, following in zip(value, [*starts, None], strict=True)
    )


def _read_chapters(text: str, before: Any) -> list[dict[str, Any]]:
    found = []
    for number, line in enumerate(filter(None, map(str.strip, text.split("\n"))), 1):
        match = _CHAPTER.fullmatch(line)
        if match is None:
            raise ReleaseError(
                _(
                    "Chapters, line %(number)d: a time and a title are needed, such as "
                    "“0:12:34.500 Title”."
                )
                % {"number": number},
                code="chapter_unreadable",
            )
        found.append(match.groups())
    last_end = before[-1]["end_ms"] if before else None
    chapters: list[dict[str, Any]] = []
    for position, (start, end, title) in enumerate(found):
        if end is None and position + 1 < len(found):
            end_ms: int | None = time_ms(found[position + 1][0])
        else:
            end_ms = time_ms(end) if end else last_end
        chapters.append({"title": title, "start_ms": time_ms(start), "end_ms": end_ms})
    return chapters


def _read_year(text: str, _before: Any) -> Any:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else text


def _read_flag(text: str, _before: Any) -> Any:
    """Yes or no, in English or as the page has it."""
    here = {yes_or_no(value).lower(): value for value in (True, False)}
    words = {"yes": True, "no": False, **here}
    return words.get(text.lower(), text)


_WRITE: Mapping[Kind, Callable[[Any], str]] = {
    Kind.LINES: "\n".join,
    Kind.PEOPLE: _barred("role"),
    Kind.SERIES: _barred("position"),
    Kind.CHAPTERS: _write_chapters,
    Kind.MILLISECONDS: time_text,
    Kind.FLAG: yes_or_no,
}
_READ: Mapping[Kind, Callable[[str, Any], Any]] = {
    Kind.LINES: lambda text, _before: [
        one for one in map(str.strip, text.split("\n")) if one
    ],
    Kind.PEOPLE: _read_barred("role"),
    Kind.SERIES: _read_barred("position"),
    Kind.CHAPTERS: _read_chapters,
    Kind.MILLISECONDS: lambda text, _before: time_ms(text) if text else "",
    Kind.FLAG: _read_flag,
    Kind.YEAR: _read_year,
}
