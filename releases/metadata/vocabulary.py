"""The vocabulary of metadata: every field, what it holds and how people see it.

The shapes are those of `types.Fields`. Pages and docs/metadata.md are made from this
table, so a field exists for people as soon as it stands here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from releases.metadata.html import to_text


class Kind(StrEnum):
    """What a field holds."""

    LINE = "one line of text"
    TEXT = "plain text"
    HTML = "sanitised HTML"
    URL = "web address"
    YEAR = "year"
    DATE = "date, YYYY-MM-DD"
    MILLISECONDS = "whole milliseconds"
    FLAG = "yes or no"
    LINES = "list of texts"
    PEOPLE = "list of people"
    SERIES = "list of series"
    CHAPTERS = "list of chapters"
    OBJECT = "object"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One field. `editable` is false for what only files or providers can know."""

    name: str
    label: str
    kind: Kind
    help: str
    editable: bool = True

    @property
    def many(self) -> bool:
        """Whether the value is a list."""
        return self.kind in (Kind.LINES, Kind.PEOPLE, Kind.SERIES, Kind.CHAPTERS)


def _spec(
    name: str, label: str, kind: Kind, about: str, *, fixed: bool = False
) -> FieldSpec:
    return FieldSpec(name=name, label=label, kind=kind, help=about, editable=not fixed)


_TABLE = (
    _spec("title", "Title", Kind.LINE, "As on the cover, without series and format."),
    _spec("subtitle", "Subtitle", Kind.LINE, "What follows the title on the cover."),
    _spec("authors", "Authors", Kind.PEOPLE, "Also translators and others, with a role."),
    _spec("narrators", "Narrators", Kind.PEOPLE, "Who reads."),
    _spec("series", "Series", Kind.SERIES, "The main one first; the position is text."),
    _spec("publisher", "Publisher", Kind.LINE, "Of this audio edition."),
    _spec("copyright", "Copyright", Kind.LINE, "The year or notice of the work."),
    _spec("year", "Year", Kind.YEAR, "In which this edition was released."),
    _spec("release_date", "Release date", Kind.DATE, "The day, as the store names it."),
    _spec("language", "Language", Kind.LINE, "In English: “german”."),
    _spec("genres", "Genres", Kind.LINES, "The broad categories."),
    _spec("tags", "Tags", Kind.LINES, "The narrower categories."),
    _spec("description_html", "Description", Kind.HTML, "The long text, formatted."),
    _spec("summary", "Summary", Kind.TEXT, "A few sentences."),
    _spec("asin", "ASIN", Kind.LINE, "Ten characters; finds the book at Audnexus."),
    _spec("isbn", "ISBN", Kind.LINE, "Ten or thirteen digits, checked."),
    _spec("region", "Region", Kind.LINE, "Store that the provider's data comes from.", fixed=True),
    _spec("format_type", "Abridgement", Kind.LINE, "“unabridged”, “abridged” or another."),
    _spec("literature_type", "Literature", Kind.LINE, "“fiction” or “nonfiction”."),
    _spec("is_adult", "For adults", Kind.FLAG, "Whether the store says so."),
    _spec("rating", "Rating", Kind.LINE, "Stars out of five, as the store shows them."),
    _spec("ratings", "Ratings", Kind.OBJECT, "Stars in detail, as the provider gave them.", fixed=True),
    _spec("cover_url", "Cover address", Kind.URL, "Where the store keeps the picture."),
    _spec("runtime_ms", "Length", Kind.MILLISECONDS, "Of the files; else as the provider says."),
    _spec("chapters", "Chapters", Kind.CHAPTERS, "Title, start and end within the release."),
    _spec("chapters_accurate", "Chapters accurate", Kind.FLAG, "Whether the provider vouches for the times.", fixed=True),
    _spec("brand_intro_ms", "Store's intro", Kind.MILLISECONDS, "Jingle before the book, in the store's edition.", fixed=True),
    _spec("brand_outro_ms", "Store's outro", Kind.MILLISECONDS, "Jingle after the book, in the store's edition.", fixed=True),
    _spec("audio", "Audio", Kind.OBJECT, "Codec, bitrate and so on; only from the files.", fixed=True),
)  # fmt: skip

VOCABULARY: Mapping[str, FieldSpec] = {spec.name: spec for spec in _TABLE}


def label(name: str) -> str:
    """The field's name for people; an unknown field keeps its own."""
    return VOCABULARY[name].label if name in VOCABULARY else name


def show(name: str, value: Any) -> str:
    """The value as one text for people; plain, for a page to escape."""
    if name == "audio":
        return _audio(value)
    if name in VOCABULARY:
        return _SHOW.get(VOCABULARY[name].kind, str)(value)
    return str(value)


def duration(milliseconds: int) -> str:
    """ "7 h 32 min", "12 min 4 s", "9 s"; seconds only under an hour."""
    seconds = (milliseconds + 500) // 1000
    if seconds >= 3600:
        minutes = (seconds + 30) // 60
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{seconds // 60} min {seconds % 60} s" if seconds >= 60 else f"{seconds} s"


def _people(value: list[dict[str, str]]) -> str:
    return ", ".join(
        f"{one['name']} ({one['role']})" if one.get("role") else one["name"]
        for one in value
    )


def _series(value: list[dict[str, str]]) -> str:
    return ", ".join(
        f"{one['name']} #{one['position']}" if one.get("position") else one["name"]
        for one in value
    )


def _chapters(value: list[dict[str, Any]]) -> str:
    return "1 chapter" if len(value) == 1 else f"{len(value)} chapters"


def _audio(value: Mapping[str, Any]) -> str:
    """ "AAC LC in MP4, 64 kbit/s VBR, 44.1 kHz, stereo"; what is unknown is left out."""
    parts = [" in ".join(filter(None, (value.get("codec"), value.get("container"))))]
    bitrate, mode = value.get("bitrate"), value.get("bitrate_mode") or ""
    if bitrate:
        parts.append(f"{round(bitrate / 1000)} kbit/s {mode}".strip())
    if value.get("preset"):
        parts.append(str(value["preset"]))
    if value.get("sample_rate"):
        parts.append(f"{value['sample_rate'] / 1000:g} kHz")
    if channels := value.get("channels"):
        parts.append({1: "mono", 2: "stereo"}.get(channels, f"{channels} channels"))
    return ", ".join(filter(None, parts))


def _object(value: dict[str, Any]) -> str:
    """{"a": 1, "b": {"c": 2}} as "a: 1, b (c: 2)"."""
    return ", ".join(
        f"{key} ({_object(one)})" if isinstance(one, dict) else f"{key}: {one}"
        for key, one in value.items()
    )


_SHOW: Mapping[Kind, Callable[[Any], str]] = {
    Kind.PEOPLE: _people,
    Kind.SERIES: _series,
    Kind.LINES: ", ".join,
    Kind.MILLISECONDS: duration,
    Kind.CHAPTERS: _chapters,
    Kind.HTML: to_text,
    Kind.FLAG: lambda value: "yes" if value else "no",
    Kind.OBJECT: _object,
}
