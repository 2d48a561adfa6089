"""The clock of a worker: sweeps what is due and asks for signs of life."""

import logging
import time

from django.db import DatabaseError, InterfaceError, close_old_connections

from common.database import AWAY, trouble_of
from common.queue import backlog, enqueue
from config.answers import answers_clean
from releases.services.claims import releases_recover
from releases.services.prepare import releases_sweep
from releases.services.watches import watches_sweep
from uploads.services.clock import Leap
from uploads.services.heartbeat import heartbeat_is_late
from uploads.services.hooking import (
    deliveries_clean,
    deliveries_due,
    delivery_send,
)
from uploads.services.noticing import notices_collect
from uploads.services.notifying import (
    notification_deliver,
    notifications_clean,
    notifications_due,
)
from uploads.services.outage import Outage
from uploads.services.recovery import claims_recover, uploads_sweep
from uploads.services.rules import rules_sweep
from uploads.services.tallying import tallies_are_due
from uploads.services.troubles import troubles_watch

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 1.0
HEARTBEAT_SECONDS = 10.0
WATCH_SECONDS = 10.0
TALLY_SECONDS = 60.0
SAY_AGAIN_SECONDS = 60.0
NOTIFY_TASK = "uploads.tasks.notify"
DELIVER_TASK = "uploads.tasks.deliver"
HEARTBEAT_TASK = "uploads.tasks.heartbeat"
TALLY_TASK = "uploads.tasks.tally"
# Nudges that wait say already that there is something to do.
MOST_WAITING = 50


class Ticker:
    """Runs in the worker's parent process; every host may have one.

    Sweeping costs a few indexed queries. All it does is nudge, and the rows decide
    who works: two tickers do no harm.
    """

    seconds = SWEEP_SECONDS

    def __init__(self) -> None:
        self._heartbeat_at = float("-inf")
        self._watched_at = float("-inf")
        # Workers have other things to do at first; the page needs no tallies.
        self._tallied_at = time.monotonic()
        self._outage = Outage()
        self._leap = Leap()
        self._said = ("", float("-inf"))

    def tick(self) -> None:
        """Do what is due. Whatever fails is tried again at the next tick."""
        try:
            leases = not self._leap.is_recent()
            close_old_connections()
            waiting = backlog()
            if waiting is None or waiting >= MOST_WAITING:
                recover(leases=leases)
            else:
                releases_sweep()
                uploads_sweep(leases=leases)
                watches_sweep()
            if waiting is not None:
                self._heartbeat()
                self._tally()
            self._watch()
            self._outage.over()
        except (DatabaseError, InterfaceError) as exc:
            self._warn(trouble_of(exc) or AWAY, exc)
            self._outage.seen(exc)
        except Exception:
            logger.exception("A sweep failed inside Herald; trying again.")

    def _warn(self, sentence: str, exc: Exception) -> None:
        """Say what is wrong with the database; the same again only once a minute."""
        now = time.monotonic()
        said, at = self._said
        if sentence != said or now - at >= SAY_AGAIN_SECONDS:
            self._said = (sentence, now)
            logger.warning("%s Trying again. (%s)", sentence, exc)

    def _heartbeat(self) -> None:
        now = time.monotonic()
        if now - self._heartbeat_at >= HEARTBEAT_SECONDS:
            self._heartbeat_at = now
            enqueue(HEARTBEAT_TASK)

    def _tally(self) -> None:
        now = time.monotonic()
        if now - self._tallied_at >= TALLY_SECONDS:
            self._tallied_at = now
            if tallies_are_due():
                enqueue(TALLY_TASK)

    def _watch(self) -> None:
        now = time.monotonic()
        if now - self._watched_at >= WATCH_SECONDS:
            self._watched_at = now
            try:
                watch()
            except (DatabaseError, InterfaceError):
                # At once again: a round that had nothing to write proves nothing.
                self._watched_at = float("-inf")
                raise


def watch() -> None:
    """Look for troubles, and see to it that people and programs hear what happened.

    Where workers start nothing, this process delivers the messages itself.
    """
    troubles_watch()
    rules_sweep()
    notices_collect()
    notifications_clean()
    deliveries_clean()
    answers_clean()
    for pk in notifications_due():
        if heartbeat_is_late():
            notification_deliver(pk)
        else:
            enqueue(NOTIFY_TASK, notification_id=pk)
    for pk in deliveries_due():
        if heartbeat_is_late():
            delivery_send(pk)
        else:
            enqueue(DELIVER_TASK, delivery_id=pk)


def recover(*, leases: bool = True) -> None:
    """Free what dead workers held, so that the next one begins with it."""
    releases_recover()
    claims_recover(leases=leases)
