"""Ids in addresses and forms, where anything may stand."""

from collections.abc import Iterable

# Every number of so many digits fits into an id's column.
LONGEST_ID = 18


def is_id(text: str) -> bool:
    """Whether a text may be an id, and not only look like a number."""
    return text.isdecimal() and len(text) <= LONGEST_ID


def ids_of(texts: Iterable[str]) -> list[int]:
    """The texts that are ids, as numbers; the others are left out."""
    return [int(text) for text in texts if is_id(text)]
