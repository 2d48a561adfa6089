"""Spacing of requests to one service, within one process."""

import threading
import time
from collections.abc import Callable


class Pacer:
    """Keeps a short distance between requests and remembers an exhausted budget.

    Short waits happen here; a long one is only reported, by `blocked_for`, because a
    worker must not sleep. One instance per service may be shared by its users.
    """

    def __init__(
        self,
        *,
        interval: float = 0.15,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval = interval
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._next = 0.0
        self._blocked_until = 0.0

    def blocked_for(self) -> float:
        """Seconds until the service accepts requests again; 0 when it does now."""
        return max(0.0, self._blocked_until - self._clock())

    def block(self, seconds: float) -> None:
        """Note that the service wants no request for so many seconds."""
        self._blocked_until = max(self._blocked_until, self._clock() + seconds)

    def wait(self) -> None:
        """Wait for a turn; threads that share the pacer stand in line."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + self._interval
        if turn > now:
            self._sleep(turn - now)
