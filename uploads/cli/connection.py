"""The way to a Herald elsewhere: one token, one address, and patience."""

import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import requests

from common.errors import AppError

CONNECT_S, READ_S = 10.0, 60.0
PATIENCE_S = 60.0
PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
# The server, or what stands before it, is away for a moment.
AWAY = (502, 503, 504)
REDIRECTS = (301, 302, 303, 307, 308)


class ServerUnreachable(AppError):
    """The server does not answer, and was waited for."""

    code = "server_unreachable"


class Connection:
    """Calls of one person to one server.

    A call whose answer got lost is made again for PATIENCE_S seconds; `repeated` says
    so of the last one. `on_lost` hears a sentence once for each time the server is away.
    """

    def __init__(
        self,
        server: str,
        token: str,
        *,
        on_lost: Callable[[str], None],
        patience: float = PATIENCE_S,
    ) -> None:
        """Raises AppError for an address or a token that cannot be one."""
        parts = urlsplit(server)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise AppError(
                "Give the server's address with http:// or https://, such as "
                "https://herald.example.",
                code="server_invalid",
            )
        if parts.username or parts.password or parts.query:
            raise AppError(
                "The server's address holds more than an address. Give it without "
                "user name, password and question mark; the token says who you are.",
                code="server_invalid",
            )
        if not token or not token.isascii() or not token.isprintable():
            raise AppError(
                "There is no usable token. Put one into HERALD_TOKEN, or into a file "
                "that --token-file names; docs/api.md says where it comes from.",
                code="token_missing",
            )
        self.repeated = False
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._base = f"{self._origin}{parts.path.rstrip('/')}/api/"
        self._on_lost = on_lost
        self._patience = patience
        self._met = False
        self._session = requests.Session()
        self._session.trust_env = False  # no password of a .netrc instead of the token
        self._session.headers["Authorization"] = f"Token {token}"
        self._session.headers["Accept"] = "application/json"

    def call(
        self, method: str, path: str, body: Any = None, *, done: Sequence[str] = ()
    ) -> Any:
        """What the server answers, decoded; None for nothing.

        `path` is below /api/, or a link that the server gave. `done` are codes of
        refusals that mean, to a call made again, that the first one was heard: None.
        Raises AppError as the server words it, ServerUnreachable after PATIENCE_S.
        """
        address = self._address(path)
        self.repeated = False
        until = time.monotonic() + (self._patience if self._met else 0.0)
        while True:
            try:
                answer = self._once(method, address, body)
            except requests.RequestException as exc:
                lost = type(exc).__name__
            else:
                if answer.status_code == 429:
                    time.sleep(_seconds(answer))
                    continue
                if answer.status_code not in AWAY:
                    self._met = True
                    return self._read(answer, done)
                lost = f"HTTP {answer.status_code}"
            if time.monotonic() >= until:
                raise self._unreachable(lost)
            if not self.repeated:
                self._on_lost(
                    f"The connection to {self._origin} was lost ({lost}); trying again."
                )
            self.repeated = True
            time.sleep(PAUSE_S)

    def _address(self, path: str) -> str:
        """Never another host than ours, whatever a link says."""
        if "://" not in path:
            return f"{self._base}{path}"
        parts = urlsplit(path)
        return f"{self._origin}{parts.path}?{parts.query}"

    def _once(self, method: str, address: str, body: Any) -> requests.Response:
        return self._session.request(
            method,
            address,
            json=body,
            timeout=(CONNECT_S, READ_S),
            allow_redirects=False,
        )

    def _read(self, answer: requests.Response, done: Sequence[str]) -> Any:
        if answer.status_code in REDIRECTS:
            raise AppError(
                f"{self._origin} sends us on to "
                f"{answer.headers.get('Location', 'elsewhere')[:200]}. Give that "
                "address if you trust it.",
                code="server_moved",
            )
        if answer.status_code == 204:
            return None
        try:
            value = answer.json()
            if answer.ok:
                return value
            code, message = str(value["code"]), str(value["message"])
        except (ValueError, KeyError, TypeError) as exc:
            raise AppError(
                f"What answers at {self._base} is not Herald (HTTP "
                f"{answer.status_code}). Check the address.",
                code="server_strange",
            ) from exc
        if self.repeated and code in done:
            return None
        raise AppError(_worded(message, value), code=code, extra=value.get("extra"))

    def _unreachable(self, lost: str) -> ServerUnreachable:
        if not self._met:
            return ServerUnreachable(
                f"{self._origin} cannot be reached ({lost}). Check the address, and "
                "whether Herald runs there."
            )
        return ServerUnreachable(
            f"{self._origin} does not answer any more ({lost}). What was approved goes "
            "on there. Give the same command again: nothing is sent twice."
        )


def _worded(message: str, answer: dict[str, Any]) -> str:
    """The server's sentence, with the fields it complains of."""
    fields = (answer.get("extra") or {}).get("fields")
    if not isinstance(fields, dict):
        return message
    told = [
        f"{name}: {' '.join(map(str, said)) if isinstance(said, list) else said}"
        for name, said in fields.items()
    ]
    return " ".join([message, *told])


def _seconds(answer: requests.Response) -> float:
    """How long the server asks us to wait."""
    text = answer.headers.get("Retry-After", "")
    return min(float(text) if text.isdecimal() else PAUSE_S, LONGEST_PAUSE_S)
