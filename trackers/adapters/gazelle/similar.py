"""What a Gazelle site has of the work that is about to be uploaded.

Audiobooks have a group each and lists do not say their format, so the titles decide,
and the nearest are asked for one by one: for their files where only the total size is
the same, which proves nothing, and for their format where only the name is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from trackers.adapters.gazelle.links import torrent_url
from trackers.adapters.gazelle.lookup import Ask, browse, largest_name, words_of
from trackers.adapters.gazelle.mapping import attribute
from trackers.adapters.gazelle.parsing import Row, file_list, text_of
from trackers.adapters.gazelle.titles import Title, likeness, read_title
from trackers.types import (
    Likeness,
    Similar,
    Strength,
    TorrentFile,
    TrackerSite,
    UploadPayload,
)

MOST_REQUESTS: Final = 4
MOST_POSSIBLE: Final = 5
MOST: Final = 10
LONGEST_TITLE: Final = 300
LONGEST_WORD: Final = 40
ORDER: Final = tuple(Strength)
STRENGTHS: Final = {
    Likeness.FILES: Strength.SURE,
    Likeness.NAME_AND_SIZE: Strength.SURE,
    Likeness.SIZE: Strength.LIKELY,
}


@dataclass(slots=True)
class _Counted:
    """The adapter's question, counted."""

    ask: Ask
    left: int = MOST_REQUESTS

    def browse(self, payload: UploadPayload, field: str, text: str) -> list[Row]:
        words = words_of(text)
        if not words or not self.left:
            return []
        self.left -= 1
        return browse(self.ask, payload.category, field, words)

    def described(
        self, row: Row, why: Likeness, ours: TorrentFile
    ) -> tuple[Row, Likeness]:
        """The row with its format, and FILES for SIZE where its files are ours.

        Both unchanged when nothing more can be asked.
        """
        if not self.left:
            return row, why
        self.left -= 1
        torrent = self.ask("torrent", id=row.torrent_id).part("torrent")
        theirs = _names(file_list(torrent))
        if why is Likeness.SIZE and theirs and theirs == _names(ours.files):
            why = Likeness.FILES
        row = replace(
            row,
            format=row.format or text_of(torrent.get("format")),
            encoding=row.encoding or text_of(torrent.get("encoding")),
        )
        return row, why


def find(site: TrackerSite, ask: Ask, payload: UploadPayload) -> list[Similar]:
    """Search by title, then by the largest file's name; the surest first.

    At most four requests and ten torrents.
    """
    counted, ours = _Counted(ask), read_title(payload.title)
    wanted = attribute(payload, "format").casefold()
    found = [
        _similar(site, row, why, wanted)
        for row, why in _rows(counted, ours, payload).values()
    ]
    found.sort(key=lambda one: ORDER.index(one.strength))
    surer = [one for one in found if one.strength is not Strength.POSSIBLE]
    return [*surer, *found[len(surer) :][:MOST_POSSIBLE]][:MOST]


def _rows(
    counted: _Counted, ours: Title, payload: UploadPayload
) -> dict[str, tuple[Row, Likeness]]:
    """The torrents that count, by their numbers, and why."""
    found: dict[str, tuple[Row, Likeness]] = {}
    torrent = payload.torrent
    for text in ours.searches:
        rows = counted.browse(payload, "searchstr", text)
        for row in rows:
            if why := _why(ours, row, torrent.size):
                found[row.torrent_id] = (row, why)
        if rows:
            break
    for row in counted.browse(payload, "filelist", largest_name(torrent)):
        why = _why(ours, row, torrent.size)
        if why is not None and why in STRENGTHS:
            found[row.torrent_id] = (row, why)
    for doubt in (Likeness.SIZE, Likeness.NAME):
        for number, (row, why) in list(found.items()):
            if why is doubt and (why is Likeness.SIZE or not row.format):
                found[number] = counted.described(row, why, torrent)
    return found


def _why(ours: Title, row: Row, size: int) -> Likeness | None:
    """What is the same by the list alone; None: nothing that counts."""
    why = likeness(ours, read_title(row.title, row.artist))
    if not size or row.size != size:
        return why
    return Likeness.NAME_AND_SIZE if why is Likeness.NAME else Likeness.SIZE


def _names(files: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """The files' names without folders, which members name as they like, and sizes."""
    return sorted((path.rsplit("/", 1)[-1], size) for path, size in files)


def _similar(site: TrackerSite, row: Row, why: Likeness, wanted: str) -> Similar:
    same_format = bool(wanted) and row.format.casefold() == wanted
    strength = STRENGTHS.get(why, Strength.POSSIBLE)
    if why is Likeness.NAME and same_format:
        strength, why = Strength.LIKELY, Likeness.NAME_AND_FORMAT
    return Similar(
        remote_id=row.torrent_id,
        url=torrent_url(site, row.torrent_id, row.group_id),
        title=row.title[:LONGEST_TITLE],
        strength=strength,
        why=why,
        format=row.format[:LONGEST_WORD],
        encoding=row.encoding[:LONGEST_WORD],
        size=row.size,
    )
