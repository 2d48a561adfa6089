"""What all stand-ins share: memory, journal, faults, the clock and the address."""

import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Protocol

from trackers.sandbox import accounts
from trackers.sandbox.faults import FaultDesk
from trackers.sandbox.journal import Journal
from trackers.sandbox.limits import FixedWindow, SharedCounter
from trackers.sandbox.records import Account, Peer
from trackers.sandbox.store import Store
from trackers.sandbox.web import Request, Response

PEER_LIFETIME = 3600
"""Seconds after which a silent peer no longer counts."""
LARGEST_NUMBER = 10**9
MAX_FAILED_LOGINS = 5
"""Uses of a revoked token before Orpheus bans the address."""


class Voice(Protocol):
    """How one stand-in says no."""

    def refuse(self, action: str, message: str) -> Response:
        """The request is not acceptable; `message` empty: a sentence of the site."""
        ...

    def bad_key(self, action: str) -> Response:
        """The key is not known."""
        ...

    def rate_limited(self, action: str, seconds: int) -> Response:
        """Too many calls; wait `seconds`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Who answers a request. Faults and the journal need a `voice`."""

    site: str
    action: str
    run: Callable[[Request], Response]
    voice: Voice | None = None


@dataclass(slots=True, kw_only=True)
class Options:
    """What can be changed while the sandbox runs.

    `limits` False lifts all rate limits; `browse_lag` is how many seconds an upload
    is missing from `browse`; `peer_interval` is what announces are told to wait.
    """

    limits: bool = True
    browse_lag: float = 0
    peer_interval: int = 300
    banned_image_hosts: tuple[str, ...] = ("banned-images.example",)

    def change(self, changes: dict[str, Any]) -> None:
        """Set some of them. Raises `ValueError` for an unknown name or wrong type."""
        wanted = {option.name: getattr(self, option.name) for option in fields(self)}
        for name, value in changes.items():
            if name not in wanted:
                raise ValueError(
                    f"There is no option {name!r}; choose from {', '.join(wanted)}."
                )
            setattr(self, name, _like(wanted[name], value, name))


def _like(example: Any, value: Any, name: str) -> Any:
    if isinstance(example, tuple) and isinstance(value, list):
        return tuple(str(item) for item in value)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(example, bool):
        fits = isinstance(value, bool)
    else:
        fits = number and 0 <= value <= LARGEST_NUMBER
    if not fits or isinstance(example, tuple):
        raise ValueError(f"{value!r} does not suit the option {name!r}.")
    return type(example)(value)


class World:
    """The one object every stand-in gets."""

    def __init__(
        self,
        folder: Path | None = None,
        *,
        origin: str = "http://127.0.0.1:8700",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.origin = origin
        self.clock = clock
        self.store = Store(folder)
        self.journal = Journal(self.store)
        self.faults = FaultDesk(clock)
        self.options = Options()
        self.windows = {
            ("red", "key"): FixedWindow(10, 10, clock),
            ("red", "cookie"): FixedWindow(5, 10, clock),
            ("audnexus", "address"): FixedWindow(100, 60, clock),
        }
        self.counter = SharedCounter(clock)
        self.failed_logins = 0
        self.downloads: dict[tuple[str, int, int], int] = {}
        accounts.ensure_defaults(self.store)

    def reset(self) -> None:
        """Back to the first day: no uploads, faults or requests; default members."""
        self.store.empty()
        self.faults.clear()
        self.counter.clear()
        for window in self.windows.values():
            window.clear()
        self.options = Options()
        self.failed_logins = 0
        self.downloads.clear()
        accounts.ensure_defaults(self.store)

    def announce_url(self, account: Account) -> str:
        """Where this member's torrent client reports."""
        return f"{self.origin}/announce/{account.site}/{account.passkey}"

    def peers(self, site: str, infohash: str) -> list[Peer]:
        """Who is in the swarm now."""
        since = self.clock() - PEER_LIFETIME
        return self.store.peers(site, infohash, since)

    @property
    def address_banned(self) -> bool:
        """Whether too many revoked tokens were tried on Orpheus."""
        return self.failed_logins >= MAX_FAILED_LOGINS
