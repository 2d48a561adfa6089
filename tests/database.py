"""A database in trouble, made by its own means."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.signals import connection_created

# SQLite's, then PostgreSQL's of a session and of one transaction.
_QUERY_ONLY = "PRAGMA query_only = {}"
_SESSION = "SET default_transaction_read_only = {}"
_LOCAL = "SET LOCAL transaction_read_only = {}"


@contextmanager
def read_only() -> Iterator[None]:
    """The database itself refuses every write of this process until the end."""
    if connection.in_atomic_block:
        with transaction.atomic():  # what is refused spoils no more than this block
            with _set(_QUERY_ONLY if connection.vendor == "sqlite" else _LOCAL):
                yield
            transaction.set_rollback(True)
        return

    def refuse(connection: Any, **_: object) -> None:
        _execute(setting.format("on"))

    setting = _QUERY_ONLY if connection.vendor == "sqlite" else _SESSION
    connection.close()
    connection_created.connect(refuse)  # whoever closes it gets another like it
    try:
        yield
    finally:
        connection_created.disconnect(refuse)
        connection.close()


@contextmanager
def _set(setting: str) -> Iterator[None]:
    _execute(setting.format("on"))
    yield
    if connection.vendor == "sqlite":  # PostgreSQL's ends with its savepoint
        _execute(setting.format("off"))


def _execute(sql: str) -> None:
    """Past Django, which would refuse to in a transaction that has failed."""
    assert connection.connection is not None
    connection.connection.execute(sql)
