"""The metadata service: its addresses, errors, and rate limit headers."""

import json
import re
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trackers.sandbox.web import Request, Response, html_response, json_response
from trackers.sandbox.world import Route, World

_HERE = Path(__file__).parent
_REGIONS = frozenset(["au", "ca", "de", "es", "fr", "in", "it", "jp", "us", "uk"])
_ASIN = re.compile(r"B[\dA-Z]{9}|\d{9}[X\d]")
_COVER = "cover/B0HERALD01.jpg"


class ServiceError(Exception):
    """An answer in the service's error form."""

    def __init__(
        self, status: int, code: str, message: str, details: Any = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.content = {"code": code, "message": message, "details": details}


class Audnexus:
    """`/audnexus/...`; also its own `Voice` for planned faults."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._holdings: dict[str, Any] = json.loads(
            (_HERE / "holdings.json").read_text("utf-8")
        )
        self._cover = (_HERE / "cover.jpg").read_bytes()

    def route(self, request: Request, rest: str) -> Route:
        """Name the action, so that faults can be aimed at it.

        The cover is no part of the service: pages fetch it, so it never fails.
        """
        if rest == _COVER:
            return Route(site="audnexus", action="cover", run=self._picture)
        return Route(
            site="audnexus", action=_action(rest), run=self._answer, voice=self
        )

    def refuse(self, action: str, message: str) -> Response:
        """A plain error of the web framework underneath: another of its forms."""
        content = {
            "statusCode": 500,
            "error": "Internal Server Error",
            "message": message or "An error occurred while fetching data",
        }
        return json_response(content, 500)

    def bad_key(self, action: str) -> Response:
        """There are no keys; the nearest thing is being blocked up front."""
        return html_response("<html><title>Access denied</title></html>", 403)

    def rate_limited(self, action: str, seconds: int) -> Response:
        """The answer to one call too many."""
        error = ServiceError(
            429, "RATE_LIMIT_EXCEEDED", "Rate limit reached. Please try again later."
        )
        headers = (
            ("x-ratelimit-limit", "100"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", str(seconds)),
            ("retry-after", str(seconds)),
        )
        return json_response({"error": error.content}, 429, headers)

    def _picture(self, request: Request) -> Response:
        return Response(body=self._cover, content_type="image/jpeg")

    def _answer(self, request: Request) -> Response:
        rest = request.path.removeprefix("/audnexus/")
        window = self._world.windows["audnexus", "address"]
        left, seconds = window.call(request.remote)
        if left < 0 and self._world.options.limits:
            return self.rate_limited(_action(rest), seconds)
        headers = (
            ("x-ratelimit-limit", str(window.rate)),
            ("x-ratelimit-remaining", str(max(left, 0))),
            ("x-ratelimit-reset", str(seconds)),
        )
        try:
            return json_response(self._content(rest, request), 200, headers)
        except ServiceError as exc:
            return json_response({"error": exc.content}, exc.status, headers)

    def _content(self, rest: str, request: Request) -> Any:
        match rest.strip("/").split("/"):
            case ["health"]:
                return self._health()
            case ["books", "search"]:
                return self._search(request)
            case ["books", asin]:
                return self._held("books", asin, request)
            case ["books", asin, "chapters"]:
                return self._held("chapters", asin, request)
            case ["authors"]:
                return self._authors(request)
            case ["authors", asin]:
                return self._held("authors", asin, request)
            case _:
                raise ServiceError(404, "NOT_FOUND", "Route not found")

    def _health(self) -> Any:
        moment = datetime.fromtimestamp(self._world.clock(), UTC).isoformat()
        checks = {"server": True, "database": True, "redis": True}
        return {"status": "healthy", "timestamp": moment, "checks": checks}

    def _held(self, kind: str, asin: str, request: Request) -> Any:
        region = _region(request)
        if not _ASIN.fullmatch(asin):
            raise ServiceError(400, "BAD_REQUEST", "Bad ASIN")
        held = self._holdings[kind].get(asin)
        if held is None or region not in self._holdings["regions"]:
            raise ServiceError(
                404,
                "REGION_UNAVAILABLE",
                f"Item not available in region '{region}' for ASIN: {asin}",
                {"asin": asin, "code": "REGION_UNAVAILABLE"},
            )
        answer = deepcopy(held)
        answer["region"] = region
        if kind != "chapters":
            answer["image"] = f"{self._world.origin}/audnexus/{_COVER}"
        return answer

    def _search(self, request: Request) -> Any:
        wanted = _words(request.query.get("q"))
        region = _region(request)
        if not wanted:
            raise ServiceError(400, "BAD_REQUEST", "q is required")
        if region not in self._holdings["regions"]:
            return []
        return [
            self._held("books", asin, request)
            for asin, book in self._holdings["books"].items()
            if wanted <= _book_words(book)
        ][:10]

    def _authors(self, request: Request) -> Any:
        name = request.query.get("name").strip()
        if not name:
            raise ServiceError(500, "500", "name is required")
        if len(name) < 2:
            raise ServiceError(400, "BAD_REQUEST", "name must have 2 characters")
        return [
            {"asin": asin, "name": author["name"]}
            for asin, author in self._holdings["authors"].items()
            if _words(name) & _words(author["name"])
        ]


def _action(rest: str) -> str:
    match rest.strip("/").split("/"):
        case ["books", "search"]:
            return "search"
        case ["books", _]:
            return "book"
        case ["books", _, "chapters"]:
            return "chapters"
        case ["authors"]:
            return "authors"
        case ["authors", _]:
            return "author"
        case parts:
            return parts[0]


def _region(request: Request) -> str:
    region = request.query.get("region", "us")
    if region not in _REGIONS:
        raise ServiceError(
            422, "VALIDATION_ERROR", "region must be one of the known regions"
        )
    return region


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _book_words(book: dict[str, Any]) -> set[str]:
    people = " ".join(p["name"] for p in book["authors"] + book["narrators"])
    return _words(f"{book['title']} {book['subtitle']} {people} {book['asin']}")
