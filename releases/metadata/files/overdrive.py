"""Chapters that OverDrive writes into a tag as a little XML.

Taken apart by plain string search: no XML parser, so no entity can unfold.
"""

import html
import re

from . import limits
from .found import Mark

MARKERS_TAG = "TXXX:OVERDRIVE MEDIAMARKERS"
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):(\d{1,2}(?:\.\d{1,6})?)")
_CONTINUED = re.compile(
    r"\s*\((?:\d{1,2}:)?\d{1,3}:\d{2}\)$|\s*[-(]?\s*continued\)?$", re.I
)


def parse_markers(text: str) -> list[Mark]:
    """The markers in file order; those without a readable time are left out."""
    marks = []
    for piece in text[: limits.MIB].split("<Marker>")[1 : limits.CHAPTERS + 1]:
        clock = _CLOCK.fullmatch(_element(piece, "Time"))
        if clock is None:
            continue
        hours, minutes, seconds = clock.groups()
        start = round(float(seconds) * 1000)
        start += (int(hours or 0) * 60 + int(minutes)) * 60_000
        marks.append(Mark(title=html.unescape(_element(piece, "Name")), start_ms=start))
    return marks


def _element(piece: str, name: str) -> str:
    """The text between an element's tags, "" when it is not there."""
    _, _, rest = piece.partition(f"<{name}>")
    return rest.partition(f"</{name}>")[0].strip()


def base_title(title: str) -> str:
    """A title without the mark that the chapter goes on from the file before."""
    return _CONTINUED.sub("", title[:500]).strip()
