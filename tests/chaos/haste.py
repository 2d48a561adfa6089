"""Compressing time in a forked worker: only settings and constants that are waits."""

import importlib
import time
from typing import Any

from django.conf import settings
from django.db import connections
from django_q.conf import Conf

GRACE_SECONDS = 1.0
LOCK_SECONDS = 0.7  # below what a lock lasts here


def _doze(seconds: float) -> None:
    """django-q2's pusher sleeps for 10 s after a failed look at its queue."""
    time.sleep(min(seconds, 0.5))


# A name that does not exist (any more) is an error: its wait would not be shortened.
WAITS: dict[str, Any] = {
    "uploads.retry.FIRST_DELAY": 0.3,
    "trackers.adapters.gazelle.verdicts.SHORTEST_WAIT_S": 0.5,
    "releases.services.client_turns.TURN_SECONDS": 3.0,
    "releases.services.client_turns.TAKEN_SECONDS": 0.2,
    "releases.services.client_turns.HOLDS": (0.2, 0.3),
    "releases.services.client_turns.LONGEST_HOLD": 0.5,
    "uploads.services.seeding.BEHIND_SECONDS": 0.2,
    "uploads.services.seeding.CLAIM_SECONDS": 2.0,
    "uploads.services.seeding.LOOK_DELAYS": (0.2, 0.2, 0.3, 0.5),
    "uploads.services.seeding.LONGEST_DELAY": 0.5,
    "django_q.pusher.sleep": _doze,
    "config.cluster.STALL_SECONDS": 5.0,
    "config.cluster.RESTART_PAUSE": 1.0,
    "config.cluster.LONGEST_PAUSE": 1.0,
    "config.ticker.Ticker.seconds": 0.4,
}
SETTINGS: dict[str, Any] = {
    "SETTLE_LOOKS": [0.2, 0.3, 0.5],
    "CLAIM_LEASE_SECONDS": 4,
}


def hasten() -> None:
    """Shorten this process's waits, and those of all that are forked from it."""
    for name, value in SETTINGS.items():
        getattr(settings, name)
        setattr(settings, name, value)
    for place, value in WAITS.items():
        _replace(place, value)
    Conf.ORM = "default"
    Conf.WORKERS = 2
    Conf.POLL = 0.2
    Conf.GUARD_CYCLE = 0.3
    options = connections.settings["default"].setdefault("OPTIONS", {})
    if "timeout" in options:
        options["timeout"] = LOCK_SECONDS


def _replace(place: str, value: Any) -> None:
    path, _, name = place.rpartition(".")
    owner: Any
    try:
        owner = importlib.import_module(path)
    except ModuleNotFoundError:
        module, _, kind = path.rpartition(".")
        owner = getattr(importlib.import_module(module), kind)
    getattr(owner, name)
    setattr(owner, name, value)
