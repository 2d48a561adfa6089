"""A request as the stand-ins read it, and their answers."""

import ipaddress
import json
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http.multipartparser import MultiPartParser, MultiPartParserError

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"


# More digits fit neither the state's 64 bits nor any site.
MOST_DIGITS = 18


def whole(text: str) -> int | None:
    """The number that a text of digits names; None when it is none, or too long."""
    fits = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    return int(text) if fits else None


class BadRequest(Exception):
    """The request cannot be read; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file of a form."""

    name: str
    content: bytes = field(repr=False)


class Form:
    """A submitted form: values in the order of arrival, and its files."""

    def __init__(
        self,
        pairs: tuple[tuple[str, str], ...] = (),
        files: tuple[tuple[str, SentFile], ...] = (),
    ) -> None:
        self.pairs = pairs
        self.files = files

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self.pairs)

    def get(self, name: str, default: str = "") -> str:
        """The last value of that name, as PHP reads it."""
        return next((v for k, v in reversed(self.pairs) if k == name), default)

    def all(self, name: str) -> list[str]:
        """Every value of that name."""
        return [value for key, value in self.pairs if key == name]

    def file(self, name: str) -> SentFile | None:
        """The last file of that name."""
        return next((f for k, f in reversed(self.files) if k == name), None)


@dataclass(frozen=True, kw_only=True)
class Request:
    """One HTTP request. Header names are lower-case.

    `id` is its number in the journal; `hidden` asks lookups to find nothing.
    """

    method: str
    target: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    remote: str = "127.0.0.1"
    id: int = 0
    hidden: bool = False

    @cached_property
    def path(self) -> str:
        """The path, without the query."""
        return urlsplit(self.target).path

    @cached_property
    def query(self) -> Form:
        """The query's arguments."""
        query = urlsplit(self.target).query
        return Form(tuple(parse_qsl(query, keep_blank_values=True)))

    @cached_property
    def is_local(self) -> bool:
        """Whether it names this machine: a page elsewhere may have a name lead here."""
        try:
            host = urlsplit(f"//{self.headers.get('host', '')}").hostname or ""
            return host == "localhost" or ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False

    @cached_property
    def agent(self) -> str:
        """The client's User-Agent."""
        return self.headers.get("user-agent", "")

    @cached_property
    def content_type(self) -> str:
        """The body's media type, without parameters."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @cached_property
    def form(self) -> Form:
        """The body as a form. Raises `BadRequest` when it is broken."""
        if self.content_type == "multipart/form-data":
            return _multipart(self)
        if self.content_type == "application/x-www-form-urlencoded":
            text = self.body.decode("utf-8", "replace")
            return Form(tuple(parse_qsl(text, keep_blank_values=True)))
        return Form()

    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises `BadRequest`."""
        try:
            value = json.loads(self.body or b"{}")
        except ValueError as exc:
            raise BadRequest(f"The body is not JSON: {exc}") from exc
        if not isinstance(value, dict):
            raise BadRequest("The body must be a JSON object.")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One HTTP answer."""

    status: int = 200
    body: bytes = field(default=b"", repr=False)
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()


def json_response(
    value: Any, status: int = 200, headers: tuple[tuple[str, str], ...] = ()
) -> Response:
    """An answer in JSON."""
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    return Response(status=status, body=body, content_type=JSON, headers=headers)


def html_response(
    text: str, status: int = 200, headers: tuple[tuple[str, str], ...] = ()
) -> Response:
    """An answer for people."""
    return Response(status=status, body=text.encode(), headers=headers)


def redirect(location: str, status: int = 302) -> Response:
    """Send the client elsewhere."""
    return Response(status=status, headers=(("Location", location),))


class _KeepInMemory(MemoryFileUploadHandler):
    """Django's handler, without its size limit: the server bounded the body."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True


def _multipart(request: Request) -> Form:
    meta = {
        "CONTENT_TYPE": request.headers["content-type"],
        "CONTENT_LENGTH": len(request.body),
    }
    try:
        fields, files = MultiPartParser(
            meta, BytesIO(request.body), [_KeepInMemory()], "utf-8"
        ).parse()
    except (MultiPartParserError, SuspiciousOperation) as exc:
        raise BadRequest(f"The form cannot be read: {exc}") from exc
    return Form(
        tuple((name, v) for name, values in fields.lists() for v in values),
        tuple(
            (name, SentFile(name=sent.name or "", content=sent.read()))
            for name, values in files.lists()
            for sent in values
        ),
    )
