"""What an action of a Gazelle site works with."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from trackers.sandbox.gazelle.dialects import Dialect
from trackers.sandbox.gazelle.envelope import Envelope, Refusal
from trackers.sandbox.records import Account, Torrent
from trackers.sandbox.store import Store
from trackers.sandbox.web import Request, Response, whole
from trackers.sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One admitted request, and everything needed to answer it."""

    world: World
    dialect: Dialect
    envelope: Envelope
    request: Request
    account: Account

    @property
    def store(self) -> Store:
        """The site's memory."""
        return self.world.store

    @property
    def slug(self) -> str:
        """The site's short name."""
        return self.dialect.slug

    def success(self, response: Any) -> Response:
        """Answer that it went well."""
        return self.envelope.success(self.request.query.get("action"), response)

    def argument(self, name: str) -> str:
        """An argument of the query, "" when absent."""
        return self.request.query.get(name)

    def number(self, name: str) -> int | None:
        """A numeric argument, or None when it is absent or no number."""
        return whole(self.argument(name))

    def find(self, *, not_found: str = "") -> Torrent:
        """The torrent named by `id` or `hash`. Raises `Refusal` in the site's words."""
        by_hash = "hash" in self.request.query
        if self.slug == "ops" and by_hash and "id" in self.request.query:
            raise Refusal(not_found or "bad parameters")
        found = self._by_hash() if by_hash else self._by_id()
        if found is None or self.request.hidden:
            if self.slug == "ops":
                raise Refusal(not_found or "bad parameters")
            kind = "hash" if by_hash else "id"
            raise Refusal(f"bad {kind} parameter")
        return found

    def _by_id(self) -> Torrent | None:
        number = self.number("id")
        return None if number is None else self.store.torrent(self.slug, number)

    def _by_hash(self) -> Torrent | None:
        wanted = self.argument("hash")
        if wanted != wanted.upper():
            return None
        return self.store.torrent_by_hash(self.slug, wanted.lower())


def stamp(moment: float) -> str:
    """A time as the sites write it: `YYYY-MM-DD HH:MM:SS`, UTC."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S")
