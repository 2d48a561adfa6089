"""How many preparations this machine's workers do at a time: all but one.

Hashing a large release takes hours. The worker that is left sends, settles and follows
meanwhile; a worker alone does one after the other.
"""

import fcntl
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.conf import settings


@contextmanager
def preparation_place() -> Iterator[bool]:
    """Hold one of the places; gives False when all are taken.

    A place is a locked file: the system frees it whatever becomes of the process.
    """
    place = _take()
    try:
        yield place is not None
    finally:
        if place is not None:
            place.close()


def _take() -> IO[bytes] | None:
    host = socket.gethostname().replace("/", "-")
    for n in range(max(1, settings.Q_CLUSTER["workers"] - 1)):
        file = (settings.DATA_DIR / f".preparing-{host}-{n}").open("wb")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
        else:
            return file
    return None
