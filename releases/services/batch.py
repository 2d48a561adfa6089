"""Many releases at once: from a list of paths, or from the folder they lie in."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from common.errors import AppError
from releases.errors import ReleaseError
from releases.ingest.candidates import children, look
from releases.ingest.jail import shown
from releases.models import Release
from releases.services.ingest import check_wishes, release_create
from releases.services.locating import locate

MOST_PATHS = 500
# Looking goes on for this long; what is left can be added all the same.
LOOK_S = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchAnswer:
    """What became of one path: created, exists or refused; before that: found.

    `release` is the id of what was created or exists.
    """

    path: str
    result: str
    release: int | None = None
    code: str = ""
    message: str = ""


def batch_paths(parent: str) -> list[str]:
    """What could be releases in a folder of a library: its folders and its files.

    Raises IngestError for the folder, ReleaseError for more than MOST_PATHS.
    """
    library, inside = locate(parent, whole=True)
    folder = Path(library.path) / inside
    paths = [str(folder / name) for name in children(folder)]
    check_count(len(paths))
    return paths


def check_count(count: int) -> None:
    """Raise ReleaseError for nothing, or for more than MOST_PATHS."""
    if not count:
        raise ReleaseError(
            _("There is nothing to add: no path was given, or the folder is empty."),
            code="batch_empty",
        )
    if count > MOST_PATHS:
        raise ReleaseError(
            _("These are %(count)d paths, and at most %(most)d go at once. Split them.")
            % {"count": count, "most": MOST_PATHS},
            code="batch_too_large",
        )


def batch_look(paths: Sequence[str], *, kind: str = "") -> list[BatchAnswer]:
    """What would become of each path, without making anything; at most LOOK_S long."""
    until = time.monotonic() + LOOK_S
    return [_looked(path, kind, until) for path in dict.fromkeys(paths)]


def _looked(path: str, kind: str, until: float) -> BatchAnswer:
    try:
        library, inside = locate(path)
    except AppError as exc:
        return _refused(path, exc)
    known = Release.objects.filter(library=library, source_path=inside).only("pk")
    for release in known:
        return _exists(path, release.pk)
    if time.monotonic() > until:
        message = _("Not looked into: there was too much to read.")
        return BatchAnswer(path=path, result="found", message=message)
    seen = look(Path(library.path) / inside, Path(library.path), kind)
    if seen.code:
        return BatchAnswer(
            path=path, result="refused", code=seen.code, message=seen.message
        )
    return BatchAnswer(path=path, result="found")


def batch_create(
    paths: Sequence[str],
    *,
    kind: str = "",
    targets: Sequence[str] = (),
    actor_id: int | None = None,
) -> list[BatchAnswer]:
    """Make a release of each path and queue its preparation; one's trouble is its own.

    Safe to repeat: what is a release already is answered with its id. Raises
    ReleaseError for a wrong kind, no path, or more than MOST_PATHS.
    """
    check_wishes(kind=kind, asin="", torrent_file=None)
    wanted = list(dict.fromkeys(paths))
    check_count(len(wanted))
    return [_created(path, kind, targets, actor_id) for path in wanted]


def _created(
    path: str, kind: str, targets: Sequence[str], actor_id: int | None
) -> BatchAnswer:
    try:
        release = release_create(
            path=path, kind=kind, targets=targets, actor_id=actor_id
        )
    except AppError as exc:
        if exc.code == "release_exists":
            return _exists(path, int(exc.extra["release"]))
        return _refused(path, exc)
    return BatchAnswer(path=path, result="created", release=release.pk)


def _exists(path: str, release_id: int) -> BatchAnswer:
    message = _("%(path)s is release %(id)d already.")
    return BatchAnswer(
        path=path,
        result="exists",
        release=release_id,
        code="release_exists",
        message=message % {"path": shown(path), "id": release_id},
    )


def _refused(path: str, exc: AppError) -> BatchAnswer:
    told = os.fsencode(path).decode(errors="replace")  # a name may be no text
    return BatchAnswer(path=told, result="refused", code=exc.code, message=exc.message)


def batch_add(
    *,
    paths: Sequence[str] | None = None,
    parent: str = "",
    preview: bool = False,
    kind: str = "",
    targets: Sequence[str] = (),
    actor_id: int | None = None,
) -> list[BatchAnswer]:
    """Make releases of the paths, or of all in `parent` that can be one.

    With `preview` nothing is made. Raises as `batch_paths` and `batch_create` do.
    """
    if preview or paths is None:
        wanted = batch_paths(parent) if paths is None else paths
        check_wishes(kind=kind, asin="", torrent_file=None)
        check_count(len(wanted))
        answers = batch_look(wanted, kind=kind)
        if preview:
            return answers
        return [
            _created(one.path, kind, targets, actor_id)
            if one.result == "found"
            else one
            for one in answers
        ]
    return batch_create(paths, kind=kind, targets=targets, actor_id=actor_id)
