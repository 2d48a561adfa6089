"""Sends many uploads at once from one worker process: they mostly wait for a site.

The threads belong to the process, not to the task that started them. So a task only
fills free threads and ends, and a site that takes minutes to answer keeps no worker
from other work.
"""

import logging
import threading
import time

from django.conf import settings
from django.db import connections

from common.queue import enqueue
from common.worker import is_leaving
from uploads.models import Upload
from uploads.services.approval import SEND_TASK
from uploads.services.claiming import claim_next, next_due
from uploads.services.running import upload_run

logger = logging.getLogger(__name__)

LONGEST_ALARM = 30.0


class Senders:
    """The threads of this process that send; at most settings.UPLOAD_THREADS."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy = 0
        self._alarm: threading.Timer | None = None
        self._alarm_at = 0.0

    def fill(self) -> int:
        """Give due uploads to free threads, the most urgent first; gives how many.

        When that was as many as there are threads, another process is woken.
        """
        started = 0
        while self._take_place():
            upload = None
            try:
                upload = None if is_leaving() else claim_next()
            finally:
                if upload is None:
                    self._free_place()
            if upload is None:
                break
            thread = threading.Thread(
                target=self._send, args=(upload,), name=f"upload-{upload.pk}"
            )
            thread.start()
            started += 1
        else:
            if started:
                enqueue(SEND_TASK)
        self._set_alarm()
        return started

    def _set_alarm(self) -> None:
        """Look again the moment something is due that a tracker's budget holds back.

        The sweep would find it as well, up to a second later.
        """
        seconds = None if is_leaving() else next_due()
        if seconds is None or seconds > LONGEST_ALARM:
            return
        at = time.monotonic() + seconds
        with self._lock:
            if self._alarm is not None:
                if self._alarm_at <= at:
                    return
                self._alarm.cancel()
            self._alarm, self._alarm_at = threading.Timer(seconds, self._ring), at
            self._alarm.daemon = True
            self._alarm.start()

    def _ring(self) -> None:
        with self._lock:
            self._alarm = None
        try:
            self.fill()
        except Exception:
            logger.exception("Looking for due uploads failed; the sweep looks again")
        finally:
            connections.close_all()

    def _send(self, upload: Upload) -> None:
        """Send one upload, and whatever is due when it has ended."""
        following: Upload | None = upload
        try:
            while following is not None:
                upload = following
                upload_run(upload)
                following = None if is_leaving() else claim_next()
            self._set_alarm()
        except Exception:
            # The sweep frees its claim, if it has one, when this process is gone.
            logger.exception("Sending ended early, at or after upload %s", upload.pk)
        finally:
            self._free_place()
            connections.close_all()

    def _take_place(self) -> bool:
        with self._lock:
            if self._busy >= settings.UPLOAD_THREADS:
                return False
            self._busy += 1
            return True

    def _free_place(self) -> None:
        with self._lock:
            self._busy -= 1


_senders = Senders()


def uploads_start() -> int:
    """Let this process's threads send what is due; gives how many uploads began."""
    return _senders.fill()
