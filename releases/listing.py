"""What a list shows and searches of a release, as short columns. Pure.

A list of thousands neither reads the metadata of each nor compares accents: what is
searched is one folded text, and a question is folded alike.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

LONGEST_NAMES = 200
LONGEST_SEARCHED = 600  # an index of PostgreSQL takes 2704 bytes, four for a letter
_SHARES = {"title": 160, "authors": 100, "narrators": 100}
MOST_NAMED = 3


def list_columns(
    values: Mapping[str, Any], *, name: str, source_path: str
) -> dict[str, str]:
    """Author, narrator and search text of a release, from its merged values."""
    authors, narrators = _names(values, "authors"), _names(values, "narrators")
    return {
        "author": named(authors)[:LONGEST_NAMES],
        "narrator": named(narrators)[:LONGEST_NAMES],
        "search_text": searched(
            title=str(values.get("title") or name),
            authors=", ".join(authors),
            narrators=", ".join(narrators),
            asin=str(values.get("asin", "")),
            path=source_path,
        ),
    }


def searched(
    *, title: str, authors: str = "", narrators: str = "", asin: str = "", path: str
) -> str:
    """The text in which a search looks; of a long path its end."""
    parts = [
        title[: _SHARES["title"]],
        authors[: _SHARES["authors"]],
        narrators[: _SHARES["narrators"]],
        asin,
    ]
    text = fold("\n".join(filter(None, parts)))
    left = LONGEST_SEARCHED - len(text) - 1
    return f"{text}\n{fold(path)[-left:]}"[:LONGEST_SEARCHED]


def fold(text: str) -> str:
    """Without case and accents: "Brontë" and "BRONTE" are the same."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def named(names: Iterable[str]) -> str:
    """ "One, Two, Three and 2 more"."""
    known = list(names)
    more = len(known) - MOST_NAMED
    text = ", ".join(known[:MOST_NAMED])
    return f"{text} and {more} more" if more > 0 else text


def _names(values: Mapping[str, Any], field: str) -> list[str]:
    return [
        str(one["name"])
        for one in values.get(field) or ()
        if isinstance(one, dict) and one.get("name")
    ]
