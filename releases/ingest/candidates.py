"""What lies in a folder that could be releases, and whether one may be taken now."""

import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from common.errors import AppError
from releases.ingest import kinds
from releases.ingest.errors import IngestError
from releases.ingest.files import ScannedFile
from releases.ingest.jail import shown
from releases.ingest.order import natural_key
from releases.ingest.scanner import Scan, scan

MOST_CHILDREN = 5_000
LONGEST_LOOK_S = 10.0
# What passes by itself; everything else needs somebody to do something.
PASSING = frozenset(
    {"still_changing", "file_unfinished", "folder_empty", "files_empty", "look_slow"}
)
MEDIA = {
    "audiobook": ("audio",),
    "music": ("audio",),
    "tv": ("video",),
    "film": ("video",),
    "": ("audio", "video"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a candidate: why it cannot be taken ("" when it can), and its state.

    `signature` changes with any name, size or time in it, hidden files included; it is
    empty where that could not be read.
    """

    code: str = ""
    message: str = ""
    signature: str = ""
    files: int = 0
    size: int = 0


class TooSlow(IngestError):
    """Looking at one folder took too long."""

    code = "look_slow"


def children(folder: Path, depth: int = 1) -> Iterator[str]:
    """Paths, relative to `folder`, of what could be a release; in each folder in order.

    That is every folder `depth` levels down, and every file on the way. What is hidden
    is passed over. Raises IngestError when the folder cannot be read, or for more than
    MOST_CHILDREN entries.
    """
    pending = [("", 1)]
    count = 0
    while pending:
        prefix, level = pending.pop()
        entries = _entries(folder / prefix)
        count += len(entries)
        if count > MOST_CHILDREN:
            raise IngestError(
                _(
                    "%(folder)s holds more than %(most)s files and folders. Choose a "
                    "folder with fewer of them."
                )
                % {"folder": shown(str(folder)), "most": MOST_CHILDREN},
                code="too_many_files",
            )
        for entry in sorted(entries, key=lambda one: natural_key(one.name)):
            if kinds.left_out(entry.name):
                continue
            path = f"{prefix}{entry.name}"
            if level < depth and _is_folder(entry):
                pending.append((f"{path}/", level + 1))
            else:
                yield path


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError as exc:
        raise IngestError(
            _(
                "The folder %(folder)s is not there, or Herald may not read it "
                "(%(why)s). Bring it back, or give Herald's user the right to read it."
            )
            % {"folder": shown(str(folder)), "why": exc.strerror},
            code="folder_unreadable",
        ) from exc


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def look(path: Path, root: Path, kind: str = "") -> Look:
    """Look at one candidate inside the library `root`. Never raises for what is wrong.

    It takes LONGEST_LOOK_S at most, apart from a disk that does not answer.
    """
    until = time.monotonic() + LONGEST_LOOK_S

    def hurry() -> None:
        if time.monotonic() > until:
            raise TooSlow(
                _(
                    "Reading this folder took more than %(seconds)d seconds. It is "
                    "tried again; add it by hand if this stays."
                )
                % {"seconds": LONGEST_LOOK_S}
            )

    try:
        found = scan(path, root, on_folder=hurry)
    except AppError as exc:
        return Look(code=exc.code, message=exc.message)
    return Look(
        **_objection(found, kind),
        signature=_signature(found.files),
        files=len(found.included),
        size=sum(file.size for file in found.included),
    )


def _signature(files: tuple[ScannedFile, ...]) -> str:
    """As the fingerprint, with the files that stay out: they show who still copies."""
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda one: one.path):
        line = f"{file.path}\0{file.size}\0{file.mtime_ns}\n"
        digest.update(line.encode())
    return digest.hexdigest()


def _objection(found: Scan, kind: str) -> dict[str, str]:
    """Code and sentence of what keeps readable files from being a release, or {}."""
    hidden = [notice.path for notice in found.notices]
    hidden += [file.path for file in found.files if not file.included]
    for path in hidden:
        if kinds.is_copying(path):
            message = _("%(file)s shows that something is still being copied here.")
            return {
                "code": "file_unfinished",
                "message": message % {"file": shown(path)},
            }
    wanted = MEDIA.get(kind, ())
    if not wanted or any(file.kind in wanted for file in found.included):
        return {}
    message = _("There is no audio in it, so it is no release of this kind.")
    if wanted == ("video",):
        message = _("There is no video in it, so it is no release of this kind.")
    return {"code": "no_media", "message": message}
