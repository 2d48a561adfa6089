"""Which BBCode tags each site understands. Facts only; nothing is rendered here.

A dialect is a table of tags. A tag that is not in the table, or whose value is not
one the site takes, is not markup there: it stays in the text as it was typed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import urlsplit


class Shape(Enum):
    """How a tag behaves in the text around it."""

    INLINE = auto()  # runs inside a line; taken up again after a misnested end
    BLOCK = auto()  # a box of its own
    LINK = auto()  # like INLINE, but never inside another link
    RAW = auto()  # what it holds is not read as markup
    VOID = auto()  # has no end tag
    BREAK = auto()  # shows nothing: typed to keep the sites from reading a tag


ValueRule = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One tag. `rule` gives the cleaned value, or None when the tag is not valid."""

    name: str
    shape: Shape
    rule: ValueRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The markup of one site. `tags` is keyed by every spelling, in lower case."""

    name: str
    tags: Mapping[str, Tag]
    list_markers: frozenset[str]
    headings: bool


_COLOUR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})|[a-z]{3,20}", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s\[\]<>\"'`\\]{1,2000}", re.IGNORECASE)
_NUMBERS = re.compile(r"\d{1,3}(?:\|\d{1,3}){0,3}")
_LABEL_LENGTH = 200


def safe_url(text: str) -> str | None:
    """The text when it is an absolute http(s) address with a host, otherwise None."""
    address = text.strip()
    if not _URL.fullmatch(address):
        return None
    try:
        host = urlsplit(address).hostname
    except ValueError:
        return None
    return address if host else None


def _no_value(value: str) -> str | None:
    return "" if value == "" else None


def _any_label(value: str) -> str | None:
    return value.strip()[:_LABEL_LENGTH]


def _optional_url(value: str) -> str | None:
    return "" if value == "" else safe_url(value)


def _size(value: str) -> str | None:
    return (
        value if value.isascii() and value.isdigit() and 1 <= int(value) <= 10 else None
    )


def _colour(value: str) -> str | None:
    return value.lower() if _COLOUR.fullmatch(value) else None


def _alignment(value: str) -> str | None:
    word = value.lower()
    return word if word in {"left", "center", "right", "justify"} else None


def _padding(value: str) -> str | None:
    return value if _NUMBERS.fullmatch(value) else None


def _table(entries: Mapping[str, tuple[Shape, ValueRule]]) -> dict[str, Tag]:
    return {
        name: Tag(name=name, shape=shape, rule=rule)
        for name, (shape, rule) in entries.items()
    }


NO_TAG = Tag(name="", shape=Shape.INLINE, rule=_no_value)

_COMMON = _table(
    {
        "b": (Shape.INLINE, _no_value),
        "i": (Shape.INLINE, _no_value),
        "u": (Shape.INLINE, _no_value),
        "s": (Shape.INLINE, _no_value),
        "size": (Shape.INLINE, _size),
        "color": (Shape.INLINE, _colour),
        "align": (Shape.BLOCK, _alignment),
        "url": (Shape.LINK, _optional_url),
        "img": (Shape.VOID, _optional_url),
        "quote": (Shape.BLOCK, _any_label),
        "code": (Shape.RAW, _no_value),
        "pre": (Shape.RAW, _no_value),
        "plain": (Shape.RAW, _no_value),
        "hide": (Shape.BLOCK, _any_label),
        "spoiler": (Shape.BLOCK, _any_label),
        "pad": (Shape.BLOCK, _padding),
        "hr": (Shape.VOID, _no_value),
    }
)

_ORPHEUS = _COMMON | _table(
    {
        "mature": (Shape.BLOCK, _any_label),
        "box": (Shape.BLOCK, _no_value),
        "important": (Shape.INLINE, _no_value),
        "headline": (Shape.BLOCK, _any_label),
        "tex": (Shape.RAW, _no_value),
        "artist": (Shape.INLINE, _no_value),
        "user": (Shape.INLINE, _no_value),
        "torrent": (Shape.INLINE, _no_value),
        "pl": (Shape.INLINE, _no_value),
        "collage": (Shape.INLINE, _no_value),
        "forum": (Shape.INLINE, _no_value),
        "thread": (Shape.INLINE, _no_value),
        "rule": (Shape.INLINE, _no_value),
        "n": (Shape.BREAK, _no_value),
    }
)

DIALECTS: Mapping[str, Dialect] = {
    "red": Dialect(
        name="red",
        # Only what both sites share, and `pad` and `hr`, is known to work on RED.
        tags=_COMMON | {"colour": _COMMON["color"]},
        list_markers=frozenset({"*"}),
        headings=False,
    ),
    "ops": Dialect(
        name="ops",
        tags=_ORPHEUS | {"colour": _COMMON["color"]},
        list_markers=frozenset({"*", "#"}),
        headings=True,
    ),
}

# Every spelling that some dialect reads as markup: what escaping has to break up.
ALL_TAG_NAMES: frozenset[str] = frozenset(
    name for dialect in DIALECTS.values() for name in dialect.tags
)
