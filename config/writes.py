"""A database that takes no writes: every page says so, and what fails says why.

Such a database still answers questions, so pages go on being shown. What is wrong
cannot be written down then, so each web process looks for itself.
"""

import logging
import shutil
import threading
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from common.database import FULL, takes_no_writes, trouble_of
from uploads.models import EventCursor

logger = logging.getLogger(__name__)

FRESH_SECONDS = 5.0
# That a disk is full outlasts looks, which may be too small to be refused.
TOLD_SECONDS = 30.0
NO_ROOM_BYTES = 2**20


def write_and_forget() -> None:
    """Write a row and take it back. Raises DatabaseError where that is refused."""
    with transaction.atomic():
        EventCursor.objects.create(name=f"probe-{uuid.uuid4().hex}"[:40])
        transaction.set_rollback(True)


class WriteProbe:
    """Why the database takes no writes, looked at once in FRESH_SECONDS at most."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Look anew at the next question."""
        self._trouble = ""
        self._until = float("-inf")

    def trouble(self) -> str:
        """The sentence for people; "" while writes are taken."""
        # Whoever comes while another thread looks takes what was found before.
        if time.monotonic() >= self._until and self._lock.acquire(blocking=False):
            try:
                self._trouble = self._look()
                self._until = time.monotonic() + FRESH_SECONDS
            finally:
                self._lock.release()
        return self._trouble

    def note(self, exc: Exception) -> None:
        """A write was refused: remember a full disk, and look anew at all else."""
        self.forget()
        if trouble_of(exc) == FULL:
            self._trouble = FULL
            self._until = time.monotonic() + TOLD_SECONDS

    def _look(self) -> str:
        try:
            write_and_forget()
        except (DatabaseError, InterfaceError) as exc:
            return trouble_of(exc) if takes_no_writes(exc) else ""
        # SQLite's log may have room of its own for a moment longer.
        return FULL if connection.vendor == "sqlite" and _no_room() else ""


def _no_room() -> bool:
    try:
        return shutil.disk_usage(settings.DATA_DIR).free < NO_ROOM_BYTES
    except OSError:
        return False


probe = WriteProbe()


def database(request: HttpRequest) -> dict[str, object]:
    """For templates: `database_trouble`, looked at only where a page shows it."""
    return {"database_trouble": SimpleLazyObject(_told)}


def _told() -> str:
    trouble = probe.trouble()
    return _(trouble) if trouble else ""


class DatabaseTroubleMiddleware:
    """Answers what a database in trouble kept from being done with one sentence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """As any request."""
        return self._get_response(request)

    def process_exception(
        self, request: HttpRequest, exc: Exception
    ) -> HttpResponse | None:
        """A page with status 503; None for everything that is no such trouble."""
        trouble = trouble_of(exc)
        if not trouble:
            return None
        logger.error("%s %s: %s", request.method, request.path, exc)
        probe.note(exc)
        is_question = request.method in ("GET", "HEAD")
        context = {"trouble": _(trouble), "is_question": is_question}
        return render(request, "503.html", context, status=503)
