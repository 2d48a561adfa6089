"""What the name of a folder or file says about an audiobook. Pure.

Bracketed pieces go first, by what they are; the rest is split at " - ". Names are the
weakest source, so each reading carries a confidence from 0 to 1.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from releases.metadata import names_pieces as piece
from releases.metadata.identifiers import clean_asin, clean_isbn, find_asin
from releases.metadata.types import Fields

_GROUP = re.compile(r"\[([^\[\]]*)\]|\(([^()]*)\)|\{([^{}]*)\}")
_SEPARATOR = re.compile(r"\s+(?:[-\u2010-\u2015]+\s+)+")


class NameReading(NamedTuple):
    """Fields, how sure they are (0 to 1), and what was read as what."""

    fields: Fields
    confidence: float
    raw: dict[str, Any]


def read_name(path_parts: Sequence[str], *, this_year: int = 0) -> NameReading:
    """Read a release's path inside its library: folders first, its own name last.

    `this_year` bounds what can be a year; 0 for today's.
    """
    parts = [piece.plain_name(part) for part in path_parts]
    while len(parts) > 1 and piece.is_disc(parts[-1]):
        parts.pop()
    if not parts or not parts[-1]:
        return NameReading({}, 0.0, {"path": list(path_parts), "pieces": []})
    state = _Reading(latest=(this_year or datetime.now(UTC).year) + 1)
    rest = state.take_brackets(parts[-1])
    rest = state.take_tail(rest)
    folders = [part for part in parts[:-1] if not piece.is_shelf(part)]
    state.take_folders(folders)
    state.take_parts([part for part in _SEPARATOR.split(rest) if part.strip(" -")])
    raw = {"path": list(path_parts), "pieces": state.pieces}
    return NameReading(state.result(), round(state.confidence, 2), raw)


@dataclass(slots=True)
class _Reading:
    """One name while it is read."""

    latest: int
    fields: Fields = field(default_factory=dict)
    pieces: list[dict[str, str]] = field(default_factory=list)
    series: tuple[str, str] | None = None
    folder_author: str = ""
    folder_series: str = ""
    author: str = ""
    title: str = ""
    formatted: bool = False
    confidence: float = 0.0

    def note(self, text: str, meaning: str) -> None:
        """Remember what a piece of the name was read as."""
        self.pieces.append({"text": text, "read_as": meaning})

    def take_brackets(self, name: str) -> str:
        """The name without its bracketed pieces; those unknown in () stay."""
        kept: list[str] = []
        end = 0
        for match in _GROUP.finditer(name):
            kept.append(name[end : match.start()])
            end = match.end()
            text = (match[1] or match[2] or match[3] or "").strip()
            meaning = self._bracket(text, match[0][0])
            if meaning:
                self.note(match[0], meaning)
            kept.append(" " if meaning else match[0])
        kept.append(name[end:])
        return " ".join("".join(kept).split()).strip(" -")

    def take_tail(self, name: str) -> str:
        """The name without words about format and narrator at its end."""
        name, narrators = piece.split_narrated(name)
        if narrators:
            self._narrators(narrators)
            self.note(narrators, "narrators")
        words = name.split()
        if words:
            words[-1] = piece.without_group(words[-1])
        while len(words) > 1 and piece.is_noise(words[-1]):
            self._format(words.pop())
        found = piece.year(words[-1], self.latest) if len(words) > 2 else None
        if found and self.formatted and words[-2] != "-":
            self.fields.setdefault("year", found)
            words.pop()
        return " ".join(words).strip(" -")

    def take_folders(self, folders: list[str]) -> None:
        """Author and series from `Author/Series/Title` or `Author/Title`."""
        if not folders:
            return
        self.folder_author = folders[-2] if len(folders) > 1 else folders[-1]
        if len(folders) > 1:
            self.folder_series = folders[-1]
            self.note(folders[-1], "series of the folder")
        self.note(self.folder_author, "author of the folder")

    def take_parts(self, parts: list[str]) -> None:
        """Author, series and title from what stands between the dashes."""
        parts = self._take_year(parts)
        series_at, parts = self._take_series(parts)
        parts = self._take_number(parts)
        if len(parts) == 1:
            self._one(parts[0])
        elif len(parts) == 2:
            self._two(*parts, title_first=series_at == 0)
        elif len(parts) > 2:
            self._many(parts)

    def result(self) -> Fields:
        """All fields found."""
        fields = self.fields
        if self.title:
            fields["title"] = self.title
        author = self.author or self.folder_author
        if names := piece.people(author):
            fields["authors"] = [{"name": one} for one in names]
        series = self._series_of(self.title)
        if series:
            fields["series"] = [series]
        return fields

    def _bracket(self, text: str, opening: str) -> str:
        """What a bracketed piece was read as; "" when it belongs to the title."""
        if not text:
            return "nothing"
        if self._identifier(text, opening):
            return "identifier"
        if found := piece.year(text, self.latest):
            self.fields.setdefault("year", found)
            return "year"
        head, names = piece.split_narrated(text)
        names = piece.narrated(text) or (names if piece.is_noise(head) else "")
        if names:
            self._narrators(names)
            return "narrators"
        self._abridgement(text)
        if piece.is_noise(text):
            self.formatted = True
            return "format"
        if series := piece.bracketed_series(text):
            self.series = self.series or series
            return "series"
        if opening == "{":
            self._narrators(text)
            return "narrators"
        return "unknown" if opening == "[" else ""

    def _identifier(self, text: str, opening: str) -> bool:
        isbn = clean_isbn(text)
        labelled = text.lower().startswith(("isbn", "eisbn"))
        if isbn and (labelled or len(isbn) == 13):
            self.fields.setdefault("isbn", isbn)
            return True
        # Only square brackets make ten letters without a digit an ASIN.
        asin = find_asin(f"[{text}]" if opening == "[" else text)
        asin = asin or find_asin(clean_asin(text) or "")
        if asin:
            self.fields.setdefault("asin", asin)
        return bool(asin)

    def _narrators(self, text: str) -> None:
        if names := [{"name": name} for name in piece.people(text)]:
            self.fields.setdefault("narrators", names)

    def _abridgement(self, text: str) -> None:
        found = piece.abridgement(text)
        if found:
            self.fields.setdefault("format_type", found)

    def _format(self, word: str) -> None:
        self.formatted = True
        self._abridgement(word)
        self.note(word, "format")

    def _take_year(self, parts: list[str]) -> list[str]:
        """A part that is a year, unless it must be the title: "1984"."""
        for index, part in enumerate(parts):
            found = piece.year(part, self.latest)
            last = index == len(parts) - 1
            if not found or (last and len(parts) < 3):
                continue
            alone = index == 0 and len(parts) == 2 and not self.folder_author
            if alone and piece.looks_like_person(parts[1]):
                continue
            self.fields.setdefault("year", found)
            self.note(part, "year")
            return parts[:index] + parts[index + 1 :]
        return parts

    def _take_series(self, parts: list[str]) -> tuple[int, list[str]]:
        """A part with "#1" or "Book 2"; its name may be the part before it."""
        for index, part in enumerate(parts):
            found = piece.labelled_series(part)
            if not found or len(parts) == 1:
                continue
            name, position = found
            if name:
                rest, start = parts[:index] + parts[index + 1 :], index
            elif index and len(parts) > index + 1 and not self.folder_series:
                name, start = parts[index - 1], index - 1
                rest = parts[: index - 1] + parts[index + 1 :]
            else:
                rest, start = parts[:index] + parts[index + 1 :], -1
            self.series = self.series or (name or self.folder_series, position)
            self.note(part, "series")
            return start, rest
        return -1, parts

    def _take_number(self, parts: list[str]) -> list[str]:
        """ "01 - Title" or "6. Title": the position in the folder's series."""
        if len(parts) > 1 and (number := piece.bare_position(parts[0])):
            self.note(parts[0], "position")
            self.series = self.series or (self.folder_series, number)
            return parts[1:]
        if len(parts) == 1 and (found := piece.leading_position(parts[0])):
            self.series = self.series or (self.folder_series, found[0])
            return [found[1]]
        return parts

    def _one(self, part: str) -> None:
        self.title = part
        self.confidence = 0.75 if self.folder_author else 0.4
        if self.folder_series and (found := piece.labelled_series(part)):
            self.series = self.series or (self.folder_series, found[1])

    def _two(self, first: str, second: str, *, title_first: bool) -> None:
        """Author and title, in the order that the text makes likelier."""
        known = self.folder_author.casefold()
        persons = piece.looks_like_person(first), piece.looks_like_person(second)
        numbered = piece.numbered_name(first)
        if numbered and not self.series and persons == (False, False):
            self.series, self.title = numbered, second
            self.confidence = 0.5
            return
        if known and known in (first.casefold(), second.casefold()):
            title_first, self.confidence = second.casefold() == known, 0.85
        elif title_first:
            self.confidence = 0.6
        else:
            title_first = persons == (False, True)
            self.confidence = 0.5 if persons[0] == persons[1] else 0.7
            if piece.year(first, self.latest):
                self.confidence = 0.3
        if known and known not in (first.casefold(), second.casefold()):
            # The folder names the author, so both parts belong to the title.
            self.title = f"{first} - {second}"
            return
        self.title, self.author = (first, second) if title_first else (second, first)
        if self.series and self.series[0]:
            self.confidence = max(self.confidence, 0.8)

    def _many(self, parts: list[str]) -> None:
        """Author, series, title; with a series known, dashes belong to the title."""
        self.author = parts[0]
        if len(parts) == 3 and not self.series and not self.folder_series:
            self.series = (parts[1], "")
            self.title = parts[2]
            self.confidence = 0.5
        else:
            self.title = " - ".join(parts[1:])
            self.confidence = 0.3

    def _series_of(self, title: str) -> dict[str, str] | None:
        name, position = self.series or (self.folder_series, "")
        name = name or self.folder_series
        if not name or (name.casefold() == title.casefold() and not position):
            return None
        return {"name": name} | ({"position": position} if position else {})
