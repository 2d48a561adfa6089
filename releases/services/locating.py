"""Where a path that somebody gave lies: in which library, and where inside it."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from releases.clients.errors import PathNotMapped
from releases.clients.paths import to_local_path
from releases.ingest.errors import IngestError
from releases.ingest.jail import check_path_text, resolve_inside, shown
from releases.models import Library

LONGEST_PATH = 2_000  # bytes; an index of PostgreSQL takes 2704


def locate(path_text: str, *, whole: bool = False) -> tuple[Library, str]:
    """The library a path lies in, and the path inside it.

    The path is as this machine names it, or else as the library's torrent client does.
    With `whole` it may be the library itself ("").
    Raises IngestError for a path that is unusable, absent, or outside every library.
    """
    try:
        return _locate(path_text, whole=whole)
    except IngestError as exc:
        if exc.code not in ("path_outside", "path_relative", "path_not_found"):
            raise
        told = exc
    for path in _from_clients(path_text):
        try:
            return _locate(path, whole=whole)
        except IngestError as exc:
            if told.code != "path_not_found":
                told = exc  # it speaks of the folder that the client meant
    raise told


def _from_clients(path_text: str) -> Iterator[str]:
    """What the path is called here, if a torrent client called it so."""
    for library in Library.objects.exclude(client_path="").order_by("-client_path"):
        try:
            yield to_local_path(path_text, library.path, library.client_path)
        except PathNotMapped:
            continue


def _locate(path_text: str, *, whole: bool) -> tuple[Library, str]:
    path = check_path_text(path_text)
    # Of libraries inside one another the inner one counts.
    for library in Library.objects.order_by("-path"):
        real = resolve_inside(path, Path(library.path))
        if real is not None:
            check_path_text(str(real))  # a link may lead to a name that is no text
            return library, _inside(path_text, real, library, whole=whole)
    # What lies elsewhere is not even said to be there.
    if not any(_named_inside(path, library) for library in Library.objects.all()):
        raise IngestError(
            _(
                "%(path)s lies outside every library. Add its folder as a library in "
                "the admin, or move the release into one."
            )
            % {"path": shown(path_text)},
            code="path_outside",
        )
    if _is_there(path):
        raise IngestError(
            _(
                "%(path)s leads out of its library by a link. Move the release itself "
                "into the library."
            )
            % {"path": shown(path_text)},
            code="link_outside",
        )
    raise IngestError(
        _(
            "There is nothing at %(path)s, or Herald may not look there. Check the "
            "spelling and the folder's rights."
        )
        % {"path": shown(path_text)},
        code="path_not_found",
    )


def _inside(path_text: str, real: Path, library: Library, *, whole: bool) -> str:
    inside = real.relative_to(Path(library.path).resolve())
    if inside == Path():
        if whole:
            return ""
        raise IngestError(
            _(
                "%(path)s is the library %(library)s itself. Choose one release inside "
                "it."
            )
            % {"path": shown(path_text), "library": library.name},
            code="path_is_library",
        )
    text = str(inside)
    size = len(text.encode())
    if size > LONGEST_PATH:
        raise IngestError(
            _(
                "The path %(path)s is longer than %(most)d characters inside its "
                "library. Move the release nearer to the library's top."
            )
            # Fewer characters fit where one takes several bytes.
            % {"path": shown(path_text), "most": LONGEST_PATH * len(text) // size},
            code="path_too_long",
        )
    return text


def _named_inside(path: Path, library: Library) -> bool:
    """Whether a path reads as one inside the library, whatever is really there."""
    return Path(os.path.normpath(path)).is_relative_to(library.path)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False
