"""Requests to Audnexus: addresses, cache, pacing. One request, one answer or error."""

from typing import Any
from urllib.parse import urlsplit

import requests

from releases.metadata.answers import Limits, get, parse_json
from releases.metadata.base import (
    Cache,
    MetadataError,
    MetadataNotFound,
    ProviderDisabled,
    ProviderRefused,
    UnreadableAnswer,
)
from releases.metadata.pacing import Pacer
from releases.metadata.providers.audnexus_errors import (
    classify,
    rate_limited,
    seconds,
)

SERVICE = "Audnexus"
WEEK = 7 * 24 * 3600
DAY = 24 * 3600
_PATHS = {
    "book": "/books/{asin}",
    "chapters": "/books/{asin}/chapters",
    "author": "/authors/{asin}",
}


class AudnexusClient:
    """GET requests by endpoint, ASIN and region; good answers are kept for a week.

    That there is nothing is kept for a day, other failures are not kept at all.
    """

    def __init__(
        self,
        base_url: str,
        session: requests.Session,
        *,
        cache: Cache,
        pacer: Pacer,
        limits: Limits,
    ) -> None:
        self._base_url = _checked(base_url)
        self._session = session
        self._cache = cache
        self._pacer = pacer
        self._limits = limits

    def get(
        self, endpoint: str, asin: str, region: str, *, refresh: bool = False
    ) -> dict[str, Any]:
        """The answer of "book", "chapters" or "author" as the service gave it.

        Raises a MetadataError; MetadataNotFound speaks of this region only.
        """
        key = f"audnexus:{endpoint}:{asin}:{region}"
        known = None if refresh else self._cache.get(key)
        if known is None:
            known = self._ask(endpoint, asin, region, refresh=refresh)
            self._cache.put(key, known, WEEK if known["status"] == 200 else DAY)
        if known["status"] == 200:
            answer: dict[str, Any] = known["body"]
            return answer
        raise classify(known["status"], {}, known["body"], asin=asin)

    def search(self, query: str, region: str) -> list[Any]:
        """At most ten books for a title and author, in Audible's order; not cached."""
        params = {"q": query, "region": region}
        status, headers, body = self._send("/books/search", params)
        if status in (400, 404):
            raise ProviderRefused(
                "This Audnexus server cannot search by title: give the book's ASIN, "
                "or update the server."
            )
        if status != 200:
            raise classify(status, headers, body, asin="")
        if not isinstance(body, list):
            raise _unusable()
        return body

    def _ask(
        self, endpoint: str, asin: str, region: str, *, refresh: bool
    ) -> dict[str, Any]:
        """{"status", "body"} of an answer worth keeping; raises for all others."""
        params = {"region": region} | ({"update": "1"} if refresh else {})
        path = _PATHS[endpoint].format(asin=asin)
        status, headers, body = self._send(path, params)
        if status == 200:
            if not isinstance(body, dict) or body.get("asin") != asin:
                raise _unusable()
            return {"status": 200, "body": body}
        error = classify(status, headers, body, asin=asin)
        if isinstance(error, MetadataNotFound):
            return {"status": status, "body": body}
        raise error

    def _send(self, path: str, params: dict[str, str]) -> tuple[int, Any, Any]:
        if blocked := self._pacer.blocked_for():
            raise rate_limited(blocked)
        self._pacer.wait()
        url = self._base_url + path
        response, content = get(
            self._session, url, params, service=SERVICE, limits=self._limits
        )
        self._heed(response)
        if response.status_code == 200:
            return 200, response.headers, parse_json(content, service=SERVICE)
        return response.status_code, response.headers, _error_body(content)

    def _heed(self, response: requests.Response) -> None:
        """Remember an exhausted budget, so that the next request is not even sent."""
        headers = response.headers
        if response.status_code == 429:
            error = classify(429, headers, None, asin="")
            self._pacer.block(error.retry_after or 0.0)
        elif headers.get("x-ratelimit-remaining") == "0":
            self._pacer.block(seconds(headers.get("x-ratelimit-reset")) or 0.0)


def _checked(base_url: str) -> str:
    """The address without a trailing slash; ProviderDisabled when there is none."""
    if not base_url.strip():
        raise ProviderDisabled(
            "Audnexus is switched off: set HERALD_AUDNEXUS_URL to use it."
        )
    parts = urlsplit(base_url.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query:
        raise ProviderDisabled(
            "HERALD_AUDNEXUS_URL is not a web address: write it like "
            "https://api.audnex.us."
        )
    return base_url.strip().rstrip("/")


def _error_body(content: bytes) -> Any:
    """The JSON of an error, None when it is something else: the status then decides."""
    try:
        return parse_json(content, service=SERVICE)
    except MetadataError:
        return None


def _unusable() -> UnreadableAnswer:
    return UnreadableAnswer(
        "Audnexus answered with something else than the book that was asked for. It "
        "is probably a fault over there: ask again later."
    )
