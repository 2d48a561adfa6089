"""Names of the numbered genres that ID3 and old MP4 files use."""

import re
from typing import Final

from mutagen.id3 import TCON

_NAMES: Final[list[str]] = list(TCON.GENRES)
LONGEST: Final = 2_000  # characters of one value
_REFERENCE = re.compile(r"\((\d{1,3})\)")


def genre_name(number: int) -> str:
    """The genre's name, "" for a number that has none."""
    return _NAMES[number] if 0 <= number < len(_NAMES) else ""


def expand_genres(text: str) -> list[str]:
    """The genres of one ID3 value: "Rock", "17", "(17)", "(17)(20)Own words"."""
    rest = text.strip()[:LONGEST]
    if rest.isdecimal() and len(rest) <= 3:
        return [name] if (name := genre_name(int(rest))) else []
    found = []
    while match := _REFERENCE.match(rest):
        name = genre_name(int(match[1]))
        found += [name] if name else []
        rest = rest[match.end() :]
    if rest and rest not in found:
        found.append(rest)
    return found
