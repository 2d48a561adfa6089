"""Series of several sources put together. Pure."""

import re
from typing import Any

Series = dict[str, Any]
# Characters; what endings cost grows with the square of a name's length.
_LONGEST_NAME = 200
_ARTICLE = re.compile(r"^(?:the|a|an|der|die|das|le|la|les|el)\s+")
_SUFFIX = re.compile(
    r"[\s,]*(?:\[[^\]]*\]|\([^)]*\)|\b(?:series|trilogy|saga|cycle|novels))$"
)


def merge_series(best: list[Series], others: list[list[Series]]) -> list[Series]:
    """The best source's series, with positions it lacks taken from the others.

    Names count as the same without article, "Series", "Trilogy" and bracketed
    remarks. No series is added: a second name is more often a spelling than a series.
    """
    merged = []
    for series in best:
        if not series.get("position"):
            position = _position(series["name"], others)
            if position:
                series = {**series, "position": position}
        merged.append(series)
    return merged


def series_key(name: str) -> str:
    """What makes two spellings of a series' name the same."""
    key = " ".join(name[:_LONGEST_NAME].casefold().split())
    while (shorter := _SUFFIX.sub("", key)) and shorter != key:
        key = shorter
    return re.sub(r"[^\w]+", "", _ARTICLE.sub("", key)) or key


def _position(name: str, others: list[list[Series]]) -> str:
    for source in others:
        for series in source:
            same = series_key(series["name"]) == series_key(name)
            if same and series.get("position"):
                return str(series["position"])
    return ""
