"""One qBittorrent: logging in, threads, and its failures in our words."""

import hashlib
import os
import threading
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import qbittorrentapi
from qbittorrentapi import exceptions as theirs
from requests import exceptions as requests_errors

from releases.clients import words
from releases.clients.answers import web_api_version
from releases.clients.errors import (
    ClientAddressWrong,
    ClientBanned,
    ClientHostRejected,
    ClientLoginFailed,
    ClientRefused,
    ClientTooOld,
    ClientTorrentMissing,
    ClientUnreachable,
)

T = TypeVar("T")
CONNECT_SECONDS = 3.05
READ_SECONDS = 15.0

# Logins this process saw refused. Each further try would be one more failed login, and
# five of them ban the machine's address for an hour.
_refused: set[bytes] = set()
_process_key = os.urandom(32)


class Connection:
    """Calls a qBittorrent, with one session per thread.

    `name` is how messages call the client; `url` has no login in it.
    """

    def __init__(
        self,
        url: str,
        username: str,
        password: str,
        *,
        name: str = "",
        verify_tls: bool = True,
    ) -> None:
        self.url = _checked(url)
        self.name = name or f"qBittorrent at {self.url}"
        self._username = username
        self._password = password
        self._verify_tls = verify_tls
        self._threads = threading.local()
        self._fingerprint = hashlib.blake2b(
            "\0".join((self.url, username, password)).encode(), key=_process_key
        ).digest()
        self._version: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"<Connection {self.url}>"

    def call(self, action: Callable[[qbittorrentapi.Client], T]) -> T:
        """Run `action` with this thread's session; raise `ClientError` for failures."""
        if self._fingerprint in _refused:
            raise self._login_failed()
        try:
            return action(self._session())
        except theirs.LoginFailed as exc:
            _refused.add(self._fingerprint)
            raise self._login_failed() from exc
        except theirs.APIError as exc:
            raise self._translated(exc) from exc
        except NotImplementedError as exc:
            raise self.too_old() from exc

    def version(self) -> tuple[int, ...]:
        """The WebAPI's version, asked for once: (2, 11, 4)."""
        if not self._version:
            self._version = web_api_version(
                self.call(lambda api: api.app_web_api_version())
            )
        return self._version

    def log_in_afresh(self) -> None:
        """Try the login even if it was refused before: a person asks for it."""
        self.forget_refusal()
        self.close()
        self.call(lambda api: api.auth_log_in())

    def forget_refusal(self) -> None:
        """Let the login be tried: whoever shares it with other processes knows better
        than this one."""
        _refused.discard(self._fingerprint)

    def asks_for_login(self) -> bool:
        """Whether a request without a session is turned away."""
        api = self._new_session(username="", password="")
        return not api.is_logged_in

    def close(self) -> None:
        """Drop this thread's session."""
        self._threads.__dict__.pop("api", None)

    def too_old(self) -> ClientTooOld:
        """The error for a version that lacks what is asked."""
        return ClientTooOld(self.said(words.TOO_OLD))

    def said(self, text: str, **values: object) -> str:
        """One of the words, about this client."""
        return text % {"client": self.name, **values}

    def _session(self) -> qbittorrentapi.Client:
        api = self._threads.__dict__.get("api")
        if not isinstance(api, qbittorrentapi.Client):
            api = self._new_session(self._username, self._password)
            self._threads.api = api
        return api

    def _new_session(self, username: str, password: str) -> qbittorrentapi.Client:
        arguments: dict[str, Any] = {"timeout": (CONNECT_SECONDS, READ_SECONDS)}
        if not self._verify_tls:
            # Per request: the session's own setting gives way to REQUESTS_CA_BUNDLE.
            arguments["verify"] = False
        return qbittorrentapi.Client(
            host=self.url,
            username=username,
            password=password,
            VERIFY_WEBUI_CERTIFICATE=self._verify_tls,
            FORCE_SCHEME_FROM_HOST=True,
            RAISE_NOTIMPLEMENTEDERROR_FOR_UNIMPLEMENTED_API_ENDPOINTS=True,
            SIMPLE_RESPONSES=True,
            REQUESTS_ARGS=arguments,
            # The library repeats a failed request once by itself; no more than that.
            HTTPADAPTER_ARGS={"max_retries": 0},
        )

    def _login_failed(self) -> ClientLoginFailed:
        return ClientLoginFailed(self.said(words.LOGIN_FAILED))

    def _translated(self, exc: theirs.APIError) -> Exception:
        if isinstance(exc, theirs.HTTPError):
            return self._refusal(exc)
        if isinstance(exc, theirs.APIConnectionError):
            return ClientUnreachable(self.said(_why(exc), seconds=int(READ_SECONDS)))
        return ClientUnreachable(self.said(words.NOT_QBITTORRENT))

    def _refusal(self, exc: theirs.HTTPError) -> Exception:
        if isinstance(exc, theirs.Forbidden403Error):
            if "banned" in str(exc).lower():
                return ClientBanned(self.said(words.BANNED))
            return self._login_failed()
        if isinstance(exc, theirs.Unauthorized401Error):
            return ClientHostRejected(self.said(words.HOST_REJECTED))
        if isinstance(exc, theirs.NotFound404Error):
            return ClientTorrentMissing(self.said(words.NO_SUCH_TORRENT))
        if isinstance(exc, theirs.UnsupportedMediaType415Error):
            return ClientRefused(self.said(words.NO_TORRENT_FILE))
        if isinstance(exc, theirs.HTTP5XXError):
            return ClientUnreachable(self.said(words.SERVER_ERROR))
        return ClientRefused(self.said(words.REFUSED, status=exc.http_status_code))


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        port_fits, parts = False, urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_fits:
        raise ClientAddressWrong(words.ADDRESS_ODD)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ClientAddressWrong(words.ADDRESS_LOGIN)
    return url.strip().rstrip("/")


def _why(exc: BaseException) -> str:
    """What kept the answer away; never quotes the request."""
    causes: list[Any] = [exc.__context__, exc]
    text = " ".join(repr(cause) for cause in causes)
    if any(isinstance(cause, requests_errors.SSLError) for cause in causes):
        return words.CERTIFICATE
    if any(isinstance(cause, requests_errors.ReadTimeout) for cause in causes):
        return words.SILENT
    if any(isinstance(cause, requests_errors.ConnectTimeout) for cause in causes):
        return words.NO_CONNECTION
    if "NameResolution" in text:
        return words.NAME_UNKNOWN
    if "refused" in text:
        return words.NOBODY_THERE
    return words.BROKEN_OFF
