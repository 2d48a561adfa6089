"""Sentences that rows keep in English, in the language of the page that shows them.

What is kept has its values filled in already, so it is compared with the marked texts:
each run of sentences that is one of them is looked up and filled in again. What nobody
marked stays as it is.
"""

import re
from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language, gettext

from common.texts import marked_texts

LONGEST_RUN = 5  # sentences in one marked text
LONGEST_TEXT = 2000
# Values that are one word each: what follows them is another sentence.
WORDS = frozenset({"count", "hours", "limit", "seconds", "status", "version"})
_PLACE = re.compile(r"%\((\w+)\)s")
_END = re.compile(r"(?<=[.?!]) ")


def spoken(text: str) -> str:
    """A kept text as a page says it; in English as it was kept."""
    language = get_language() or settings.LANGUAGE_CODE
    if language == settings.LANGUAGE_CODE or len(text) > LONGEST_TEXT:
        return text
    return _spoken(text, language, len(marked_texts()))


@lru_cache(maxsize=2000)
def _spoken(text: str, language: str, marked: int) -> str:
    """Of so many marked texts: another module may be imported meanwhile."""
    rest, said = _END.split(text), list[str]()
    while rest:
        for length in range(min(len(rest), LONGEST_RUN), 0, -1):
            if known := _known(" ".join(rest[:length]), marked):
                said.append(known)
                rest = rest[length:]
                break
        else:
            # "A name: what is known of it"
            before, colon, behind = rest.pop(0).partition(": ")
            said.append(before + colon.strip())
            rest[:0] = [behind] if colon else []
    return " ".join(said)


def _known(text: str, marked: int) -> str:
    """One marked text in the language of the page; "" for what is none."""
    for anchor, shape, original in _shapes(marked):
        if anchor in text and (found := shape.fullmatch(text)):
            values = {name: spoken(value) for name, value in found.groupdict().items()}
            return gettext(original) % values if values else gettext(original)
    return ""


@lru_cache(maxsize=1)
def _shapes(marked: int) -> list[tuple[str, re.Pattern[str], str]]:
    """How the marked texts look when they are filled in, the most telling first.

    The first of each is the longest part that never changes: looked for first, because
    that is a hundred times quicker than to compare the whole.
    """
    texts = sorted(marked_texts(), key=lambda one: (-len(_PLACE.sub("", one)), one))
    return [
        (max(_PLACE.split(one)[::2], key=len), _shape(one), one) for one in texts if one
    ]


def _shape(text: str) -> re.Pattern[str]:
    first, *parts = _PLACE.split(text)
    shape = re.escape(first)
    for place, (name, literal) in enumerate(zip(parts[::2], parts[1::2], strict=True)):
        value = r"\S+?" if name in WORDS else ".+?"
        if not first and place == 0:
            value = r"(?:(?![.?!] ).)+?"  # a name, not a sentence before it
        shape += f"(?P<{name}>{value}){re.escape(literal)}"
    return re.compile(shape, re.DOTALL)
