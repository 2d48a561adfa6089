"""Telling releases with the same title apart in a list."""

from collections import defaultdict
from collections.abc import Iterable

from releases.models import Release


def copies_mark(releases: Iterable[Release]) -> None:
    """Set `is_copy` on those that share their title with another one of these."""
    by_title: dict[str, list[Release]] = defaultdict(list)
    for release in releases:
        by_title[str(release)].append(release)
    for same in by_title.values():
        if len({release.pk for release in same}) > 1:
            for release in same:
                release.is_copy = True
