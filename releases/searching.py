"""Searches of whatever belongs to a release, by the release."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from releases.models import Release


def releases_named(words: Iterable[str]) -> QuerySet[Release]:
    """Releases with every word in their title or name.

    A search across a join would read each of them once for every row that it has.
    """
    found = Release.objects.order_by()
    for word in words:
        found = found.filter(Q(title__icontains=word) | Q(name__icontains=word))
    return found
