"""System checks with stable ids: folders, keys, queue. docs/errors.md lists them."""

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection

from common.keys import KeyRingError, key_ring


@register(Tags.files)
def check_folders(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """herald.E001: the data folder must be there and writable.

    Commands that connect to a database run the checks before, so this is also where
    SQLite's file is made: readable by its owner alone, as its logs are then.
    """
    for folder in (settings.DATA_DIR, settings.FILES_DIR):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / f".probe-{os.getpid()}"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as exc:
            return [
                Error(
                    f"Herald cannot write to {folder} ({exc.strerror}).",
                    hint="Create it, give it to Herald's user, or set HERALD_DATA_DIR.",
                    id="herald.E001",
                )
            ]
    make_database_file()
    return []


def make_database_file() -> None:
    """Make SQLite's file where there is none yet; an existing one keeps its mode."""
    if connection.vendor != "sqlite":
        return
    with suppress(OSError):  # it is there, or connecting will say what is wrong
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
        os.close(os.open(connection.settings_dict["NAME"], flags, 0o600))


@register(Tags.security)
def check_keys(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """herald.E002: without a master key no credential can be kept."""
    try:
        key_ring()
    except KeyRingError as exc:
        return [
            Error(
                exc.message,
                hint="Make one with manage.py generate_key; see docs/security.md.",
                id="herald.E002",
            )
        ]
    return []


@register("queue")
def check_queue(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """herald.E003, E004: django-q2 must not retry by itself, nor run a task twice."""
    cluster = settings.Q_CLUSTER
    found: list[CheckMessage] = []
    if cluster["retry"] <= cluster["timeout"]:
        found.append(
            Error(
                "Q_CLUSTER's retry must be longer than its timeout, or a slow task is "
                "started twice.",
                hint="Leave both to HERALD_TASK_TIMEOUT.",
                id="herald.E003",
            )
        )
    if cluster.get("max_attempts") != 1 or not cluster.get("ack_failures"):
        found.append(
            Error(
                "django-q2 must not retry failed tasks: Herald's own queue does.",
                hint="Set max_attempts to 1 and ack_failures to True.",
                id="herald.E004",
            )
        )
    return found


@register(Tags.security, deploy=True)
def check_debug_key(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """herald.W001: an unauthenticated plain-HTTP site should not be public."""
    if "*" in settings.ALLOWED_HOSTS:
        return [
            Warning(
                "HERALD_ALLOWED_HOSTS lets every host name in.",
                hint="Name the hosts under which Herald is reached.",
                id="herald.W001",
            )
        ]
    return []
