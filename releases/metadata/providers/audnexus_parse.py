"""Answers of Audnexus → fields in our vocabulary, with notices. Pure.

Nothing here raises: what cannot be used is left out, and a notice says so.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from releases.metadata.html import clean_text, from_any, looks_like_mojibake
from releases.metadata.identifiers import clean_isbn
from releases.metadata.providers import audnexus_values as read
from releases.metadata.types import Fields, Notice

_BOOK: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
    ("title", "title", read.name),
    ("subtitle", "subtitle", read.text),
    ("publisherName", "publisher", read.text),
    ("language", "language", read.text),
    ("asin", "asin", read.text),
    ("region", "region", read.text),
    ("formatType", "format_type", read.text),
    ("literatureType", "literature_type", read.text),
    ("isAdult", "is_adult", read.flag),
    ("rating", "rating", read.rating),
    ("releaseDate", "release_date", read.day),
    ("image", "cover_url", read.web_address),
)


def book_fields(raw: dict[str, Any]) -> tuple[Fields, tuple[Notice, ...]]:
    """The fields of a book's answer."""
    fields: Fields = {}
    for key, name, reader in _BOOK:
        value = reader(raw.get(key))
        if value is not None:
            fields[name] = value
    _people(raw, fields)
    _series(raw, fields)
    _descriptions(raw, fields)
    _numbers(raw, fields)
    _categories(raw, fields)
    if isinstance(raw.get("isbn"), str) and (isbn := clean_isbn(raw["isbn"])):
        fields["isbn"] = isbn
    if isinstance(raw.get("ratings"), dict) and raw["ratings"]:
        fields["ratings"] = raw["ratings"]
    return fields, tuple(_book_notices(raw, fields))


def chapter_fields(raw: dict[str, Any]) -> tuple[Fields, tuple[Notice, ...]]:
    """The fields of a chapters' answer; list order is kept, lengths never negative."""
    fields: Fields = {}
    notices: list[Notice] = []
    marks = raw.get("chapters")
    chapters = [_chapter(mark, number) for number, mark in enumerate(_list(marks), 1)]
    usable = [chapter for chapter in chapters if chapter]
    if len(usable) < len(chapters):
        notices.append(_notice("chapters_incomplete", _INCOMPLETE))
    accurate = raw.get("isAccurate") is True and len(usable) == len(chapters)
    if usable:
        fields["chapters"] = usable
        disorder = _first_disorder(usable)
        if disorder:
            accurate = False
            notices.append(_notice("chapters_disordered", _DISORDERED.format(disorder)))
        elif not accurate:
            notices.append(_notice("chapters_inaccurate", _INACCURATE))
        fields["chapters_accurate"] = accurate
    for key, name in (
        ("runtimeLengthMs", "runtime_ms"),
        ("brandIntroDurationMs", "brand_intro_ms"),
        ("brandOutroDurationMs", "brand_outro_ms"),
    ):
        if length := read.milliseconds(raw.get(key)):
            fields[name] = length
    return fields, tuple(notices)


_INCOMPLETE = "Some chapters came without a usable time and were left out."
_INACCURATE = (
    "Audible marks the times of these chapters as inaccurate: compare them with the "
    "files before using them."
)
_DISORDERED = (
    "The chapter “{}” starts later than the one after it, so the chapters' times "
    "cannot be trusted: compare them with the files before using them."
)


def _notice(code: str, message: str) -> Notice:
    return Notice(code=code, message=f"Audnexus: {message}")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _people(raw: dict[str, Any], fields: Fields) -> None:
    for name in ("authors", "narrators"):
        people: dict[tuple[str, str], dict[str, str]] = {}
        for value in _list(raw.get(name)):
            if person := read.person(value):
                key = (person["name"].casefold(), person.get("role", "").casefold())
                people.setdefault(key, person)
        if people:
            fields[name] = list(people.values())


def _series(raw: dict[str, Any], fields: Fields) -> None:
    found = [
        series
        for key in ("seriesPrimary", "seriesSecondary")
        if (series := read.series(raw.get(key)))
    ]
    if not found and "subtitle" in fields:
        found = [one for one in [read.series_in_subtitle(fields["subtitle"])] if one]
    if found:
        fields["series"] = found


def _descriptions(raw: dict[str, Any], fields: Fields) -> None:
    if isinstance(raw.get("summary"), str) and (html := from_any(raw["summary"])):
        fields["description_html"] = html
    if isinstance(raw.get("description"), str):
        short = clean_text(raw["description"])
        if short:
            fields["summary"] = short


def _numbers(raw: dict[str, Any], fields: Fields) -> None:
    minutes = read.whole(raw.get("runtimeLengthMin"))
    if minutes and read.milliseconds(minutes * 60_000):
        fields["runtime_ms"] = minutes * 60_000
    if "release_date" in fields:
        fields["year"] = int(fields["release_date"][:4])
    copyright_year = read.whole(raw.get("copyright"))
    if copyright_year and 1000 <= copyright_year < 2100:
        fields["copyright"] = str(copyright_year)


def _categories(raw: dict[str, Any], fields: Fields) -> None:
    for value in _list(raw.get("genres")):
        name = read.text(value.get("name")) if isinstance(value, dict) else None
        if name:
            kind = "tags" if value.get("type") == "tag" else "genres"
            known = fields.setdefault(kind, [])
            if name not in known:
                known.append(name)


def _chapter(mark: Any, number: int) -> dict[str, Any] | None:
    if not isinstance(mark, dict):
        return None
    start = read.milliseconds(mark.get("startOffsetMs"))
    length = read.milliseconds(mark.get("lengthMs"))
    if start is None or length is None:
        return None
    title = read.name(mark.get("title")) or f"Chapter {number}"
    return {"title": title, "start_ms": start, "end_ms": start + length}


def _first_disorder(chapters: list[dict[str, Any]]) -> str:
    """Title of the first chapter that starts after its successor, else ""."""
    for chapter, successor in pairwise(chapters):
        if chapter["start_ms"] > successor["start_ms"]:
            return str(chapter["title"])
    return ""


def _book_notices(raw: dict[str, Any], fields: Fields) -> list[Notice]:
    notices = []
    wrong = [key for key in ("authors", "narrators", "genres") if _not_a_list(raw, key)]
    if wrong:
        message = f"{', '.join(wrong)} came in an unexpected form and was left out."
        notices.append(_notice("unexpected_value", message))
    texts = " ".join(str(fields.get(key, "")) for key in ("title", "description_html"))
    if looks_like_mojibake(texts):
        message = (
            "some letters are garbled (such as “â€™” for an apostrophe); correct the "
            "text by hand."
        )
        notices.append(_notice("mojibake", message))
    return notices


def _not_a_list(raw: dict[str, Any], key: str) -> bool:
    return raw.get(key) is not None and not isinstance(raw[key], list)
