"""Rows into the database as fast as it takes them."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Field, JSONField, Max, Model

Row = Mapping[str, Any]


def rows_write(model: type[Model], rows: Iterable[Row]) -> None:
    """Insert rows, which map column attributes to values; the rest are defaults.

    Unlike `bulk_create` it keeps the moments that rows say they were made at.
    """
    if connection.vendor == "postgresql":
        _copy(model, rows)
    else:
        _insert(model, rows)


def next_id(model: type[Model]) -> int:
    """The first id that no row has yet."""
    last = model._default_manager.aggregate(last=Max("pk"))["last"]
    return int(last or 0) + 1


def ids_mend(*models: type[Model]) -> None:
    """Let the database count on behind the ids that were given."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


@cache
def _fields(model: type[Model]) -> list[tuple["Field[Any, Any]", Any]]:
    return [
        (
            field,
            default if isinstance(field, JSONField) else field.get_prep_value(default),
        )
        for field in model._meta.concrete_fields
        for default in (field.get_default(),)
    ]


def _names(model: type[Model]) -> tuple[str, str]:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field, _ in _fields(model))
    return quote(model._meta.db_table), columns


def _copy(model: type[Model], rows: Iterable[Row]) -> None:
    table, columns = _names(model)
    wanted = [
        (field.attname, default, isinstance(field, JSONField))
        for field, default in _fields(model)
    ]
    statement = f"COPY {table} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            values = [
                (row.get(name, default), is_json) for name, default, is_json in wanted
            ]
            copy.write_row(
                [
                    json.dumps(value) if is_json and value is not None else value
                    for value, is_json in values
                ]
            )


def _insert(model: type[Model], rows: Iterable[Row]) -> None:
    table, columns = _names(model)
    fields = _fields(model)
    values: Any = (
        [
            field.get_db_prep_save(row.get(field.attname, default), connection)
            for field, default in fields
        ]
        for row in rows
    )
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - names only
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
