"""The JSON around every answer, and each site's ways of saying no."""

from typing import Any

from trackers.sandbox.gazelle.dialects import Dialect
from trackers.sandbox.web import Response, json_response, redirect

RATE_LIMIT_SENTENCE = "Rate limit exceeded"
BAD_KEY = {"red": "bad credentials", "ops": "invalid token"}
_INFO_VERSIONS = {"browse": 2, "torrent": 5, "torrentgroup": 2}


class Refusal(Exception):
    """The site refuses: its sentence, and the status where it uses them.

    `bare` leaves `response` out of Orpheus' envelope, as its login code does.
    """

    def __init__(
        self,
        sentence: str,
        *,
        status: int = 400,
        bare: bool = False,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.bare = bare
        self.retry_after = retry_after


class NotLoggedIn(Exception):
    """Neither key nor cookie: the client is sent to the login page."""


class Envelope:
    """Answers in the way of one site. Also its `Voice` for planned faults."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect

    def success(self, action: str, response: Any) -> Response:
        """The request was carried out."""
        return json_response(self._around(action, "success", response=response))

    def failure(self, action: str, refusal: Refusal) -> Response:
        """The request was refused."""
        content: dict[str, Any] = {"error": refusal.sentence}
        if self._dialect.has_info and not refusal.bare:
            content["response"] = []
        status = refusal.status if self._dialect.uses_statuses else 200
        headers: tuple[tuple[str, str], ...] = ()
        if refusal.retry_after is not None and self._dialect.uses_statuses:
            headers = (("Retry-After", str(refusal.retry_after)),)
        return json_response(
            self._around(action, "failure", **content), status, headers
        )

    def to_login(self) -> Response:
        """Send the client to the login page."""
        return redirect("login.php")

    def refuse(self, action: str, message: str) -> Response:
        """A refusal on command."""
        return self.failure(
            action, Refusal(message or "Please select a valid category.")
        )

    def bad_key(self, action: str) -> Response:
        """The answer to an unknown key."""
        return self.failure(action, unknown_key(self._dialect))

    def rate_limited(self, action: str, seconds: int) -> Response:
        """The answer to one call too many."""
        return self.failure(
            action, Refusal(RATE_LIMIT_SENTENCE, status=429, retry_after=seconds)
        )

    def _around(self, action: str, status: str, **content: Any) -> dict[str, Any]:
        whole = {"status": status, **content}
        if self._dialect.has_info:
            version = _INFO_VERSIONS.get(action, 1)
            whole["info"] = {"source": self._dialect.name, "version": version}
        return whole


def unknown_key(dialect: Dialect) -> Refusal:
    """What a site says to a key it does not know."""
    return Refusal(BAD_KEY[dialect.slug], status=401, bare=True)
