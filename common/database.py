"""What it means when the database or a disk refuses to write: in a sentence."""

import errno
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    close_old_connections,
    connection,
    connections,
)
from django.db.migrations.recorder import MigrationRecorder

from common.texts import gettext_noop
from common.worker import is_leaving

logger = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

WRITE_AGAIN_SECONDS = 1.0
CONNECTION_SECONDS = 60

GOES_ON = "Herald goes on by itself then."
# For logs and programs as they stand; looked up only where a page says them.
READ_ONLY = gettext_noop(
    "The database takes no writes: it is read-only. Make it writable. Herald goes on "
    "by itself then."
)
FULL = gettext_noop(
    "The database takes no writes: its disk is full. Make room there. Herald goes on "
    "by itself then."
)
BUSY = gettext_noop(
    "The database is busy: something else has held it for long. Try again."
)
AWAY = gettext_noop(
    "The database does not answer. Start it, or mend its address. Herald goes on by "
    "itself then."
)

# PostgreSQL's class of what no index or column takes; Django calls it operational.
_TOO_LARGE = "54"
# SQLite has only texts; PostgreSQL's codes are the same in every language.
_SQLSTATES = {"25006": READ_ONLY, "53100": FULL, "58030": FULL}
_TEXTS = (
    ("readonly database", READ_ONLY),
    ("read-only transaction", READ_ONLY),
    ("disk is full", FULL),
    ("disk i/o error", FULL),
    ("no space left", FULL),
    ("is locked", BUSY),
)
# What the statement itself is to blame for.
_OURS = (DataError, IntegrityError, ProgrammingError)


def trouble_of(exc: BaseException) -> str:
    """What keeps the database or a disk from working; "" when `exc` tells of neither."""
    if isinstance(exc, OSError) and exc.errno in (errno.ENOSPC, errno.EDQUOT):
        # The end of a long path says more than its beginning.
        what = str(exc.filename)[-200:] if exc.filename else "a file"
        return f"A disk is full: {what} could not be written. Make room. {GOES_ON}"
    if not isinstance(exc, DatabaseError | InterfaceError) or isinstance(exc, _OURS):
        return ""
    for one in _causes(exc):
        state = getattr(one, "sqlstate", None) or ""
        if state.startswith(_TOO_LARGE):
            return ""
        if known := _SQLSTATES.get(state):
            return known
        text = str(one).lower()
        for words, sentence in _TEXTS:
            if words in text:
                return sentence
    return AWAY if isinstance(exc, OperationalError | InterfaceError) else ""


def is_passing(exc: BaseException) -> bool:
    """Whether a database or a disk in trouble is to blame, and not what was asked."""
    return bool(trouble_of(exc))


def takes_no_writes(exc: BaseException) -> bool:
    """Whether a database refuses to write that may well answer questions."""
    return trouble_of(exc) in (READ_ONLY, FULL)


def tables_missing() -> str:
    """Why a command cannot begin in a database without tables; "" where there are some.

    Makes nothing: no folder, no file, and no connection that is left open.
    """
    name = connection.settings_dict["NAME"]
    if connection.vendor != "sqlite" or Path(name).exists():
        try:
            if MigrationRecorder(connection).has_table():
                return ""
        except (DatabaseError, InterfaceError):
            return ""  # whatever it is, the command itself meets it
        finally:
            if not connection.in_atomic_block:
                connection.close()
    return f"The database has no tables yet. {_look_at()}"


def only_cause(exc: BaseException) -> str:
    """As `trouble_of`, without a word of what follows."""
    return trouble_of(exc).removesuffix(GOES_ON).strip()


def last_word(exc: BaseException) -> str:
    """What a command says that the database or a disk has ended."""
    if isinstance(exc, OSError) or trouble_of(exc) in (READ_ONLY, FULL, BUSY):
        return f"{only_cause(exc)} The data folder is {settings.DATA_DIR}."
    return f"The database cannot be used: {str(exc).strip()}. {_look_at()}"


def _look_at() -> str:
    return (
        f"The data folder is {settings.DATA_DIR}. Check HERALD_DATA_DIR and "
        "DATABASE_URL, and run manage.py migrate."
    )


def patiently(write: Callable[P, T], *args: P.args, **changes: P.kwargs) -> T:
    """Write down how work ended, once the database takes it; gives what `write` gives.

    Nobody else could: the claim is that of a living worker. Raises what the database
    is not to blame for, and its trouble while this process is being stopped.
    """
    while True:
        try:
            return write(*args, **changes)
        except (DatabaseError, InterfaceError) as exc:
            trouble = trouble_of(exc)
            if not trouble or is_leaving():
                raise
            logger.warning("%s Waiting to write down how work ended.", trouble)
            close_old_connections()
            time.sleep(WRITE_AGAIN_SECONDS)


def keep_connections() -> None:
    """Let each thread of this process, and of those forked from it, keep a connection.

    To open one costs more than most statements. A kept one is asked for a sign of life
    before it is used again, so that a database that was restarted meanwhile is no
    trouble.
    """
    for values in connections.settings.values():
        values |= {"CONN_MAX_AGE": CONNECTION_SECONDS, "CONN_HEALTH_CHECKS": True}


def _causes(exc: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = exc
    while one is not None:
        yield one
        one = one.__cause__
