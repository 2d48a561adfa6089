"""The book and the album that the test files hold: texts, titles and tags.

The words are the opening of "A Tale of Two Cities" (Charles Dickens, 1859), which is
in the public domain. Chapter titles carry on purpose what breaks careless code.
"""

from dataclasses import dataclass
from typing import Final

PASSAGES: Final = (
    ("Opening Credits", "A Tale of Two Cities. Book the First: Recalled to Life."),
    ("Chapter 1: The Best", "It was the best of times,"),
    ("Kapitel 2 \u2013 Die Zeiten", "it was the worst of times,"),
    ("Cafe\u0301 Wisdom", "it was the age of wisdom,"),  # decomposed: e + acute
    ('R&D <i>folly</i> & "quotes"', "it was the age of foolishness,"),
    ("  padded  inside  ", "it was the epoch of belief,"),
    ("\u7b2c\u516d\u7ae0", "it was the epoch of incredulity,"),
    ("Chapter 7: It\u2019s \u201cLight\u201d\u2026", "it was the season of Light,"),
    ("008", "it was the season of Darkness,"),
    ("Chapter 9 [b]hope[/b]", "it was the spring of hope,"),
    ("Chapter 10 \U0001f56f", "it was the winter of despair,"),
    ("Chapter 11: " + "everything before us, " * 6 + "all", "we had everything,"),
    ("Chapter 12", "we had nothing before us,"),
    ("Chapter 12", "we were all going direct to Heaven,"),  # the same title twice
    ("End Credits", "we were all going direct the other way."),
)

DESCRIPTION_HTML: Final = (
    "<p><b>&ldquo;It was the best of times&hellip;&rdquo;</b></p>"
    "<p>London &amp; Paris, 1775 &#8212; Dickens&#39;s novel,<br />unabridged.</p>"
    "<ul><li>Book the First</li><li>Book the Second</li></ul>"
    "<script>steal()</script>"
)

BOOK: Final[dict[str, str]] = {
    "title": "A Tale of Two Cities",
    "subtitle": "Recalled to Life",
    "author": "Charles Dickens",
    "narrator": "Espeak Ng; Test Voice",
    "series": "Two Cities",
    "series_part": "1",
    "asin": "B000TEST15",
    "isbn": "9780141439600",
    "publisher": "Chapman & Hall",
    "date": "1859-04-30",
    "genre": "Classics",
    "language": "eng",
    "copyright": "\u00a91859 Charles Dickens",
    "description": DESCRIPTION_HTML,
}

ALBUM: Final[dict[str, str]] = {
    "album": "Four Pitches",
    "albumartist": "The Test Tones",
    "date": "2024",
    "genre": "Electronic",
    "label": "Tone Records",
}
PITCHES: Final = (
    ("Low", 220),
    ("Middle", 440),
    ("High / Higher", 880),
    ("Caf\u00e9 Tone", 660),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One chapter as it is written into a file; whole milliseconds."""

    title: str
    start_ms: int
    end_ms: int

    def as_entry(self) -> dict[str, str | int]:
        """How the manifest states it."""
        return {
            "title": self.title,
            "start_ms": self.start_ms,
            "end_ms": self.end_ms,
        }


def evenly_spaced(count: int, length_ms: int) -> list[Mark]:
    """`count` chapters of the same length, numbered from 1."""
    return [
        Mark(
            title=f"Chapter {index + 1:03d}",
            start_ms=index * length_ms,
            end_ms=(index + 1) * length_ms,
        )
        for index in range(count)
    ]
