"""Filters that templates have beside Liquid's own. Pure; they run in the child.

Every value may come from a stranger's tags or a web page: a filter takes whatever
it is given, and what makes no sense becomes "".
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from liquid.exceptions import FilterArgumentError
from liquid.undefined import Undefined

_ZERO_WIDTH_SPACE = "\u200b"
# Marks that reorder or hide the text after them, and controls other than LF and tab.
_UNSEEN = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f]")
_IMAGE_URL = re.compile(
    r"https?://[a-z0-9.\-]+(?::\d+)?/[!#-;=?-Z_a-z~]*\.(?:gif|png|jpe?g|tiff?|webm)"
    r"(?:\?[!#-;=?-Z_a-z~]*)?",
    re.IGNORECASE,
)
_NOT_IN_TAGS = re.compile(r"[^a-z0-9.]+")
_TAG_SEPARATORS = re.compile(r"[\s\-_./]+")
_DOTS = re.compile(r"\.{2,}")


def bbcode_escaper(tag_names: Iterable[str]) -> Callable[[object], str]:
    """Make `bbcode_escape` for a site's tags.

    BBCode cannot quote its own bracket, so a zero-width space goes behind each one
    that would begin a tag, a list item or a heading; all else stays as it is.
    """
    names = "|".join(sorted(map(re.escape, tag_names), key=len, reverse=True))
    tag = re.compile(rf"\[(?=/?(?:{names})[\]=]|[*#]{{1,3}}\])", re.IGNORECASE)
    heading = re.compile(r"^(?==)", re.MULTILINE)

    def bbcode_escape(value: object) -> str:
        text = _UNSEEN.sub("", _text(value).replace("\r\n", "\n").replace("\r", "\n"))
        text = tag.sub("[" + _ZERO_WIDTH_SPACE, text)
        return heading.sub(_ZERO_WIDTH_SPACE, text)

    return bbcode_escape


def join_names(value: object, separator: object = ", ", last: object = None) -> str:
    """People and series as a sentence: [{"name": "A"}, {"name": "B"}] → "A, B"."""
    if isinstance(value, Undefined):
        return str(value)  # which notes that a name without a value was printed
    names = [name for name in map(_name, _as_list(value)) if name]
    joint = _text(separator)
    if last is not None and len(names) > 1:
        return joint.join(names[:-1]) + _text(last) + names[-1]
    return joint.join(names)


def truncate_bytes(value: object, length: object, ending: object = "…") -> str:
    """Cut to at most `length` bytes of UTF-8, `ending` included, at a word if it can.

    Never cuts through a character, nor between a letter and its accents.
    """
    text, limit, tail = _text(value), _number(length, "truncate_bytes"), _text(ending)
    if len(text.encode()) <= limit:
        return text
    room = limit - len(tail.encode())
    if room < 0:
        tail, room = "", max(limit, 0)
    kept = text.encode()[:room].decode(errors="ignore")
    while kept and len(kept) < len(text) and unicodedata.combining(text[len(kept)]):
        kept = kept[:-1]
    at_word, _, _ = kept.rpartition(" ")
    if not text[len(kept)].isspace() and len(at_word) >= len(kept) // 2:
        kept = at_word
    return kept.rstrip() + tail


def tagify(value: object, max_bytes: object = None) -> str:
    """A list, or a comma separated text, as a gazelle site's tags: "a.b, c".

    Lower case, dots for spaces, only a-z 0-9 and dots, no doubles. Accents are
    dropped; what has no latin letters disappears. With
    `max_bytes`, a tag for which no room is left is passed over.
    """
    limit = None if max_bytes is None else _number(max_bytes, "tagify")
    chosen: list[str] = []
    size = 0
    for tag in _tags(value):
        added = len(tag) + (2 if chosen else 0)
        if limit is None or size + added <= limit:
            chosen.append(tag)
            size += added
    return ", ".join(chosen)


def clock(value: object) -> str:
    """Milliseconds as a clock reads: 754000 → "12:34", 3723000 → "1:02:03"."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return _text(value) if isinstance(value, Undefined) else ""
    try:
        seconds = max(int(float(value)), 0) // 1000
    except (ValueError, OverflowError):
        return ""
    hours, minutes = seconds // 3600, seconds // 60 % 60
    if hours:
        return f"{hours}:{minutes:02}:{seconds % 60:02}"
    return f"{minutes}:{seconds % 60:02}"


def image_url(value: object) -> str:
    """The address when a gazelle site takes it as an image, otherwise "".

    Absolute http(s), 10 to 255 bytes, with a path that ends in a picture's extension
    (a query may follow); nothing that could end the [img] around it.
    """
    address = _text(value).strip()
    return address if _IMAGE_URL.fullmatch(address) and len(address) <= 255 else ""


def align_right(value: object, width: object) -> str:
    """Fill up with spaces on the left, for columns inside [pre]; at most 100 wide."""
    return _text(value).rjust(min(_number(width, "align_right"), 100))


def concat(value: object, other: object) -> list[Any]:
    """Two lists as one; a name without a value counts as an empty list."""
    return [*_as_list(value), *_as_list(other)]


def _tags(value: object) -> Iterator[str]:
    words = value.split(",") if isinstance(value, str) else _as_list(value)
    seen: set[str] = set()
    for word in words:
        plain = unicodedata.normalize("NFKD", _name(word)).lower()
        dotted = _TAG_SEPARATORS.sub(".", plain)
        tag = _DOTS.sub(".", _NOT_IN_TAGS.sub("", dotted)).strip(".")
        if tag and tag not in seen:
            seen.add(tag)
            yield tag


def _as_list(value: object) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, tuple | range):
        return list(value)
    if value is None or isinstance(value, Undefined) or value == "":
        return []
    return [value]


def _name(value: object) -> str:
    """The name of a person or series, or the text itself."""
    if isinstance(value, dict):
        value = value.get("name", "")
    return " ".join(_text(value).split())


def _text(value: object) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def _number(value: object, filter_name: str) -> int:
    if isinstance(value, int):
        return value
    raise FilterArgumentError(
        f"The filter “{filter_name}” needs a whole number, as in “{filter_name}: 200”.",
        token=None,
    )
