"""Whether a torrent that a site has is the one that was sent there. Pure."""

import unicodedata
from collections import Counter
from collections.abc import Iterable

from trackers.types import Existing, UploadPayload


def difference(sent: UploadPayload, found: Existing, *, rewrites: bool) -> str:
    """What tells them apart, as the end of a sentence; "" when they are the same.

    The infohash decides where the site shows it and keeps the one it was sent. Else
    the size and the files do, or the title of a site that does not list files.
    """
    ours = sent.torrent
    if found.infohash and not rewrites:
        if found.infohash == ours.infohash:
            return ""
        return f"its infohash is {found.infohash}, but {ours.infohash} was sent"
    if found.size != ours.size:
        said = f"{found.size:,} bytes" if found.size else "of a size it does not say"
        return f"it is {said}, but {ours.size:,} bytes were sent"
    if found.files:
        return _other_file(ours.files, found.files)
    if _plain(found.title) != _plain(sent.title):
        return f"its title is “{found.title}”, but “{sent.title}” was sent"
    return ""


def _other_file(
    ours: Iterable[tuple[str, int]], theirs: Iterable[tuple[str, int]]
) -> str:
    here, there = (
        Counter((unicodedata.normalize("NFC", path), size) for path, size in files)
        for files in (ours, theirs)
    )
    missing, extra = here - there, there - here
    if missing:
        path, size = next(iter(missing))
        return f"it lacks the file {path} of {size:,} bytes"
    if extra:
        path, size = next(iter(extra))
        return f"it has a further file, {path} of {size:,} bytes"
    return ""


def _plain(title: str) -> str:
    return " ".join(title.casefold().split())
