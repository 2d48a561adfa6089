"""Outgoing HTTP: sessions with timeouts, a size limit and redacted errors.

A session belongs to one site and one thread. It never sends a POST twice; whether a
failed one may have arrived is what `transport_failure` tells.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import TracebackType
from typing import Any, Literal

import requests
from django.conf import settings
from requests import exceptions as high
from requests.adapters import HTTPAdapter
from urllib3 import exceptions as low
from urllib3.util.retry import Retry

from common.errors import AppError
from common.redact import is_secret_name, redact

CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0
MAX_BYTES = 32 * 1024 * 1024
_CHUNK = 64 * 1024
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_WORTH_REPEATING = frozenset({502, 503, 504})

TransportFailure = Literal["not_sent", "maybe_sent"]


class ResponseTooLarge(AppError, requests.RequestException):
    """The site sent more than we are willing to read."""

    code = "response_too_large"


class MethodAdapter(HTTPAdapter):
    """Repeats reading requests as told, and nothing else, ever."""

    def __init__(self, get_retries: int) -> None:
        super().__init__(max_retries=0)
        self._reading = HTTPAdapter(
            max_retries=Retry(
                get_retries,
                allowed_methods=_READING,
                status_forcelist=_WORTH_REPEATING,
                backoff_factor=0.5,
                raise_on_status=False,
                respect_retry_after_header=False,  # how long to wait is our decision
            )
        )

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """As in requests."""
        if request.method in _READING:
            return self._reading.send(request, *args, **kwargs)
        return super().send(request, *args, **kwargs)

    def close(self) -> None:
        """Closes both pools."""
        self._reading.close()
        super().close()


class HeraldSession(requests.Session):
    """A requests session whose defaults hold for prepared requests as well.

    Unless the caller says otherwise each request has timeouts, only reading requests
    follow redirects, and a body is read up to `max_bytes` (after decompression).
    `.netrc` and proxy variables are not looked at. Error texts are redacted.
    """

    def __init__(self, timeout: tuple[float, float], max_bytes: int) -> None:
        super().__init__()
        self.trust_env = False
        self._timeout = timeout
        self._read_body = partial(_read_body, limit=max_bytes)

    def request(  # type: ignore[override]
        self, method: str, url: str, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """As in requests, with this session's defaults."""
        kwargs.setdefault("allow_redirects", method.upper() in _READING)
        with redacted_errors():
            return super().request(method, url, *args, **kwargs)

    def send(
        self, request: requests.PreparedRequest, **kwargs: Any
    ) -> requests.Response:
        """As in requests, with this session's defaults."""
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = self._timeout
        kwargs.setdefault("allow_redirects", request.method in _READING)
        request.headers.setdefault("User-Agent", str(self.headers["User-Agent"]))
        if self._read_body not in request.hooks["response"]:
            request.hooks["response"].append(self._read_body)
        with redacted_errors():
            try:
                return super().send(request, **kwargs)
            except low.LocationValueError as exc:
                # Of a host's name that no resolver takes; requests lets it through.
                raise high.InvalidURL(str(exc), request=request) from exc

    def rebuild_auth(
        self, prepared_request: requests.PreparedRequest, response: requests.Response
    ) -> None:
        """On a redirect to another host no secret header goes along."""
        super().rebuild_auth(prepared_request, response)  # type: ignore[no-untyped-call]
        old, new = response.request.url, prepared_request.url
        if self.should_strip_auth(old, new):  # type: ignore[no-untyped-call]
            names = [one for one in prepared_request.headers if is_secret_name(one)]
            for name in names:
                del prepared_request.headers[name]


def build_session(
    *,
    connect_seconds: float = CONNECT_SECONDS,
    read_seconds: float = READ_SECONDS,
    max_bytes: int = MAX_BYTES,
    get_retries: int = 0,
) -> HeraldSession:
    """A session with an honest User-Agent.

    Seconds limit the connect, and each silence while an answer is awaited or read.
    """
    session = HeraldSession((connect_seconds, read_seconds), max_bytes)
    session.headers["User-Agent"] = user_agent()
    for prefix in ("http://", "https://"):
        session.mount(prefix, MethodAdapter(get_retries))
    return session


def user_agent() -> str:
    """`Herald/<version>`, and who runs it when HERALD_CONTACT says so."""
    contact = settings.HERALD_CONTACT
    return f"Herald/{settings.HERALD_VERSION}" + (f" ({contact})" if contact else "")


def read_capped(response: requests.Response, limit: int) -> bytes:
    """The body, decompressed; ResponseTooLarge as soon as it passes `limit` bytes.

    `response.content`, `.text` and `.json()` give the same body afterwards.
    """
    with redacted_errors():
        declared = response.headers.get("Content-Length", "")
        if declared.isdecimal() and int(declared) > limit:
            raise _too_large(response, limit)
        body = bytearray()
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > limit:
                raise _too_large(response, limit)
    content = bytes(body)
    response._content = content
    return content


def transport_failure(exc: BaseException) -> TransportFailure:
    """Whether a failed request certainly never reached the site.

    `not_sent` for a refused or timed-out connect, an unknown name, a failed TLS
    handshake, and what is wrong before any of these. All else, and every doubt, is
    `maybe_sent`: a read timeout, a reset, a broken or too large answer.
    """
    for one in _causes(exc):
        if getattr(one, "response", None) is not None:
            return "maybe_sent"
        if _happens_before_sending(one):
            return "not_sent"
    return "maybe_sent"


@contextmanager
def redacted_errors() -> Iterator[None]:
    """Removes secrets from the texts of HTTP errors that pass through."""
    try:
        yield
    except (requests.RequestException, low.HTTPError, ValueError) as exc:
        _redact_error(exc)
        raise


_BEFORE_SENDING = (
    high.ConnectTimeout,
    high.ProxyError,
    high.InvalidURL,
    high.MissingSchema,
    high.InvalidSchema,
    low.ConnectTimeoutError,
    low.NewConnectionError,
    low.LocationValueError,
    low.ProxyError,
    ssl.SSLCertVerificationError,
)


def _happens_before_sending(exc: BaseException) -> bool:
    if isinstance(exc, _BEFORE_SENDING):
        return True
    return isinstance(exc, OSError) and _is_in_handshake(exc.__traceback__)


def _is_in_handshake(trace: TracebackType | None) -> bool:
    """TLS errors look alike before and after the request has left, frames do not."""
    while trace is not None:
        if trace.tb_frame.f_code is ssl.SSLSocket.do_handshake.__code__:
            return True
        trace = trace.tb_next
    return False


def _causes(exc: BaseException, *, contexts: bool = False) -> Iterator[BaseException]:
    """The exception and what it wraps, outermost first.

    Without `contexts`: these may be older failures, which somebody was just handling.
    """
    seen: set[int] = set()
    waiting = [exc]
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = [*one.args, getattr(one, "reason", None), one.__cause__]
        if contexts:
            inner.append(one.__context__)
        waiting.extend(found for found in inner if isinstance(found, BaseException))


def _redact_error(exc: BaseException) -> None:
    """Rewrites the texts in an error, and in all that led to it."""
    for one in _causes(exc, contexts=True):
        one.args = tuple(
            redact(part) if isinstance(part, str) else part for part in one.args
        )
        for name in ("url", "location"):
            if isinstance(text := getattr(one, name, None), str):
                setattr(one, name, redact(text))


def _read_body(
    response: requests.Response, *, limit: int, stream: bool = False, **_: Any
) -> None:
    """The hook that reads each body the caller does not stream."""
    if not stream or response.is_redirect:
        read_capped(response, limit)


def _too_large(response: requests.Response, limit: int) -> ResponseTooLarge:
    response.close()
    return ResponseTooLarge(
        f"The answer of {redact(response.url.partition('?')[0])} is larger than "
        f"{limit:,} bytes and was not read. Check that this is the right address.",
        extra={"limit": limit},
    )
