"""Failures of Audnexus → the taxonomy of `metadata.base`. Pure.

Three shapes of error bodies are live at once:

    {"error": {"code", "message", "details"}}              since February 2026
    {"statusCode", "error": "Internal Server Error", "message"}     plain errors
    {"error": "Bad Request", "message"}                             the search
"""

import math
import re
from collections.abc import Mapping
from typing import Any

from releases.metadata.base import (
    MetadataError,
    MetadataNotFound,
    NotThatKind,
    ProviderBlocked,
    ProviderRateLimited,
    ProviderRefused,
    ProviderUnavailable,
    UnreadableAnswer,
)

DEFAULT_WAIT = 5.0
LONGEST_WAIT = 3600.0
_NOT_IN_REGION = re.compile(r"not available in region|NOT_AVAILABLE_FOR_PURCHASE", re.I)

_PODCAST = re.compile(r"\bis a podcast\b", re.I)


def seconds(text: str | None) -> float | None:
    """A header's whole or decimal seconds within an hour; None when it is no number."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return min(max(value, 0.0), LONGEST_WAIT) if math.isfinite(value) else None


def classify(
    status: int, headers: Mapping[str, str], body: Any, *, asin: str
) -> MetadataError:
    """The error that an answer other than 200 stands for. `body` is JSON or None."""
    code, message = code_and_message(body)
    if status == 429:
        return _rate_limited(headers)
    if status == 403:
        return ProviderBlocked(
            "Audnexus refuses requests from this program or network (403). It is not "
            "asked again for now: try later, or set another Audnexus server."
        )
    if code == "CONTENT_TYPE_MISMATCH" or _PODCAST.search(message):
        return NotThatKind(
            f"ASIN {asin} belongs to a podcast, a bundle or a magazine and not to a "
            "book: give the ASIN of the book itself."
        )
    if status == 404 or _NOT_IN_REGION.search(message):
        return MetadataNotFound(f"Audnexus has nothing under ASIN {asin}.")
    if status in (400, 422):
        return _refused(asin, message)
    if status >= 500:
        return ProviderUnavailable(
            f"Audnexus has a fault of its own (HTTP {status}). It is asked again "
            "later; the release can be prepared without it."
        )
    return UnreadableAnswer(
        f"Audnexus answered in an unexpected way (HTTP {status}): check its address in "
        "the settings."
    )


def code_and_message(body: Any) -> tuple[str, str]:
    """Code and message of an error body in any of the three shapes, "" if absent."""
    if not isinstance(body, dict):
        return "", ""
    inner = body.get("error")
    source = inner if isinstance(inner, dict) else body
    code, message = source.get("code"), source.get("message")
    return (
        code if isinstance(code, str) else "",
        message if isinstance(message, str) else "",
    )


def _rate_limited(headers: Mapping[str, str]) -> ProviderRateLimited:
    wait = seconds(headers.get("retry-after"))
    if wait is None:
        wait = seconds(headers.get("x-ratelimit-reset"))
    return rate_limited(DEFAULT_WAIT if wait is None else wait)


def rate_limited(wait: float) -> ProviderRateLimited:
    """The error for an exhausted budget that is renewed in `wait` seconds."""
    return ProviderRateLimited(
        "Audnexus allows no more requests for the moment; it can be asked again in "
        f"{math.ceil(wait)} s.",
        retry_after=wait,
    )


def _refused(asin: str, message: str) -> ProviderRefused:
    if asin[:1].isdigit() and "asin" in message.lower():
        return ProviderRefused(
            f"This Audnexus server does not take numeric ASINs such as {asin}, "
            "although the ASIN is well-formed: update the server or use another."
        )
    return ProviderRefused(
        f"Audnexus calls the request for ASIN {asin} wrong: compare the ASIN with "
        "the one on the book's page."
    )
