"""Failures on command: which ones there are, and which one is next."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

ANY = "*"
LONGEST_S = 86_400
LOOKUPS = frozenset({"torrent", "torrentgroup", "browse", "user_torrents"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultKind:
    """One way to fail. `acts`: the request is carried out before the failure."""

    name: str
    label: str
    acts: bool = False


KINDS = {
    kind.name: kind
    for kind in (
        FaultKind(name="refuse", label="Refuse in the site's own words"),
        FaultKind(name="forbidden", label="403 with an HTML page"),
        FaultKind(name="bad-key", label="Say that the key is wrong"),
        FaultKind(name="rate-limit", label="Rate limit, in the site's own way"),
        FaultKind(name="429", label="429 with Retry-After"),
        FaultKind(name="429-date", label="429 with Retry-After as a date"),
        FaultKind(name="server-error", label="500 HTML, nothing stored"),
        FaultKind(name="server-error-after", label="Store, then 500 HTML", acts=True),
        FaultKind(name="maintenance", label="503 maintenance page"),
        FaultKind(name="html", label="200 with HTML, nothing stored"),
        FaultKind(name="html-after", label="Store, then 200 with HTML", acts=True),
        FaultKind(name="empty", label="200 with nothing, nothing stored"),
        FaultKind(name="empty-after", label="Store, then 200 with nothing", acts=True),
        FaultKind(name="slow", label="Store, then let the client wait", acts=True),
        FaultKind(name="drop-before", label="Hang up before storing"),
        FaultKind(name="drop-after", label="Store, then hang up", acts=True),
        FaultKind(name="cut", label="Store, then end in mid-answer", acts=True),
        FaultKind(name="reset", label="Store, then reset in mid-answer", acts=True),
        FaultKind(name="half-body", label="Reset after half of the request"),
        FaultKind(name="stall", label="Stop reading in mid-request, then go on"),
        FaultKind(name="hide", label="Hide uploads from lookups", acts=True),
    )
}


class UnknownFault(ValueError):
    """There is no fault of that name; the message lists those there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A failure that is waiting for its request.

    `times` left before it is spent, None until cleared. `seconds` is the wait of
    `slow` and `stall`, the Retry-After of the rate limits, and how long `hide` lasts
    (0: until spent or cleared). `message` replaces the sentence of `refuse`.
    """

    id: int
    site: str
    action: str
    fault: str
    times: int | None = 1
    seconds: float = 0
    message: str = ""
    status: int = 0
    set_at: float = 0

    def fits(self, site: str, action: str) -> bool:
        """Whether this request is the one to fail."""
        if self.fault == "hide" and action not in LOOKUPS:
            return False
        return self.site in (ANY, site) and self.action in (ANY, action)


class FaultDesk:
    """The waiting faults, first come first served; safe to use from many threads."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []
        self._stalled: dict[int, threading.Event] = {}
        self._last_id = 0

    def add(
        self,
        *,
        site: str,
        fault: str,
        action: str = ANY,
        times: int | None = 1,
        seconds: float = 0,
        message: str = "",
        status: int = 0,
    ) -> Fault:
        """Plan a failure; `times` None or 0 keeps it until cleared."""
        if fault not in KINDS:
            raise UnknownFault(
                f"There is no fault called {fault!r}; choose from {', '.join(KINDS)}."
            )
        if not 0 <= seconds <= LONGEST_S:
            raise ValueError(f"seconds is from 0 to {LONGEST_S:,}.")
        with self._lock:
            self._last_id += 1
            planned = Fault(
                id=self._last_id,
                site=site,
                action=action,
                fault=fault,
                times=times or None,
                seconds=seconds,
                message=message,
                status=status,
                set_at=self._clock(),
            )
            self._waiting.append(planned)
            return planned

    def take(self, site: str, action: str) -> Fault | None:
        """The fault for this request, if any; counts down its `times`."""
        with self._lock:
            self._drop_expired()
            for index, fault in enumerate(self._waiting):
                if not fault.fits(site, action):
                    continue
                if fault.times is not None:
                    if fault.times > 1:
                        left = replace(fault, times=fault.times - 1)
                        self._waiting[index] = left
                    else:
                        del self._waiting[index]
                if fault.fault == "stall":
                    self._stalled.setdefault(fault.id, threading.Event())
                return fault
        return None

    def cleared(self, fault_id: int) -> threading.Event:
        """What is set once this stall is cleared."""
        with self._lock:
            return self._stalled[fault_id]

    def list(self) -> list[Fault]:
        """The faults still waiting."""
        with self._lock:
            self._drop_expired()
            return list(self._waiting)

    def clear(self, fault_id: int | None = None) -> None:
        """Forget one fault, or all."""
        with self._lock:
            self._waiting = [
                fault
                for fault in self._waiting
                if fault_id is not None and fault.id != fault_id
            ]
            for stalled, event in self._stalled.items():
                if fault_id in (None, stalled):
                    event.set()

    def _drop_expired(self) -> None:
        now = self._clock()
        self._waiting = [
            fault
            for fault in self._waiting
            if fault.fault != "hide"
            or not fault.seconds
            or now < fault.set_at + fault.seconds
        ]
