"""What is on disk under one release: every file, in natural order."""

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from releases.ingest import kinds
from releases.ingest.errors import IngestError
from releases.ingest.files import ScannedFile, excluded_file, read_file, unreadable
from releases.ingest.jail import resolve_inside, shown
from releases.ingest.order import natural_key
from releases.metadata.types import Notice
from releases.torrents.validation import check_name, check_paths

MAX_FILES = 20_000
MAX_DEPTH = 30
MAX_PATH_CHARS = 1_000
MAX_PATH_BYTES = 2_000  # an index of PostgreSQL takes 2704 bytes
# Left-out files told one by one; a folder of thousands says enough with its first.
MAX_NOTICES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A release as found on disk. `fingerprint` changes with any included file."""

    name: str
    is_single: bool
    files: tuple[ScannedFile, ...]
    notices: tuple[Notice, ...]
    fingerprint: str

    @property
    def included(self) -> tuple[ScannedFile, ...]:
        """The files that go into the torrent."""
        return tuple(file for file in self.files if file.included)


def fingerprint(files: Iterable[ScannedFile]) -> str:
    """SHA-256 over names, sizes and times of the included files."""
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.path):
        if file.included:
            line = f"{file.path}\0{file.size}\0{file.mtime_ns}\n"
            digest.update(line.encode())
    return digest.hexdigest()


def scan(
    path: Path, root: Path, *, on_folder: Callable[[], None] | None = None
) -> Scan:
    """Read the folder or file at `path`, which must lie inside the library `root`.

    `on_folder` is called before each folder is read, and may raise to stop.
    Raises IngestError, in one sentence, for whatever keeps it from being a release.
    """
    real = resolve_inside(path, root)
    if real is None:
        raise IngestError(
            f"{shown(str(path))} is not there any more, or leads out of its library. "
            "Put it back. If it was renamed, delete this release and add it under its "
            "new name.",
            code="path_gone",
        )
    is_single = not real.is_dir()
    what = "file" if is_single else "folder"
    # The release knows its path, and would look for the old name.
    check_name(real.name, f"Rename the {what}, then add it under its new name.")
    if is_single:
        files = [read_file(real, real.name)]
        notices: list[Notice] = []
    else:
        files, notices = _walk(real, root, on_folder)
    _check(files, shown(str(path)))
    check_paths(tuple(file.path.split("/")) for file in files if file.included)
    ordered = tuple(sorted(files, key=lambda file: natural_key(file.path)))
    return Scan(
        name=real.name,
        is_single=is_single,
        files=ordered,
        notices=_told(notices),
        fingerprint=fingerprint(ordered),
    )


def _walk(
    folder: Path, root: Path, on_folder: Callable[[], None] | None
) -> tuple[list[ScannedFile], list[Notice]]:
    files: list[ScannedFile] = []
    notices: list[Notice] = []
    pending = [(folder, "", 0)]
    folders = 0
    while pending:
        current, prefix, depth = pending.pop()
        folders += 1
        if on_folder is not None:
            on_folder()
        if folders > MAX_FILES:
            raise IngestError(
                f"The folder holds more than {MAX_FILES} folders. Choose the folder of "
                "one release, and look for links that lead to the same folders again.",
                code="too_many_files",
            )
        if depth > MAX_DEPTH:
            raise IngestError(
                f"{shown(prefix)} is nested deeper than {MAX_DEPTH} folders. "
                "Look for a folder that links to itself, or flatten it.",
                code="folder_too_deep",
            )
        for entry in _entries(current, prefix):
            reason = kinds.left_out(entry.name)
            if reason:
                # Told, but not listed, where the name itself cannot be stored.
                stored = os.fsencode(entry.name).decode(errors="replace")
                name = f"{prefix}{stored}"
                notices.append(_left_out(name, reason))
                if stored == entry.name and entry.is_file(follow_symlinks=False):
                    files.append(excluded_file(entry, name, reason))
            else:
                name = _checked_name(entry.name, prefix)
                target = _target(entry, name, current, root)
                if _is_folder(target, name):
                    pending.append((target, f"{name}/", depth + 1))
                else:
                    files.append(read_file(target, name))
            if len(files) > MAX_FILES:
                raise IngestError(
                    f"The folder holds more than {MAX_FILES} files. "
                    "Choose the folder of one release.",
                    code="too_many_files",
                )
    return files, notices


def _entries(folder: Path, prefix: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as exc:
        raise IngestError(
            f"The folder {shown(prefix) or shown(str(folder))} cannot be read "
            f"({exc.strerror}). Give Herald's user the right to read it.",
            code="folder_unreadable",
        ) from exc


def _checked_name(name: str, prefix: str) -> str:
    path = f"{prefix}{name}"
    try:
        size = len(path.encode())
    except UnicodeEncodeError as exc:
        raise IngestError(
            f"The name {os.fsencode(name)!a} in {shown(prefix) or 'the folder'} "
            "is not valid UTF-8, which torrents need. Rename it and prepare again.",
            code="name_not_utf8",
        ) from exc
    most = f"{MAX_PATH_CHARS} characters" if len(path) > MAX_PATH_CHARS else ""
    most = most or (f"{MAX_PATH_BYTES} bytes" if size > MAX_PATH_BYTES else "")
    if most:
        raise IngestError(
            f"A path inside the release is longer than {most}: {shown(path[:80])}… "
            "Shorten its names and prepare again.",
            code="path_too_long",
        )
    return path


def _target(entry: os.DirEntry[str], name: str, folder: Path, root: Path) -> Path:
    """The real file behind an entry; a link must not lead out, or round in circles."""
    path = Path(entry.path)
    if not entry.is_symlink():
        return path
    real = resolve_inside(path, root)
    if real is None:
        raise IngestError(
            f"{shown(name)} is a link to something outside the library, or to "
            "nothing. Replace it with the file itself, or remove it.",
            code="link_outside",
        )
    if folder.is_relative_to(real):
        raise IngestError(
            f"{shown(name)} is a link to a folder that it lies in itself, so the "
            "release would never end. Remove the link.",
            code="link_loop",
        )
    return real


def _is_folder(path: Path, name: str) -> bool:
    try:
        return path.is_dir()
    except OSError as exc:  # a folder may be listed, but not entered
        raise unreadable(name, exc) from exc


def _left_out(name: str, reason: str) -> Notice:
    return Notice(
        code="file_left_out",
        message=f"{shown(name)} stays out of the torrent: {reason}.",
        path=name,
    )


def _told(notices: list[Notice]) -> tuple[Notice, ...]:
    """The first notices, and how many more there are."""
    more = len(notices) - MAX_NOTICES
    if more <= 0:
        return tuple(notices)
    last = Notice(
        code="file_left_out",
        message=f"{more} more files or folders stay out of the torrent.",
    )
    return (*notices[:MAX_NOTICES], last)


def _check(files: list[ScannedFile], path: str) -> None:
    included = [file for file in files if file.included]
    if not included:
        raise IngestError(
            f"There is nothing to publish in {path}: it holds no files that count. "
            "Choose the folder that holds the release.",
            code="folder_empty",
        )
    if not any(file.size for file in included):
        raise IngestError(
            f"Every file in {path} is empty. Copy the release again.",
            code="files_empty",
        )
