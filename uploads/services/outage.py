"""A database that takes no writes: told at once past its rows, written down later.

The usual way of a trouble is a row, and a message is another one. Neither can be
written now, so the process that watches over the workers reads who wants to hear of
troubles, and tells them itself.
"""

import logging
import time
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction
from django.urls import reverse

from common import clock
from common.database import takes_no_writes, trouble_of
from uploads.models import NotificationTarget, Trouble
from uploads.notices import Notice, message
from uploads.services.noticing import notices_queue, trouble_notice
from uploads.services.notifying import send

logger = logging.getLogger(__name__)

# A moment's refusal is nothing to tell.
LASTING_SECONDS = 10.0


class Outage:
    """What one supervising process saw of it; `seen` and `over` are asked each round."""

    def __init__(self) -> None:
        self._began: float | None = None  # monotonic seconds
        self._since: datetime | None = None
        self._sentence = ""  # what people were told

    def seen(self, exc: Exception) -> None:
        """Work failed with `exc`. Tells people, once, when that goes on."""
        if not takes_no_writes(exc):
            return
        if self._began is None:
            self._began, self._since = time.monotonic(), clock.now()
        elif not self._sentence and time.monotonic() - self._began >= LASTING_SECONDS:
            self._sentence = trouble_of(exc)
            self._tell()

    def over(self) -> None:
        """Work went well. What was told of is written down, and told to be over."""
        if self._sentence:
            with transaction.atomic():
                row = Trouble.objects.create(
                    code="database_writes",
                    message=self._sentence,
                    ended_at=clock.now(),
                )
                Trouble.objects.filter(pk=row.pk).update(since=self._since)
                notices_queue([trouble_notice(row, "trouble_over")])
        self._began, self._since, self._sentence = None, None, ""

    def _tell(self) -> None:
        notice = Notice(
            event="trouble", subject=self._sentence, path=reverse("admin:index")
        )
        title, body = message("trouble", [notice], base=settings.HERALD_URL)
        try:
            targets = [
                one
                for one in NotificationTarget.objects.filter(
                    is_active=True, user__is_active=True
                )
                if "trouble" in one.events
            ]
        except (DatabaseError, InterfaceError):
            return  # it does not even answer
        for target in targets:
            error = send(target, title, body)
            if error:
                logger.warning("%s could not be told: %s", target.name, error)
