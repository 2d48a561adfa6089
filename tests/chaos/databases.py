"""Databases of the lanes, and how they are locked, filled and taken away.

Django knows one database, "default". Each lane puts its own in that place, in the
process it was forked into.
"""

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import environ
import psycopg
from django.core.management import call_command
from django.db import OperationalError, connections
from django.db.backends.signals import connection_created

from tests.chaos.trigger import Board

LOCK_TRIES = 20
_HARMLESS = ("SELECT", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "SET")
_FULL = {
    "sqlite": "database or disk is full",
    "postgresql": "could not extend file: No space left on device",
}
_GONE = {
    "sqlite": "unable to open database file",
    "postgresql": "server closed the connection unexpectedly",
}


class Database(Protocol):
    """One lane's database."""

    def settings(self) -> dict[str, Any]:
        """As in settings.DATABASES."""

    def locked(self) -> Any:
        """While the block lasts nobody else can write."""

    def gone(self) -> Any:
        """While the block lasts nobody can open it, and who had it open lost it."""


class SqliteDatabase:
    """A file in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "herald.sqlite3"

    def copy_from(self, template: "SqliteDatabase") -> None:
        """Begin with what the other holds."""
        shutil.copytree(template._folder, self._folder)

    def settings(self) -> dict[str, Any]:
        """As in config/settings/base.py."""
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(self._file),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Another connection holds the write lock."""
        with sqlite3.connect(self._file, timeout=5, isolation_level=None) as other:
            other.execute("BEGIN EXCLUSIVE")
            try:
                yield
            finally:
                other.execute("ROLLBACK")
        other.close()

    @contextmanager
    def gone(self) -> Iterator[None]:
        """The folder has another name, as if it was not mounted."""
        away = self._folder.with_name("gone")
        self._folder.rename(away)
        try:
            yield
        finally:
            away.rename(self._folder)


class PostgresqlDatabase:
    """A database of a server, at `url` with another name."""

    def __init__(self, url: str, name: str) -> None:
        self._config = {**environ.Env.db_url_config(url), "NAME": name}
        self.name = name

    def create(self, template: str = "") -> None:
        """Make it anew, as a copy of the template."""
        with self._server() as server:
            server.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
            like = f' TEMPLATE "{template}"' if template else ""
            server.execute(f'CREATE DATABASE "{self.name}"{like}')

    def drop(self) -> None:
        """Remove it, whoever is connected."""
        with self._server() as server:
            server.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def settings(self) -> dict[str, Any]:
        """As config/env.py reads them from DATABASE_URL."""
        return dict(self._config)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Another connection holds every table of Herald's."""
        with self._connected(self.name) as other:
            other.autocommit = False
            tables = other.execute(
                "SELECT quote_ident(tablename) FROM pg_tables"
                " WHERE schemaname = 'public'"
            ).fetchall()
            names = ", ".join(name for (name,) in tables)
            _lock(other, f"LOCK TABLE {names} IN EXCLUSIVE MODE")
            yield
            other.rollback()

    @contextmanager
    def gone(self) -> Iterator[None]:
        """Connections are cut, and none is let in."""
        with self._server() as server:
            server.execute(f'ALTER DATABASE "{self.name}" ALLOW_CONNECTIONS false')
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s",
                [self.name],
            )
            try:
                yield
            finally:
                server.execute(f'ALTER DATABASE "{self.name}" ALLOW_CONNECTIONS true')

    def _server(self) -> Any:
        return self._connected("postgres")

    def _connected(self, name: str) -> Any:
        given = self._config
        return psycopg.connect(
            host=given["HOST"],
            port=given["PORT"],
            user=given["USER"],
            password=given["PASSWORD"] or None,
            dbname=name,
            autocommit=True,
        )


def _lock(connection: Any, statement: str) -> None:
    """Lock, without bringing about a deadlock with somebody's open transaction."""
    connection.execute("SET lock_timeout = '250ms'")
    connection.commit()
    for _ in range(LOCK_TRIES):
        try:
            connection.execute(statement)
            return
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            connection.rollback()
            time.sleep(0.05)
    raise RuntimeError("The tables could not be locked.")


def use(database: Database) -> None:
    """Let Django's default database be this one, in this process and its children."""
    connections.close_all()
    with suppress(AttributeError):
        del connections["default"]
    whole = connections.configure_settings({"default": database.settings()})
    current = connections.settings["default"]
    current.clear()
    current.update(whole["default"])


def migrate(database: Database) -> None:
    """Make Herald's tables."""
    use(database)
    call_command("migrate", verbosity=0)
    connections.close_all()


def fail_with(board: Board, vendor: str) -> None:
    """Let statements of this process and its children fail as the board says."""

    def statement(
        execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        trouble = board.trouble
        if trouble == "gone" and vendor == "sqlite":
            raise OperationalError(_GONE[vendor])
        if trouble == "disk-full" and not str(sql).lstrip().startswith(_HARMLESS):
            raise OperationalError(_FULL[vendor])
        return execute(sql, params, many, context)

    def connected(connection: Any, **_: Any) -> None:
        if statement not in connection.execute_wrappers:
            connection.execute_wrappers.append(statement)

    connection_created.connect(connected, weak=False, dispatch_uid="chaos")
