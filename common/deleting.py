"""What a page shows that asks before something is deleted."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString

MOST = 20


class Kept(list[SafeString]):
    """Rows that keep another one from being deleted; `more` of them are not listed."""

    more = 0


class Doomed(list[Any]):
    """Rows that would be deleted, and `warnings` to read before that."""

    warnings: tuple[str, ...] = ()


def kept(rows: QuerySet[Any], show: Callable[[Any], SafeString]) -> Kept:
    """The first of the rows as `show` gives them. Two queries, however many there are."""
    found = Kept(show(row) for row in rows[:MOST])
    if len(found) == MOST:
        found.more = rows.count() - MOST
    return found


def doomed(rows: Iterable[Any], warnings: Iterable[str]) -> Doomed:
    """The rows, with what to read first."""
    found = Doomed(rows)
    found.warnings = tuple(warnings)
    return found
