"""Nothing outside a library is ever read."""

import os
from pathlib import Path

from django.utils.translation import gettext as _

from releases.ingest.errors import IngestError

LONGEST_SHOWN = 300


def resolve_inside(path: Path, root: Path) -> Path | None:
    """The real path of `path` when it lies inside the real `root`, else None."""
    try:
        real, real_root = path.resolve(strict=True), root.resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        return None
    return real if real.is_relative_to(real_root) else None


def check_path_text(text: str) -> Path:
    """A usable absolute path from what a person typed.

    Raises IngestError for NUL, undecodable or relative paths.
    """
    if not text.strip():
        raise IngestError(
            _("No path was given. Give the absolute path of a folder or file."),
            code="path_missing",
        )
    if "\0" in text:
        raise IngestError(
            _("The path holds a NUL character, which no file name can. Type it again."),
            code="path_invalid",
        )
    try:
        os.fsencode(text).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError) as exc:
        raise IngestError(
            _(
                "The path %(path)s is not valid UTF-8, which torrents need. Rename the "
                "folder or file and try again."
            )
            % {"path": ascii(text)},
            code="name_not_utf8",
        ) from exc
    path = Path(text)
    if not path.is_absolute():
        raise IngestError(
            _("%(path)s is not an absolute path. Begin it with a slash.")
            % {"path": text},
            code="path_relative",
        )
    return path


def shown(path: str) -> str:
    """A path for a sentence: bounded, control and direction characters visible."""
    text = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in path
    )
    if len(text) > LONGEST_SHOWN:
        half = LONGEST_SHOWN // 2
        return f"{text[:half]}…{text[-half:]}"
    return text
