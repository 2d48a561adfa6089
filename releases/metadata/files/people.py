"""Splits the names that tags join in one value. Pure."""

import re
from collections.abc import Iterable

from .text import display

_LONGEST = 2_000  # characters of one tag; real casts stay below
_HARD = re.compile(r"\s*(?:;|\0|\s/\s|\|)\s*")
_COMMA = re.compile(r"\s*,\s*(?:and\s+|&\s+)?")
_AND = re.compile(r"\s+(?:&|and)\s+")


def split_names(values: Iterable[str]) -> list[str]:
    """Single names in order, each once.

    ";" and " / " always separate; "," and "&" only between names of two words or more,
    so that "Wells, H. G." stays whole.
    """
    found: dict[str, str] = {}
    for value in values:
        for piece in _HARD.split(value[:_LONGEST]):
            for name in _split_softly(display(piece)):
                found.setdefault(name.casefold(), name)
    return list(found.values())


def _split_softly(text: str) -> list[str]:
    names = [text]
    for separator in (_COMMA, _AND):
        names = [part for name in names for part in _whole_names(separator, name)]
    return [name for name in names if name]


def _whole_names(separator: re.Pattern[str], text: str) -> list[str]:
    parts = separator.split(text)
    return parts if all(" " in part for part in parts) else [text]


def split_genres(values: Iterable[str]) -> list[str]:
    """Genres separated by "/", ";" or "//", in order, each once."""
    found: dict[str, str] = {}
    for value in values:
        for piece in re.split(r"[/;\0]+", value):
            genre = display(piece)
            if genre:
                found.setdefault(genre.casefold(), genre)
    return list(found.values())
