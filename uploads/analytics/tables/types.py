"""The figures as tables: what the page draws, and what is downloaded. Pure.

Each cell has the value that is written to CSV and JSON, and the list of rows behind it:
a model's list and its filters, which the page makes an address of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ATTEMPTS, UPLOADS = "uploads_uploadattempt", "uploads_upload"
TEXT, DAY, COUNT, SHARE, SECONDS = "text", "day", "count", "share", "seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A list of the admin, and how it is filtered."""

    model: str
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One value; `name` is a text to show instead of it, `link` the rows behind it."""

    value: str | int | float | None
    name: str = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`key` names it in CSV and JSON; `kind` is text, day, count, share or seconds."""

    key: str
    title: str
    kind: str = COUNT
    # Downloads have the name as well where the value is an id.
    named: bool = False

    def values(self, cell: Cell) -> list[tuple[str, Any]]:
        """What of a cell goes into a download, by its column there."""
        found: list[tuple[str, Any]] = [(self.key, cell.value)]
        return [*found, ("name", cell.name)] if self.named else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells. `drawn` are the keys of the columns that the chart shows."""

    key: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    drawn: Sequence[str]
    note: str = ""
    stacked: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        places = [
            n for n, column in enumerate(self.columns) if column.key in self.drawn
        ]
        return not any(row[place].value for row in self.rows for place in places)

    def records(self) -> list[dict[str, Any]]:
        """The rows as column → value."""
        return [
            {
                name: value
                for column, cell in zip(self.columns, row, strict=True)
                for name, value in column.values(cell)
            }
            for row in self.rows
        ]
