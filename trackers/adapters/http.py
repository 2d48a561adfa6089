"""Sending over HTTP: once, on a fresh connection, and told apart when it fails."""

import time
from abc import abstractmethod
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from common.deadlines import (
    CONNECT_TIMEOUT_S,
    UPLOAD_DEADLINE_S,
    UPLOAD_READ_TIMEOUT_S,
)
from common.http import redacted_errors, transport_failure
from trackers.adapters import words
from trackers.adapters.base import TrackerAdapter
from trackers.errors import (
    OutcomeUnknown,
    TrackerConfigError,
    TrackerUnavailable,
)

READ_TIMEOUT_S: Final = 30.0
READ_DEADLINE_S: Final = 90.0
MAX_ANSWER_BYTES: Final = 2 * 1024 * 1024
MAX_TORRENT_BYTES: Final = 16 * 1024 * 1024
MAX_DETAIL_CHARS: Final = 2_000
CHUNK_BYTES: Final = 64 * 1024
# requests lets a few of urllib3's own errors through.
TRANSPORT_ERRORS: Final = (requests.RequestException, urllib3.exceptions.HTTPError)


class AnswerTooLong(requests.RequestException):
    """The answer went past the size or the time we give it."""


class HttpTrackerAdapter(TrackerAdapter):
    """What families on HTTP share: timeouts, bounded reads, transport errors.

    Tests shorten the class attributes; times in seconds.
    """

    connect_timeout: float = CONNECT_TIMEOUT_S
    upload_read_timeout: float = UPLOAD_READ_TIMEOUT_S
    read_timeout: float = READ_TIMEOUT_S
    upload_deadline: float = UPLOAD_DEADLINE_S
    read_deadline: float = READ_DEADLINE_S

    @abstractmethod
    def auth_headers(self) -> dict[str, str]:
        """Return the headers that carry the credential."""

    def address(self, path: str) -> str:
        """Join a path to the site's base URL, which may itself have a path.

        Raises TrackerConfigError when the base URL is not http or https.
        """
        if not self.site.base_url.startswith(("http://", "https://")):
            raise TrackerConfigError(
                words.NO_ADDRESS
                % {"site": self.site.name, "url": repr(self.site.base_url)},
                tracker=self.site.slug,
            )
        return urljoin(self.site.base_url.rstrip("/") + "/", path.lstrip("/"))

    def send_upload(
        self, request: requests.Request, on_sending: Callable[[], None] | None
    ) -> requests.Response:
        """Send the request once; its answer is read whole before it is returned.

        A connection of its own, without any retry: a kept-alive one may have been
        closed by the site just now, and a request that dies on it leaves us not
        knowing whether the site read it.
        """
        prepared = self._prepare(request)
        settings = self._connection_settings(prepared)
        with closing(HTTPAdapter(max_retries=0)) as fresh:
            if on_sending is not None:
                on_sending()
            try:
                with redacted_errors():
                    response = fresh.send(
                        prepared,
                        stream=True,
                        timeout=(self.connect_timeout, self.upload_read_timeout),
                        **settings,
                    )
            except TRANSPORT_ERRORS as exc:
                if transport_failure(exc) == "not_sent":
                    raise self._unreachable(exc) from exc
                raise self._answer_lost(exc) from exc
            try:
                read_bounded(response, MAX_ANSWER_BYTES, self.upload_deadline)
            except TRANSPORT_ERRORS as exc:
                raise self._answer_lost(exc, response.status_code) from exc
        return response

    def read(
        self,
        path: str,
        params: Mapping[str, str],
        *,
        limit: int = MAX_ANSWER_BYTES,
    ) -> requests.Response:
        """GET a page of the site, without following redirects.

        Every transport failure raises TrackerUnavailable.
        """
        request = requests.Request(
            "GET",
            self.address(path),
            params=dict(params),
            headers=self.auth_headers(),
            auth=keep_headers,
        )
        prepared = self._prepare(request)
        try:
            # By the transport that is mounted: the session itself would look into the
            # target of a redirect, and fail on one that is no address.
            transport = self.session.get_adapter(prepared.url or "")
            with redacted_errors():
                response = transport.send(
                    prepared,
                    stream=True,
                    timeout=(self.connect_timeout, self.read_timeout),
                    **self._connection_settings(prepared),
                )
            read_bounded(response, limit, self.read_deadline)
        except TRANSPORT_ERRORS as exc:
            raise self._unreachable(exc) from exc
        return response

    def bounded(self, text: str) -> str:
        """Return what may be kept of a text: without secrets, at most 2,000 chars."""
        return self.hide(text)[:MAX_DETAIL_CHARS]

    def excerpt(self, response: requests.Response) -> str:
        """Return what may be kept of an answer's body."""
        # Secrets are hidden before the cut, so that none is cut in half and kept.
        return self.bounded(response.content.decode("utf-8", "replace"))

    def _prepare(self, request: requests.Request) -> requests.PreparedRequest:
        try:
            return self.session.prepare_request(request)
        except requests.RequestException as exc:
            raise TrackerConfigError(
                words.NO_REQUEST
                % {
                    "site": self.site.name,
                    "why": reason(exc),
                    "url": self.site.base_url,
                },
                tracker=self.site.slug,
            ) from exc

    def _connection_settings(
        self, prepared: requests.PreparedRequest
    ) -> dict[str, Any]:
        """Proxies and certificates, as the session would choose them."""
        found = self.session.merge_environment_settings(
            prepared.url or "", {}, True, None, None
        )
        return {name: found.get(name) for name in ("verify", "cert", "proxies")}

    def _unreachable(self, exc: Exception) -> TrackerUnavailable:
        return TrackerUnavailable(
            words.NOT_REACHED % {"site": self.site.name, "why": reason(exc)},
            tracker=self.site.slug,
            detail=self.bounded(str(exc)),
        )

    def _answer_lost(
        self, exc: Exception, http_status: int | None = None
    ) -> OutcomeUnknown:
        return OutcomeUnknown(
            words.ANSWER_LOST % {"site": self.site.name, "why": reason(exc)},
            tracker=self.site.slug,
            detail=self.bounded(str(exc)),
            http_status=http_status,
        )


def read_bounded(response: requests.Response, limit: int, deadline: float) -> None:
    """Read the whole body into the response; stop at `limit` bytes or `deadline` s.

    Raises AnswerTooLong and what urllib3 raises. A site that sends a byte a minute passes every
    read time-out, so the whole read has a deadline as well.
    """
    started = time.monotonic()
    body = bytearray()
    with closing(response), redacted_errors():
        # read1 returns what there is; iter_content would wait for a full chunk.
        while chunk := response.raw.read1(CHUNK_BYTES, decode_content=True):
            body += chunk
            if len(body) > limit:
                raise AnswerTooLong(f"answer longer than {limit:,} bytes")
            if time.monotonic() - started > deadline:
                raise AnswerTooLong(f"answer not complete after {deadline:g} s")
    # requests offers no way to hand in a body that was read in bounded steps.
    response._content = bytes(body)


def reason(exc: Exception) -> str:
    """Name a transport failure in words that hold no address and no secret."""
    if isinstance(exc, AnswerTooLong):
        return str(exc)
    wrapped = exc.args[0] if exc.args else None
    # requests wraps MaxRetryError, which wraps what really happened.
    causes = (exc, wrapped, getattr(wrapped, "reason", None))
    return next(
        (said for kind, said in REASONS for one in causes if isinstance(one, kind)),
        words.BROKEN_OFF,
    )


# The narrower kinds first.
REASONS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (requests.exceptions.SSLError, words.TLS),
    (requests.exceptions.ProxyError, words.PROXY),
    (requests.exceptions.ConnectTimeout, words.NOT_IN_TIME),
    (requests.exceptions.ReadTimeout, words.NO_ANSWER),
    (urllib3.exceptions.ReadTimeoutError, words.NO_ANSWER),
    (urllib3.exceptions.NameResolutionError, words.NAME),
    (urllib3.exceptions.NewConnectionError, words.NOT_ACCEPTED),
    (requests.exceptions.InvalidURL, words.ADDRESS),
    (requests.exceptions.InvalidHeader, words.HEADER),
)


def keep_headers(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    """Pass as `auth`: keeps requests from putting a .netrc login over our header."""
    return prepared


def same_page(location: str, page: str) -> bool:
    """Tell whether a redirect's target is the site's page of that file name."""
    try:
        path = urlsplit(location).path
    except ValueError:
        return False
    return path.rsplit("/", 1)[-1] == page
