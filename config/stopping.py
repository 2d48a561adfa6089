"""Being told to end, heard even while a database keeps this process waiting.

Python runs a signal's handler between two steps of the main thread, which may be deep
inside a database's library for as long as that likes. The byte that the signal itself
writes is read by a thread; it holds no lock when this process forks.
"""

import os
import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType, TracebackType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stop:
    """Set once SIGTERM or SIGINT came. `last_resort` runs `seconds` after that.

    It does so in a thread, unless the block has ended by then, and the process ends
    with it. Main thread only.
    """

    def __init__(self, seconds: float, last_resort: Callable[[], None]) -> None:
        self._seconds = seconds
        self._last_resort = last_resort
        self._told = threading.Event()
        self._ended = threading.Event()
        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)

    def __enter__(self) -> "Stop":
        for number in SIGNALS:
            signal.signal(number, self._hear)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        signal.set_wakeup_fd(-1)
        self._writer.close()

    def is_set(self) -> bool:
        """Whether this process was told to end."""
        return self._told.is_set()

    def wait(self, seconds: float) -> None:
        """Until it is told to end, at most so many seconds."""
        self._told.wait(seconds)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self._told.set()

    def _listen(self) -> None:
        while number := self._reader.recv(1):
            if number[0] in SIGNALS:
                self._told.set()
                if not self._ended.wait(self._seconds):
                    self._last_resort()
                    os._exit(0)
                break
        self._reader.close()


def not_ours() -> None:
    """Call in a forked process: its signals are no news for the parent."""
    signal.set_wakeup_fd(-1)
