"""How often a member may call, as each site counts it."""

import math
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass


@dataclass(slots=True)
class _Window:
    ends_at: float
    count: int


class FixedWindow:
    """At most `rate` calls in `seconds`, counted from the first call of a window."""

    def __init__(self, rate: int, seconds: int, clock: Callable[[], float]) -> None:
        self.rate = rate
        self.seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[Hashable, _Window] = {}

    def call(self, who: Hashable) -> tuple[int, int]:
        """Count a call: (calls left after it, whole seconds to the window's end).

        The number left is -1 when the call is one too many.
        """
        now = self._clock()
        with self._lock:
            window = self._windows.get(who)
            if window is None or now >= window.ends_at:
                window = self._windows[who] = _Window(now + self.seconds, 0)
            window.count += 1
            left = max(self.rate - window.count, -1)
            return left, max(1, math.ceil(window.ends_at - now))

    def clear(self) -> None:
        """Start anew for everyone."""
        with self._lock:
            self._windows.clear()


class SharedCounter:
    """Orpheus' counter: one per member, shared by all limited actions.

    It lives as long as the action that made it says, starts at 0 on the first call,
    and refuses when the value it read *exceeds* the rate: the eighth call of 5 / 10 s.
    """

    RATES = {
        "browse": (5, 10),
        "add_tag": (10, 20),
        "torrentgroup": (15, 60),
        "artist": (15, 30),
        "user": (4, 60),
        "collage": (5, 60),
        "requests": (5, 60),
    }

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[int, _Window] = {}

    def allows(self, user_id: int, action: str) -> bool:
        """Count a call of an action; actions without a rate always pass."""
        if action not in self.RATES:
            return True
        rate, seconds = self.RATES[action]
        now = self._clock()
        with self._lock:
            window = self._windows.get(user_id)
            if window is None or now >= window.ends_at:
                self._windows[user_id] = _Window(now + seconds, 0)
                return True
            seen, window.count = window.count, window.count + 1
            return seen <= rate

    def clear(self) -> None:
        """Start anew for everyone."""
        with self._lock:
            self._windows.clear()
