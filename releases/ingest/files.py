"""One file of a release, as it is on disk."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from releases.ingest import kinds
from releases.ingest.errors import IngestError
from releases.ingest.jail import shown

# The largest number of a database, as nanoseconds since 1970: in the year 2262.
LATEST_NS = 2**63 - 1
_EFFECTIVE = os.access in os.supports_effective_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedFile:
    """One file: path relative to the release, bytes, and when it last changed.

    `ctime_ns` also changes with its rights and links, and no program can set it back.
    """

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    kind: str
    included: bool = True
    note: str = ""


def unreadable(name: str, exc: OSError) -> IngestError:
    """Why a file cannot be read, to be raised."""
    return IngestError(
        f"{shown(name)} cannot be read ({exc.strerror}). Check that it is there and "
        "that Herald's user has the right to read it, then prepare again.",
        code="file_unreadable",
    )


def read_file(path: Path, name: str) -> ScannedFile:
    """What is known of a file that goes into the torrent. Raises IngestError."""
    try:
        status = path.stat()
    except OSError as exc:
        raise unreadable(name, exc) from exc
    if not stat.S_ISREG(status.st_mode):
        raise IngestError(
            f"{shown(name)} is not a regular file (a pipe, socket or device). "
            "Remove it from the folder and prepare again.",
            code="not_a_file",
        )
    if not os.access(path, os.R_OK, effective_ids=_EFFECTIVE):
        raise IngestError(
            f"{shown(name)} cannot be read. Give Herald's user the right to read it.",
            code="file_unreadable",
        )
    if status.st_mtime_ns > LATEST_NS:
        raise IngestError(
            f"{shown(name)} is dated after the year 2262, which cannot be stored. Give "
            "it another date (touch does), then prepare again.",
            code="file_time",
        )
    if kinds.is_unfinished(name):
        raise IngestError(
            f"{shown(name)} is still being written by another program. "
            "Prepare again when it is complete.",
            code="file_unfinished",
        )
    return ScannedFile(
        path=name,
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        ctime_ns=status.st_ctime_ns,
        kind=kinds.file_kind(name),
    )


def excluded_file(entry: os.DirEntry[str], name: str, reason: str) -> ScannedFile:
    """What is known of a file that stays out, and why it does. Never raises."""
    try:
        status = entry.stat(follow_symlinks=False)
        size, mtime_ns = status.st_size, min(status.st_mtime_ns, LATEST_NS)
        ctime_ns = status.st_ctime_ns
    except OSError:  # gone since it was listed; it stays out anyway
        size = mtime_ns = ctime_ns = 0
    return ScannedFile(
        path=name,
        size=size,
        mtime_ns=mtime_ns,
        ctime_ns=ctime_ns,
        kind=kinds.file_kind(name),
        included=False,
        note=reason,
    )
