"""Searches of whatever belongs to a release, by the release."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from releases.models import Release

FEW = 3_000


def releases_named(words: Iterable[str]) -> QuerySet[Release]:
    """Releases with every word in their title or name.

    A search across a join would read each of them once for every row that it has.
    """
    found = Release.objects.order_by()
    for word in words:
        found = found.filter(Q(title__icontains=word) | Q(name__icontains=word))
    return found


def releases_found(words: Iterable[str]) -> Iterable[int] | QuerySet[Release, int]:
    """The same for `release__in`: as numbers where they are few, else as a query.

    The database does not know how seldom two words meet. It would go through uploads
    one by one for a few of them, which is right only where every other one fits.
    """
    return few_or_query(releases_named(words))


def releases_found_once(
    request: HttpRequest, text: str
) -> Iterable[int] | QuerySet[Release, int]:
    """The same for the words of a text; a list asks twice for one answer."""
    known: dict[str, Any] = request.__dict__.setdefault("releases_found", {})
    if text not in known:
        known[text] = releases_found(text.split())
    return known[text]  # type: ignore[no-any-return]


def few_or_query(
    rows: QuerySet[Any], few: int = FEW
) -> Iterable[int] | QuerySet[Any, int]:
    """Rows for a condition `…__in`: their ids where they are few, else as a query."""
    found = rows.order_by().values_list("pk", flat=True)
    ids = list(found[: few + 1])
    return ids if len(ids) <= few else found
