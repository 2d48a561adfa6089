"""Work in threads of this process, for as long as the command runs."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from common import clock
from common.worker import is_dead
from uploads.models import Heartbeat, Upload
from uploads.services.lanes import holds_end
from uploads.services.recovery import claims_recover
from uploads.services.running import uploads_work
from uploads.services.seeding import FOLLOWED, clients_return, seeding_follow
from uploads.services.settling import upload_settle
from uploads.states import UploadStatus

logger = logging.getLogger(__name__)

SENDERS = 4
SEND_SECONDS = 0.25
LOOK_SECONDS = 0.5


def somebody_works() -> bool:
    """Whether a worker showed signs of life lately and is not known to have died."""
    since = clock.now() - timedelta(seconds=settings.HEARTBEAT_LATE_SECONDS)
    workers = Heartbeat.objects.filter(seen_at__gte=since)
    names = workers.values_list("worker", flat=True)
    return any(is_dead(name) is not True for name in names)


class BackgroundCall:
    """One call in a thread. What it raises is logged; `failed` then says so."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self.failed = False
        self._call = call
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def is_over(self) -> bool:
        """Whether the call has returned."""
        return not self._thread.is_alive()

    def wait(self) -> None:
        """Wait until it has."""
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            self._call()
        except Exception:
            self.failed = True
            logger.exception("An error inside Herald")
        finally:
            connection.close()


class LocalWorker:
    """Does the workers' part in this process while no worker is about.

    As a context manager it does nothing until `start`; leaving it waits until what is
    being sent is answered.
    """

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._threads: list[BackgroundCall] = []

    def __enter__(self) -> "LocalWorker":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.wait()

    @property
    def works(self) -> bool:
        """Whether it was started."""
        return bool(self._threads)

    def start(self) -> None:
        """Begin to send, to settle and to follow the seeding."""
        steps = [(uploads_work, SEND_SECONDS)] * SENDERS + [(_look, LOOK_SECONDS)]
        self._threads = [
            BackgroundCall(lambda step=step, pause=pause: self._repeat(step, pause))  # type: ignore[misc]
            for step, pause in steps
        ]
        for thread in self._threads:
            thread.start()

    def _repeat(self, step: Callable[[], Any], pause: float) -> None:
        while not self._stop.wait(pause):
            try:
                step()
            except Exception:
                # A database that is away, say: the next round tries again.
                logger.exception("An error inside Herald")


def _look() -> None:
    claims_recover()
    holds_end()
    clients_return()
    for pk in _ids(status=UploadStatus.UNKNOWN):
        upload_settle(pk)
    now = clock.now()
    for pk in _ids(
        status=UploadStatus.SUCCESS, seeding__in=FOLLOWED, seeding_due_at__lte=now
    ):
        seeding_follow(pk)


def _ids(**conditions: Any) -> list[int]:
    return list(Upload.objects.filter(**conditions).values_list("pk", flat=True)[:50])
