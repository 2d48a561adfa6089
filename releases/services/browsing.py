"""Looking into folders before anything is made of them: a library's, and those in it."""

import os
import pwd
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from releases.ingest import kinds
from releases.ingest.errors import IngestError
from releases.ingest.jail import check_path_text, resolve_inside, shown
from releases.ingest.order import natural_key
from releases.models import Library

MOST_SEEN = 20_000
LONGEST_LOOK_S = 2.0
MOST_LISTED = 200


@dataclass(kw_only=True)
class Survey:
    """What was seen below a folder. `is_whole`: all of it, not only a beginning."""

    folders: int = 0
    audio: int = 0
    others: int = 0
    unreadable: int = 0
    is_whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A folder or an audio file that may become a release. `audio` counts files."""

    name: str
    path: str
    is_folder: bool
    audio: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A folder of a library: the way to it from the library's top, and what it holds.

    `left` counts what there is besides `entries`.
    """

    library: Library
    way: list[tuple[str, str]]
    entries: list[Entry]
    left: int


def folder_survey(path_text: str) -> Survey:
    """Count what a folder holds, for two seconds at most. Raises IngestError."""
    top = check_path_text(path_text)
    _check_folder(top)
    found, pending = Survey(), [str(top)]
    deadline = time.monotonic() + LONGEST_LOOK_S
    while pending:
        try:
            entries = list(_entries(pending.pop()))
        except OSError:
            found.unreadable += 1
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                found.folders += 1
                pending.append(entry.path)
            elif kinds.file_kind(entry.name) == "audio":
                found.audio += 1
            else:
                found.others += 1
        seen = found.folders + found.audio + found.others
        if seen > MOST_SEEN or time.monotonic() > deadline:
            found.is_whole = not pending
            break
    return found


def folder_readable(path: str) -> bool:
    """Whether there is a folder that this process may list."""
    try:
        with os.scandir(path):
            return True
    except (OSError, ValueError):
        return False


def folder_list(path_text: str) -> Listing:
    """The folders and audio files at a path inside of a library. Raises IngestError."""
    path = check_path_text(path_text)
    for library in Library.objects.order_by("-path"):
        root = Path(library.path)
        real = resolve_inside(path, root)
        if real is not None:
            check_path_text(str(real))  # a link may lead to a name that is no text
            return _listing(library, root.resolve(), real)
    raise IngestError(
        _("%(path)s is no folder in a library, or it is not there any more.")
        % {"path": shown(path_text)},
        code="path_outside",
    )


def _check_folder(path: Path) -> None:
    """Say in one sentence why a folder cannot be read, and what to do."""
    name = shown(str(path))
    try:
        with os.scandir(path):
            return
    except FileNotFoundError as exc:
        raise IngestError(
            _(
                "There is nothing at %(path)s on the machine that Herald runs on. Check "
                "the spelling; if Herald runs in a container, hand the folder to the "
                "container and give the path that it has there."
            )
            % {"path": name},
            code="path_not_found",
        ) from exc
    except NotADirectoryError as exc:
        raise IngestError(
            _("%(path)s is a file. Give the folder that your releases are in.")
            % {"path": name},
            code="path_no_folder",
        ) from exc
    except (OSError, ValueError) as exc:
        raise IngestError(
            _(
                "Herald runs as the user %(user)s and may not read %(path)s (%(why)s). "
                "Let it, for example with: setfacl -R -m u:%(user)s:rX %(path)s"
            )
            % {"user": _user(), "path": name, "why": getattr(exc, "strerror", exc)},
            code="folder_unreadable",
        ) from exc


def _user() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # containers often run with a number alone
        return str(os.geteuid())


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        for entry in found:
            if not kinds.left_out(entry.name) and _is_text(entry.name):
                yield entry


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _listing(library: Library, root: Path, real: Path) -> Listing:
    try:
        found = [one for one in _entries(str(real)) if _may_be_release(one, root)]
    except OSError as exc:
        raise IngestError(
            _(
                "The folder %(path)s cannot be read (%(why)s). Give Herald's user the "
                "right to read it."
            )
            % {"path": shown(str(real)), "why": exc.strerror},
            code="folder_unreadable",
        ) from exc
    found.sort(key=lambda one: natural_key(one.name))
    inside = Path(library.path) / real.relative_to(root)
    way = [(library.name, library.path)]
    for part in real.relative_to(root).parts:
        way.append((part, str(Path(way[-1][1]) / part)))
    return Listing(
        library=library,
        way=way,
        entries=[_entry(one, inside) for one in found[:MOST_LISTED]],
        left=max(len(found) - MOST_LISTED, 0),
    )


def _may_be_release(entry: os.DirEntry[str], root: Path) -> bool:
    if entry.is_symlink() and resolve_inside(Path(entry.path), root) is None:
        return False
    return entry.is_dir() or kinds.file_kind(entry.name) == "audio"


def _entry(entry: os.DirEntry[str], inside: Path) -> Entry:
    is_folder = entry.is_dir()
    return Entry(
        name=entry.name,
        path=str(inside / entry.name),
        is_folder=is_folder,
        audio=_audio_in(entry.path) if is_folder else 1,
    )


def _audio_in(folder: str) -> int:
    """Audio files directly in a folder; 0 for one that cannot be read."""
    try:
        return sum(kinds.file_kind(one.name) == "audio" for one in _entries(folder))
    except OSError:
        return 0
