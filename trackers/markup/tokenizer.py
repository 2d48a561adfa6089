"""BBCode text → tokens, in one pass that never looks back.

Every pattern stops at the next bracket or line end, so that the cost is in
proportion to the length of the text, whatever the text is.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from trackers.markup.dialects import NO_TAG, Dialect, Shape, Tag, safe_url


class Kind(Enum):
    """What a token is. TEXT holds no line break; each break is a NEWLINE."""

    TEXT = auto()
    NEWLINE = auto()
    OPEN = auto()
    CLOSE = auto()
    RAW = auto()
    VOID = auto()
    ITEM = auto()
    ADDRESS = auto()
    HEADING_START = auto()
    HEADING_END = auto()


class Token(NamedTuple):
    """`source` is what was typed; `tag` is set for OPEN, CLOSE, RAW and VOID.

    `value` is the cleaned value of a tag, the inside of a RAW one, the marker of an
    ITEM ("*", "##"), the level (2 to 5) of a heading, or the address of an ADDRESS.
    """

    kind: Kind
    source: str
    tag: Tag = NO_TAG
    value: str = ""


_MARKUP = re.compile(
    r"""
    (?P<newline>\n)
    | \[(?P<slash>/?)(?P<name>[a-z]{1,10})(?:=(?P<value>[^\[\]\n]*))?\]
    | \[(?P<item>\*{1,3}|\#{1,3})\]
    | ^(?P<level>={2,5})(?!=)(?P<heading>[^\n]{1,300}?)(?P=level)[ \t]*$
    | (?P<address>\bhttps?://[^\s\[\]<>"'`\\]{1,2000})
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
# The address of [url]…[/url] and [img]…[/img] holds no bracket, so one look ahead
# ends at the next bracket.
_INSIDE = re.compile(r"([^\[\]\n]{1,2000})\[/(url|img)\]", re.IGNORECASE)
_AFTER_ADDRESS = ".,;:!?)"


def tokenize(text: str, dialect: Dialect) -> Iterator[Token]:
    """Split a text whose line breaks are LF."""
    position = 0
    while match := _MARKUP.search(text, position):
        if match.start() > position:
            yield Token(Kind.TEXT, text[position : match.start()])
        position = match.end()
        if match["newline"]:
            yield Token(Kind.NEWLINE, "\n")
        elif match["name"]:
            token, position = _tag_token(text, match, dialect)
            yield token
        elif match["item"]:
            known = match["item"][0] in dialect.list_markers
            kind = Kind.ITEM if known else Kind.TEXT
            yield Token(kind, match[0], value=match["item"])
        elif match["level"]:
            yield from _heading_tokens(match, dialect)
        else:
            address = match["address"].rstrip(_AFTER_ADDRESS)
            position = match.start() + len(address)
            kind = Kind.ADDRESS if safe_url(address) else Kind.TEXT
            yield Token(kind, address, value=address)
    if position < len(text):
        yield Token(Kind.TEXT, text[position:])


def _heading_tokens(match: re.Match[str], dialect: Dialect) -> Iterator[Token]:
    if not dialect.headings:
        yield Token(Kind.TEXT, match["level"])
        yield from tokenize(match["heading"], dialect)
        yield Token(Kind.TEXT, match["level"])
        return
    level = str(len(match["level"]))
    yield Token(Kind.HEADING_START, match["level"], value=level)
    yield from tokenize(match["heading"].strip(), dialect)
    yield Token(Kind.HEADING_END, match["level"], value=level)


def _tag_token(text: str, match: re.Match[str], dialect: Dialect) -> tuple[Token, int]:
    """The token for one bracketed name, and where reading goes on."""
    literal = Token(Kind.TEXT, match[0])
    tag = dialect.tags.get(match["name"].lower())
    if tag is None:
        return literal, match.end()
    if match["slash"]:
        is_end = match["value"] is None and tag.shape is not Shape.BREAK
        return (Token(Kind.CLOSE, match[0], tag) if is_end else literal), match.end()
    value = tag.rule(_unquoted(match["value"] or ""))
    if value is None:
        return literal, match.end()
    if tag.shape is Shape.RAW:
        return _raw_token(text, match, tag)
    if tag.shape is Shape.BREAK:
        return Token(Kind.TEXT, ""), match.end()
    if tag.name in {"url", "img"} and not value:
        return _address_inside(text, match, tag)
    kind = Kind.VOID if tag.shape is Shape.VOID else Kind.OPEN
    return Token(kind, match[0], tag, value), match.end()


def _raw_token(text: str, match: re.Match[str], tag: Tag) -> tuple[Token, int]:
    """A RAW tag up to its end tag; without one, the rest of the text is inside."""
    end = re.compile(rf"\[/{tag.name}\]", re.IGNORECASE).search(text, match.end())
    inside = text[match.end() : end.start() if end else len(text)]
    return Token(Kind.RAW, match[0], tag, inside), end.end() if end else len(text)


def _address_inside(text: str, match: re.Match[str], tag: Tag) -> tuple[Token, int]:
    """[url]address[/url] or [img]address[/img]; anything else is not markup."""
    inside = _INSIDE.match(text, match.end())
    if inside is None or inside[2].lower() != tag.name:
        return Token(Kind.TEXT, match[0]), match.end()
    address = safe_url(inside[1])
    if address is None:
        return Token(Kind.TEXT, text[match.start() : inside.end()]), inside.end()
    if tag.shape is Shape.LINK:
        return Token(Kind.ADDRESS, address, value=address), inside.end()
    source = text[match.start() : inside.end()]
    return Token(Kind.VOID, source, tag, address), inside.end()


def _unquoted(value: str) -> str:
    text = value.strip()
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1].strip()
    return text
