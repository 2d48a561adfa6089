"""Titles of groups taken apart, so that two of the same work are known as such. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from trackers.types import Likeness

BRACKETED: Final = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|\{[^{}]*\}")
AUTHORS_APART: Final = re.compile(r"[,;&]|\band\b|\bet al\b", re.I)
SMALL_WORDS: Final = frozenset({"a", "an", "and", "de", "of", "the", "van", "von"})
YEAR: Final = re.compile(r"(?:1[5-9]|20)\d\d")
# Words of a bracket that tell about the copy, or what every audiobook is.
OF_THE_COPY: Final = frozenset(
    {
        *("unabridged", "audiobook", "audio", "book", "retail"),
        *("mp3", "m4b", "m4a", "aac", "flac", "ogg", "vbr", "cbr", "kbps"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title's words: the author's, the name's, and what tells copies apart.

    `extra` is what stands in brackets or behind a colon. `name_text` and
    `first_author` are as written.
    """

    author: frozenset[str]
    name: frozenset[str]
    extra: frozenset[str]
    name_text: str
    first_author: str

    @property
    def words(self) -> frozenset[str]:
        """All words."""
        return self.author | self.name | self.extra

    @property
    def searches(self) -> tuple[str, ...]:
        """Texts to search for, the narrower one first.

        Of an author only the last word: first names are often left out or initials.
        """
        surname = (re.findall(r"\w+", self.first_author) or [""])[-1]
        return tuple(
            dict.fromkeys((f"{surname} {self.name_text}".strip(), self.name_text))
        )


def read_title(title: str, artist: str = "") -> Title:
    """Take "Author - Name: what it is about (more)" apart.

    A title without " - " has no author in it; `artist` is what the site says besides.
    """
    bare = BRACKETED.sub(" ", title)
    author, dash, name = bare.partition(" - ")
    if not (dash and _words(author) and _words(name)):
        author, name = "", bare
    main, _, subtitle = name.partition(":")
    if not _words(main):
        main, subtitle = name, ""
    in_brackets = " ".join(BRACKETED.findall(title))
    extra = _words(f"{subtitle} {in_brackets}") - OF_THE_COPY
    return Title(
        author=_words(author) | _words(artist),
        name=_words(main),
        extra=frozenset(word for word in extra if not YEAR.fullmatch(word)),
        name_text=" ".join(main.split()),
        first_author=AUTHORS_APART.split(author)[0],
    )


def likeness(ours: Title, theirs: Title) -> Likeness | None:
    """Compare two titles: NAME for the same work, WORDS for perhaps; None: another."""
    known = bool(ours.author and theirs.author)
    shared = (ours.author & theirs.words) | (theirs.author & ours.words)
    if not ours.name or (known and not shared - SMALL_WORDS):
        return None
    if ours.name == theirs.name:
        agree = ours.extra == theirs.extra or not (ours.extra and theirs.extra)
        # Who wrote it must be said in both titles, or in none.
        said = known or not (ours.author or theirs.author)
        return Likeness.NAME if agree and said else Likeness.WORDS
    return Likeness.WORDS if ours.name <= theirs.words else None


def _words(text: str) -> frozenset[str]:
    """Its words without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    return frozenset(re.findall(r"\w+", letters))
