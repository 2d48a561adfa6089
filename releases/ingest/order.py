"""Natural order: "Part 2" before "Part 10". Pure."""

import re
import unicodedata

_DIGITS = re.compile(r"(\d+)")


def natural_key(path: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key for "/"-separated paths: numbers by value, letters without case."""
    key: list[tuple[int, int, str]] = []
    for part in path.split("/"):
        folded = unicodedata.normalize("NFKC", part).casefold()
        for piece in _DIGITS.split(folded):
            if piece.isdecimal():
                key.append((1, int(piece), ""))
            elif piece:
                key.append((2, 0, piece))
        key.append((0, 0, ""))
    key.append((3, 0, path))
    return tuple(key)
