"""A database as one file, and back: each by the database's own tool.

Both dumps are one consistent state, taken while people and workers go on writing:
SQLite's online backup copies a snapshot, pg_dump reads in one transaction.
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

from django.db import connection

from common.errors import AppError
from common.redact import redact

WAIT_SECONDS = 20.0
DEBIAN_TOOLS = Path("/usr/lib/postgresql")


class BackupError(AppError):
    """A backup could not be made or brought back."""

    code = "backup_failed"


def dump(target: Path) -> None:
    """Write the database's present state to a new file. Raises BackupError."""
    if connection.vendor == "sqlite":
        _copy_sqlite(Path(connection.settings_dict["NAME"]), target)
    else:
        options = ("--format=custom", "--no-owner", "--no-privileges")
        _run("pg_dump", *options, f"--file={target}")


def load(source: Path) -> None:
    """Replace the database's whole content by a dump, all or nothing.

    Raises BackupError; then everything is as it was.
    """
    if connection.vendor == "sqlite":
        connection.close()
        _copy_sqlite(source, Path(connection.settings_dict["NAME"]))
    else:
        _load_postgresql(source)


def _copy_sqlite(source: Path, target: Path) -> None:
    """In one step: a snapshot of the source, and the locks of both are respected."""
    try:
        with (
            closing(sqlite3.connect(source, timeout=WAIT_SECONDS)) as old,
            closing(sqlite3.connect(target, timeout=WAIT_SECONDS)) as new,
        ):
            (verdict,) = old.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise sqlite3.DatabaseError(verdict)
            old.backup(new)
    except sqlite3.Error as exc:
        raise BackupError(
            f"The database {source} could not be copied to {target}: {exc}. Stop the "
            "web server and the workers, and look whether the disk is full."
        ) from exc


def _load_postgresql(source: Path) -> None:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    connection.close()
    names = ", ".join(connection.ops.quote_name(name) for name in tables)
    with tempfile.TemporaryDirectory(prefix="herald-restore-") as folder:
        script = Path(folder) / "restore.sql"
        _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", source)
        _run(
            "psql",
            *("--no-psqlrc", "--quiet", "--single-transaction"),
            *("--set=ON_ERROR_STOP=1", "--output=/dev/null"),
            # What a newer Herald has added must go as well.
            *((f"--command=DROP TABLE {names} CASCADE",) if names else ()),
            f"--file={script}",
        )


def _run(tool: str, *arguments: str | Path) -> None:
    """Run one of PostgreSQL's programs on our database."""
    values = connection.settings_dict
    environment = {
        name: str(value)
        for name, value in (
            ("PGHOST", values["HOST"]),
            ("PGPORT", values["PORT"]),
            ("PGUSER", values["USER"]),
            ("PGPASSWORD", values["PASSWORD"]),  # never an argument: others see those
            ("PGDATABASE", values["NAME"]),
        )
        if value
    }
    try:
        done = subprocess.run(  # noqa: S603 - their programs, our options
            [_program(tool), *map(str, arguments)],
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as exc:
        raise BackupError(f"{tool} cannot be run: {exc.strerror}.") from exc
    if done.returncode:
        said = redact(done.stdout.strip())[-1000:]
        raise BackupError(f"{tool} failed; nothing was changed. It said: {said}")


def _program(tool: str) -> str:
    """The newest one there is: an older tool refuses a newer server."""
    versions = [
        folder / "bin" / tool
        for folder in DEBIAN_TOOLS.glob("[0-9]*")
        if (folder / "bin" / tool).exists()
    ]
    newest = max(versions, key=lambda one: float(one.parts[-3]), default=None)
    found = str(newest) if newest else shutil.which(tool)
    if found is None:
        raise BackupError(
            f"{tool} is not installed here. Install PostgreSQL's client programs, at "
            "least as new as the server (on Debian: apt-get install postgresql-client)."
        )
    return found
