"""The vocabulary of metadata: every field, what it holds and how people see it.

The shapes are those of `types.Fields`. Pages and docs/metadata.md are made from this
table, so a field exists for people as soon as it stands here.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext, ngettext

from common.texts import gettext_noop as _
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
    """One field, with its name and its purpose in English for people.

    `editable` is false for what only files or providers can know.
    """

    name: str
    title: str
    kind: Kind
    about: str
    editable: bool = True

    @property
    def label(self) -> str:
        """Its name in the language of the page."""
        return gettext(self.title)

    @property
    def help(self) -> str:
        """What it holds, in the language of the page."""
        return gettext(self.about)

    @property
    def many(self) -> bool:
        """Whether the value is a list."""
        return self.kind in (Kind.LINES, Kind.PEOPLE, Kind.SERIES, Kind.CHAPTERS)


def _spec(
    name: str, title: str, kind: Kind, about: str, *, fixed: bool = False
) -> FieldSpec:
    return FieldSpec(name=name, title=title, kind=kind, about=about, editable=not fixed)


_TABLE = (
    _spec("title", _("Title"), Kind.LINE, _("As on the cover, without series and format.")),
    _spec("subtitle", _("Subtitle"), Kind.LINE, _("What follows the title on the cover.")),
    _spec("authors", _("Authors"), Kind.PEOPLE, _("Also translators and others, with a role.")),
    _spec("narrators", _("Narrators"), Kind.PEOPLE, _("Who reads.")),
    _spec("series", _("Series"), Kind.SERIES, _("The main one first; the position is text.")),
    _spec("publisher", _("Publisher"), Kind.LINE, _("Of this audio edition.")),
    _spec("copyright", _("Copyright"), Kind.LINE, _("The year or notice of the work.")),
    _spec("year", _("Year"), Kind.YEAR, _("In which this edition was released.")),
    _spec("release_date", _("Release date"), Kind.DATE, _("The day, as the store names it.")),
    _spec("language", _("Language"), Kind.LINE, _("In English: “german”.")),
    _spec("genres", _("Genres"), Kind.LINES, _("The broad categories.")),
    _spec("tags", _("Tags"), Kind.LINES, _("The narrower categories.")),
    _spec("description_html", _("Description"), Kind.HTML, _("The long text, formatted.")),
    _spec("summary", _("Summary"), Kind.TEXT, _("A few sentences.")),
    _spec("asin", "ASIN", Kind.LINE, _("Ten characters; finds the book at Audnexus.")),
    _spec("isbn", "ISBN", Kind.LINE, _("Ten or thirteen digits, checked.")),
    _spec("region", _("Region"), Kind.LINE, _("Store that the provider's data comes from."), fixed=True),
    _spec("format_type", _("Abridgement"), Kind.LINE, _("“unabridged”, “abridged” or another.")),
    _spec("literature_type", _("Literature"), Kind.LINE, _("“fiction” or “nonfiction”.")),
    _spec("is_adult", _("For adults"), Kind.FLAG, _("Whether the store says so.")),
    _spec("rating", _("Rating"), Kind.LINE, _("Stars out of five, as the store shows them.")),
    _spec("ratings", _("Ratings"), Kind.OBJECT, _("Stars in detail, as the provider gave them."), fixed=True),
    _spec("cover_url", _("Cover address"), Kind.URL, _("Where the store keeps the picture.")),
    _spec("runtime_ms", _("Length"), Kind.MILLISECONDS, _("Of the files; else as the provider says.")),
    _spec("chapters", _("Chapters"), Kind.CHAPTERS, _("Title, start and end within the release.")),
    _spec("chapters_accurate", _("Chapters accurate"), Kind.FLAG, _("Whether the provider vouches for the times."), fixed=True),
    _spec("brand_intro_ms", _("Store's intro"), Kind.MILLISECONDS, _("Jingle before the book, in the store's edition."), fixed=True),
    _spec("brand_outro_ms", _("Store's outro"), Kind.MILLISECONDS, _("Jingle after the book, in the store's edition."), fixed=True),
    _spec("audio", _("Audio"), Kind.OBJECT, _("Codec, bitrate and so on; only from the files."), fixed=True),
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
    count = len(value)
    return ngettext("%(n)d chapter", "%(n)d chapters", count) % {"n": count}


def _audio(value: Mapping[str, Any]) -> str:
    """ "AAC LC in MP4, 64 kbit/s VBR, 44.1 kHz, stereo"; what is unknown is left out."""
    codec, container = value.get("codec"), value.get("container")
    both = gettext("%(codec)s in %(container)s")
    parts = [
        both % {"codec": codec, "container": container}
        if codec and container
        else codec or container
    ]
    bitrate, mode = value.get("bitrate"), value.get("bitrate_mode") or ""
    if bitrate:
        parts.append(f"{round(bitrate / 1000)} kbit/s {mode}".strip())
    if value.get("preset"):
        parts.append(str(value["preset"]))
    if value.get("sample_rate"):
        parts.append(f"{value['sample_rate'] / 1000:g} kHz")
    if channels := value.get("channels"):
        parts.append(_channels(channels))
    return ", ".join(filter(None, parts))


def _channels(count: int) -> str:
    if count == 1:
        return gettext("mono")
    if count == 2:
        return gettext("stereo")
    return ngettext("%(n)d channel", "%(n)d channels", count) % {"n": count}


def yes_or_no(value: Any) -> str:
    """A flag in a word."""
    return gettext("yes") if value else gettext("no")


def _object(value: dict[str, Any]) -> str:
    """{"a": 1, "numOf": {"c": 2}} as "a: 1, num of (c: 2)"."""
    return ", ".join(
        f"{_words(key)} ({_object(one)})"
        if isinstance(one, dict)
        else f"{_words(key)}: {one}"
        for key, one in value.items()
    )


def _words(key: str) -> str:
    return re.sub(r"(?<=[a-z])[A-Z]", lambda found: f" {found[0].lower()}", key)


_SHOW: Mapping[Kind, Callable[[Any], str]] = {
    Kind.PEOPLE: _people,
    Kind.SERIES: _series,
    Kind.LINES: ", ".join,
    Kind.MILLISECONDS: duration,
    Kind.CHAPTERS: _chapters,
    Kind.HTML: to_text,
    Kind.FLAG: yes_or_no,
    Kind.OBJECT: _object,
}
