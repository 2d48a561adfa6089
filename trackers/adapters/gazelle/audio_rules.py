"""Rules for year, format and bitrate, and what all rules share. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from trackers.adapters.gazelle import mapping
from trackers.adapters.gazelle.dialects import OTHER, Dialect
from trackers.types import Problem, UploadPayload

# Both come from the audio alone: there is no field of the release to enter them in.
UNREADABLE: Final = (
    "Replace files that cannot be read and prepare again, or write it in the template."
)
YEAR: Final = re.compile(r"[0-9]{4}")


def byte_length(text: str) -> int:
    """Count the bytes a field takes; a lone surrogate counts as three."""
    return len(text.encode("utf-8", "surrogatepass"))


def missing(field: str, message: str, remedy: str = "") -> Problem:
    """Make the problem of a field that has nothing in it."""
    return Problem(
        field=field,
        code="missing",
        message=message,
        remedy=remedy or "Enter it on the release, or in the template.",
    )


def year(dialect: Dialect, payload: UploadPayload) -> Iterator[Problem]:
    """Four digits; the site asks for them."""
    given = mapping.attribute(payload, "year")
    if not given:
        yield missing("year", "The year is missing; the site asks for it.")
    elif not YEAR.fullmatch(given) or given == "0000":
        yield Problem(
            field="year",
            code="not_a_year",
            message=f'"{given}" is not a year of four digits.',
            remedy="Correct the year; the site would store 0 without a word.",
        )


def audio_format(dialect: Dialect, payload: UploadPayload) -> Iterator[Problem]:
    """One of the site's formats."""
    found = mapping.attribute(payload, "format")
    if not found:
        yield missing("format", "The audio format is not known.", UNREADABLE)
    elif found not in dialect.formats:
        yield Problem(
            field="format",
            code="unknown_format",
            message=f'The site has no format "{found}".',
            remedy=f"It knows {', '.join(dialect.formats)}; an M4B is AAC.",
        )


def bitrate(dialect: Dialect, payload: UploadPayload) -> Iterator[Problem]:
    """One of the site's bitrates that goes with the format, or Other with a figure."""
    given = mapping.attribute(payload, "bitrate")
    other = mapping.attribute(payload, "other_bitrate")
    is_flac = mapping.attribute(payload, "format") == "FLAC"
    if not given:
        yield missing("bitrate", "The bitrate is not known.", UNREADABLE)
    elif given not in dialect.bitrates:
        yield Problem(
            field="bitrate",
            code="unknown_bitrate",
            message=f'The site has no bitrate "{given}".',
            remedy=f"Use {OTHER} with other_bitrate, or one of "
            f"{', '.join(dialect.bitrates)}.",
        )
    elif is_flac and not mapping.is_lossless(given):
        yield Problem(
            field="bitrate",
            code="flac_not_lossless",
            message=f'A FLAC upload cannot have the bitrate "{given}".',
            remedy="Use Lossless or 24bit Lossless.",
        )
    elif given == OTHER and not other:
        yield missing("other_bitrate", "With bitrate Other, the figure is needed.")
    elif given == OTHER and byte_length(other) > mapping.MAX_OTHER_BITRATE_BYTES:
        yield Problem(
            field="other_bitrate",
            code="too_long",
            message=f'"{other}" takes more than {mapping.MAX_OTHER_BITRATE_BYTES} '
            "bytes.",
            remedy="Write the kilobits a second only, for example 64.",
        )
