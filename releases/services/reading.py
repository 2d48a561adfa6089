"""What the files and their names say about a release."""

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path, PurePosixPath

from releases.ingest.jail import resolve_inside
from releases.metadata.files.covers import cover_notices
from releases.metadata.html import from_any
from releases.metadata.names import read_name
from releases.metadata.reading import (
    folder_covers,
    is_audio_name,
    read_audio_file,
    read_release_audio,
)
from releases.metadata.storing import storable
from releases.metadata.types import Fields, FileReading, Notice
from releases.models import MetadataRecord, Release, ReleaseFile
from releases.services.covers import Shelf, covers_store

Source = MetadataRecord.Source
# A folder of a thousand odd files says enough with its first ones.
MOST_NOTICES = 50


def release_read(release: Release, *, on_file: Callable[[int], None]) -> None:
    """Read names and audio files, and record both; `on_file` hears how many are done.

    A broken file becomes a notice, never a failure.
    """
    _record_names(release)
    root = Path(release.library.path)
    top = resolve_inside(root / release.source_path, root)
    if top is None:
        return
    readings: list[FileReading] = []
    beside, told = folder_covers(top) if top.is_dir() else ([], [])
    shelf = Shelf()
    for picture in beside:
        shelf.add(picture)
    rows = list(release.files.filter(included=True, kind=ReleaseFile.Kind.AUDIO))
    for number, row in enumerate(rows, start=1):
        path = _inside(top, row, root)
        if path is not None and is_audio_name(row.path):
            reading = read_audio_file(path, name=row.path)
            shelf.add(reading.cover)
            readings.append(replace(reading, cover=None))
            row.audio = storable(asdict(reading.audio)) if reading.audio else {}
            row.note = storable(reading.error[:300])
        on_file(number)
    ReleaseFile.objects.bulk_update(rows, ["audio", "note"], batch_size=200)
    covers = shelf.covers()
    of_cover = cover_notices(covers[0]) if covers else []
    _record_tags(release, readings, [*told, *of_cover])
    covers_store(release, covers)


def _inside(top: Path, row: ReleaseFile, root: Path) -> Path | None:
    """Where a file lies; None when it was swapped for a link out since the scan."""
    return resolve_inside(top if top.is_file() else top / row.path, root)


def _record_names(release: Release) -> None:
    parts = PurePosixPath(release.source_path).parts
    fields, confidence, raw = read_name(parts)
    MetadataRecord.objects.create(
        release=release,
        source=Source.NAMES,
        fields=fields,
        raw={"parts": list(parts), "confidence": confidence, "found": raw},
    )


def _record_tags(
    release: Release, readings: list[FileReading], of_cover: list[Notice]
) -> None:
    # Unreadable files are told here, and once.
    fields, found = read_release_audio([one for one in readings if not one.error])
    told = [notice for reading in readings for notice in reading.notices]
    notices = [*found, *_errors(readings), *of_cover, *told[:MOST_NOTICES]]
    raw_text = next(
        (r.raw["description"] for r in readings if r.raw.get("description")), ""
    )
    if raw_text:
        fields = {**fields, **_description(raw_text)}
    MetadataRecord.objects.create(
        release=release,
        source=Source.TAGS,
        fields=storable(fields),
        raw=storable({"files": [{"path": r.path, **r.raw} for r in readings[:200]]}),
        notices=storable([asdict(notice) for notice in notices]),
    )


def _errors(readings: list[FileReading]) -> list[Notice]:
    """The first unreadable files, and how many more there are."""
    broken = [
        Notice(code="audio_unreadable", message=reading.error, path=reading.path)
        for reading in readings
        if reading.error
    ]
    more = len(broken) - MOST_NOTICES
    if more <= 0:
        return broken
    last = Notice(
        code="audio_unreadable", message=f"{more} more audio files cannot be read."
    )
    return [*broken[:MOST_NOTICES], last]


def _description(text: str) -> Fields:
    """Untrusted text of a tag as safe HTML; tags hold HTML or plain text."""
    html = from_any(text)
    return {"description_html": html} if html else {}
