"""Turns tags under a format's own names into the one vocabulary of metadata."""

import datetime
import re
from typing import Any, Final

from releases.metadata.identifiers import clean_asin, clean_isbn, find_asin
from releases.metadata.types import Fields

from .found import TagBag
from .languages import language_name
from .people import split_genres, split_names
from .text import display, without_invisible

_Names = dict[str, tuple[str, ...]]
# For each style and each of our fields: the tags that hold it, best first.
_ID3: Final[_Names] = {
    "title": ("TALB", "TIT2"),
    "subtitle": ("TIT3", "TXXX:SUBTITLE"),
    "authors": ("TPE2", "TXXX:AUTHOR", "TPE1"),
    "narrators": ("TXXX:NARRATOR", "TXXX:NARRATEDBY", "TCOM"),
    "series": ("TXXX:SERIES", "MVNM", "TXXX:MOVEMENTNAME"),
    "part": ("TXXX:SERIES-PART", "TXXX:SERIES_PART", "MVIN", "TXXX:MOVEMENT"),
    "grouping": ("TIT1", "GRP1"),
    "asin": ("TXXX:ASIN", "TXXX:AUDIBLE_ASIN", "TXXX:CDEK"),
    "link": ("WOAF", "WOAS", "COMM"),
    "isbn": ("TXXX:ISBN",),
    "description": ("TXXX:DESCRIPTION", "COMM", "COMM:DESCRIPTION", "TDES"),
    "publisher": ("TPUB", "TXXX:PUBLISHER"),
    "copyright": ("TCOP",),
    "date": ("TDRL", "TDRC", "TDOR", "TXXX:RELEASETIME"),
    "language": ("TLAN", "TXXX:LANGUAGE"),
    "genres": ("TCON",),
    "disc": ("TPOS",),
    "track": ("TRCK",),
    "piece": ("TIT2",),
}
_MP4: Final[_Names] = {
    "title": ("\xa9alb", "\xa9nam"),
    "subtitle": ("----:SUBTITLE", "\xa9st3"),
    "authors": ("aART", "----:AUTHOR", "\xa9ART"),
    "narrators": ("----:NARRATOR", "\xa9nrt", "\xa9wrt"),
    "series": ("----:SERIES", "\xa9mvn", "tvsh"),
    "part": ("----:SERIES-PART", "----:SERIES_PART", "\xa9mvi"),
    "grouping": ("\xa9grp",),
    "asin": ("----:ASIN", "----:AUDIBLE_ASIN", "asin", "CDEK", "----:CDEK"),
    "link": ("\xa9cmt",),
    "isbn": ("----:ISBN", "isbn"),
    "description": ("ldes", "\xa9des", "desc", "----:DESCRIPTION", "\xa9cmt"),
    "publisher": ("\xa9pub", "----:PUBLISHER"),
    "copyright": ("cprt", "\xa9cpy"),
    "date": ("\xa9day", "rldt"),
    "language": ("----:LANGUAGE",),
    "genres": ("\xa9gen", "gnre"),
    "disc": ("disk",),
    "track": ("trkn",),
    "piece": ("\xa9nam",),
}
_VORBIS: Final[_Names] = {
    "title": ("ALBUM", "TITLE"),
    "subtitle": ("SUBTITLE",),
    "authors": ("ALBUMARTIST", "ALBUM ARTIST", "AUTHOR", "ARTIST"),
    "narrators": ("NARRATOR", "NARRATEDBY", "COMPOSER", "PERFORMER"),
    "series": ("SERIES", "MOVEMENTNAME"),
    "part": ("SERIES-PART", "SERIES_PART", "MOVEMENT"),
    "grouping": ("GROUPING",),
    "asin": ("ASIN", "AUDIBLE_ASIN", "CDEK"),
    "link": ("COMMENT",),
    "isbn": ("ISBN",),
    "description": ("DESCRIPTION", "COMMENT"),
    "publisher": ("PUBLISHER", "LABEL", "ORGANIZATION"),
    "copyright": ("COPYRIGHT",),
    "date": ("DATE", "YEAR", "ORIGINALDATE"),
    "language": ("LANGUAGE",),
    "genres": ("GENRE",),
    "disc": ("DISCNUMBER", "DISC"),
    "track": ("TRACKNUMBER", "TRACK"),
    "piece": ("TITLE",),
}
_STYLES: Final = {"id3": _ID3, "mp4": _MP4, "vorbis": _VORBIS}
_DATE = re.compile(r"\s*(\d{4})(?:[-./](\d{1,2})(?:[-./](\d{1,2}))?)?(?!\d)")
_GROUPING = re.compile(
    r"(.+?),\s*(?:(?:book|vol\.|vol|volume|part)\s*)?(?:#\s*)?([\d.]+(?:-[\d.]+)?)",
    re.I,
)
_COUNT = re.compile(r"\s*(\d{1,5})")


def fields_of(bag: TagBag) -> Fields:
    """What the tags say, in our vocabulary; the description stays raw, see below."""
    names = _STYLES[bag.style]
    fields: Fields = {}
    for key in ("title", "subtitle", "publisher", "copyright"):
        _put(fields, key, display(_first(bag, names[key])))
    narrators = split_names(_best(bag, names["narrators"]))
    authors = split_names(_best(bag, names["authors"]))
    spoken = {name.casefold() for name in narrators}
    # Some writers put "Author, Narrator" into one tag.
    alone = [name for name in authors if name.casefold() not in spoken]
    _put(fields, "authors", [{"name": name} for name in alone or authors])
    _put(fields, "narrators", [{"name": name} for name in narrators])
    _put(fields, "series", _series(bag, names))
    _put(fields, "genres", split_genres(_best(bag, names["genres"])))
    _put(fields, "language", language_name(display(_first(bag, names["language"]))))
    _put_date(fields, [bag.first(name) for name in names["date"]])
    _put(fields, "asin", _asin(bag, names))
    _put(fields, "isbn", clean_isbn(_first(bag, names["isbn"])) or "")
    return fields


def description_of(bag: TagBag) -> str:
    """The longest of the description's tags: untrusted text, or HTML not yet clean."""
    values = (bag.first(name) for name in _STYLES[bag.style]["description"])
    return without_invisible(max(values, key=len, default=""))


def piece_title(bag: TagBag) -> str:
    """The title of this one file: the chapter's, where a file holds one chapter."""
    return display(_first(bag, _STYLES[bag.style]["piece"]))


def position_of(bag: TagBag) -> tuple[int, int]:
    """Disc and track number, 0 where there is none."""
    names = _STYLES[bag.style]
    return _count(_first(bag, names["disc"])), _count(_first(bag, names["track"]))


def _put(fields: Fields, key: str, value: Any) -> None:
    """Store a value that says something."""
    if value:
        fields[key] = value


def _first(bag: TagBag, names: tuple[str, ...]) -> str:
    return next((value for name in names if (value := bag.first(name))), "")


def _best(bag: TagBag, names: tuple[str, ...]) -> list[str]:
    """All values of the first tag that has any."""
    return next((bag.texts[name] for name in names if bag.first(name)), [])


def _count(text: str) -> int:
    match = _COUNT.match(text)
    return int(match[1]) if match else 0


def _series(bag: TagBag, names: _Names) -> list[dict[str, str]]:
    """One series with its part, from its own tags or from "Series, Book 2"."""
    name, part = display(_first(bag, names["series"])), ""
    if name:
        part = display(_first(bag, names["part"]))
    elif match := _GROUPING.fullmatch(display(_first(bag, names["grouping"]))[:200]):
        name, part = match[1], match[2]
    if not name:
        return []
    return [{"name": name, "position": part}] if part else [{"name": name}]


def _put_date(fields: Fields, texts: list[str]) -> None:
    """Year, and the day when a tag states a whole and real one."""
    for text in texts:
        match = _DATE.match(text)
        if match is None or int(match[1]) == 0:
            continue
        fields["year"] = int(match[1])
        if match[3]:
            try:
                day = datetime.date(*(int(part) for part in match.groups()))
            except ValueError:
                return
            fields["release_date"] = day.isoformat()
        return


def _asin(bag: TagBag, names: _Names) -> str:
    """From its own tag, else from a link to the book's page or a comment."""
    for name in names["asin"]:
        if asin := clean_asin(bag.first(name)):
            return asin
    for name in names["link"]:
        text = bag.first(name)[:2000]
        if ("audible." in text or "amazon." in text) and (asin := find_asin(text)):
            return asin
    return ""
