"""Gives the database back what migrations left in it, after a test that committed.

Django's own way empties each of the many tables, then writes permissions and roles
anew. Most tests touch a few tables only.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import TransactionTestCase

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Pristine:
    """The rows of every table that holds some before the first test."""

    rows: dict[str, Rows]

    @classmethod
    def of_now(cls) -> "Pristine":
        """What the database holds."""
        return cls({table: _rows(table) for table in _filled()})

    def restore(self) -> None:
        """Let the database hold that again, and nothing else."""
        with transaction.atomic():  # foreign keys are checked at its end
            if connection.vendor == "postgresql":  # whoever was killed is through
                _execute(f"LOCK TABLE {', '.join(map(_quoted, _tables()))}")
            changed = [
                table
                for table in {*_filled(), *self.rows}
                if table not in self.rows or _rows(table) != self.rows[table]
            ]
            for table in changed:
                _execute(f"DELETE FROM {_quoted(table)}")  # noqa: S608
            for table in changed:
                _insert(table, self.rows.get(table, []))
        if ContentType._meta.db_table in changed:
            ContentType.objects.clear_cache()

    def install(self, monkeypatch: Any) -> None:
        """Let Django's test cases, which pytest-django drives, end with `restore`."""
        monkeypatch.setattr(
            TransactionTestCase, "_fixture_teardown", lambda _case: self.restore()
        )


def _tables() -> list[str]:
    found: list[str] = connection.introspection.django_table_names(
        only_existing=True, include_views=False
    )
    return found


def _filled() -> list[str]:
    """The tables that hold any row, found by one query."""
    union = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {_quoted(table)})"  # noqa: S608
        for table in _tables()
    )
    with connection.cursor() as cursor:
        cursor.execute(union)
        return [table for (table,) in cursor.fetchall()]


def _rows(table: str) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {_quoted(table)}")  # noqa: S608
        return sorted(cursor.fetchall(), key=repr)


def _insert(table: str, rows: Rows) -> None:
    if rows:
        places = ", ".join(["%s"] * len(rows[0]))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {_quoted(table)} VALUES ({places})",  # noqa: S608
                rows,
            )


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _quoted(table: str) -> str:
    return connection.ops.quote_name(table)
