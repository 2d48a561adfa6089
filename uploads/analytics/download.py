"""Tables as CSV."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from uploads.analytics.tables.types import Table

# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(tables: Sequence[Table]) -> str:
    """The tables one below the other, each under its name when there are several."""
    out = io.StringIO()
    writer = csv.writer(out)
    for number, table in enumerate(tables):
        if len(tables) > 1:
            writer.writerows([[], [table.key]] if number else [[table.key]])
        records = table.records()
        writer.writerow(records[0] if records else [one.key for one in table.columns])
        writer.writerows(_plain(record.values()) for record in records)
    return out.getvalue()


def csv_records(records: Sequence[Mapping[str, Any]]) -> str:
    """Rows as column → value; the first one names the columns."""
    out = io.StringIO()
    writer = csv.writer(out)
    if records:
        writer.writerow(records[0])
    writer.writerows(_plain(record.values()) for record in records)
    return out.getvalue()


def _plain(values: Iterable[Any]) -> list[Any]:
    return [
        f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
        for value in values
    ]
