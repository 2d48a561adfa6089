"""Covers are kept as files beside the database: one in use, and those to choose from."""

import hashlib
import logging
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from releases.errors import ReleaseError
from releases.metadata.files.covers import cover_rank
from releases.metadata.types import Cover
from releases.models import Release

logger = logging.getLogger(__name__)

SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
MOST_PICTURES = 8
# As `_store` names them; an earlier Herald kept one a release, without the digest.
COVER_NAME = r"\d+(-[0-9a-f]{16})?\.[a-z]{3,4}"


def cover_path(release: Release) -> Path | None:
    """Where a release's cover lies, or None when it has none."""
    return picture_path(release.cover)


def picture_path(picture: dict[str, Any]) -> Path | None:
    """Where one of `cover` and `pictures` lies, or None when there is none."""
    name = picture.get("file", "")
    return covers_dir() / name if name else None


def covers_dir() -> Path:
    """The folder of covers; made on first use."""
    folder = Path(settings.FILES_DIR) / "covers"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Shelf:
    """The best pictures found so far, each once, the earlier one first among equals.

    Of a thousand embedded pictures only these stay in memory.
    """

    def __init__(self) -> None:
        self._found: dict[str, Cover] = {}

    def add(self, cover: Cover | None) -> None:
        """Keep a picture, unless it is there already or worse than all that are."""
        if cover is None or cover.mime not in SUFFIXES:
            return
        self._found.setdefault(hashlib.sha256(cover.content).hexdigest(), cover)
        if len(self._found) > MOST_PICTURES:
            *_, worst = self._ranked()
            del self._found[worst]

    def covers(self) -> list[Cover]:
        """The best first."""
        return [self._found[key] for key in self._ranked()]

    def _ranked(self) -> list[str]:
        return sorted(
            self._found, key=lambda key: cover_rank(self._found[key]), reverse=True
        )


def covers_store(release: Release, covers: Sequence[Cover]) -> None:
    """Keep these pictures, the best first; none: the release has no cover any more.

    A picture that a person chose stays the cover while it is among them.
    """
    before = {one.get("file", "") for one in (release.cover, *release.pictures)}
    pictures = [_store(release, cover) for cover in covers]
    chosen = release.cover.get("sha256") if release.cover.get("chosen") else ""
    kept = next((one for one in pictures if one["sha256"] == chosen), None)
    if kept is not None:
        release.cover = {**kept, "chosen": True}
    else:
        release.cover = pictures[0] if pictures else {}
    release.pictures = pictures
    release.save(update_fields=["cover", "pictures", "updated_at"])
    for name in before - {one["file"] for one in pictures} - {""}:
        (covers_dir() / name).unlink(missing_ok=True)


def cover_choose(*, release_id: int, sha256: str) -> None:
    """Let a person say which of the pictures is the cover. Raises ReleaseError."""
    release = Release.objects.only("cover", "pictures").get(pk=release_id)
    picture = next((one for one in release.pictures if one["sha256"] == sha256), None)
    if picture is None:
        raise ReleaseError(
            _("That picture is not there any more. Look at the covers again."),
            code="picture_gone",
        )
    release.cover = {**picture, "chosen": True}
    release.save(update_fields=["cover", "updated_at"])


def covers_forget(release_id: int) -> None:
    """Take a deleted release's pictures away, once its end is committed.

    Their names begin with its key, so that no other release ever uses them.
    """
    transaction.on_commit(partial(_remove, release_id))


def _remove(release_id: int) -> None:
    for file in covers_dir().glob(f"{release_id}-*"):
        try:
            file.unlink(missing_ok=True)
        except OSError as exc:
            logger.warning("The cover %s stays: %s.", file, exc.strerror)


def _store(release: Release, cover: Cover) -> dict[str, Any]:
    digest = hashlib.sha256(cover.content).hexdigest()
    name = f"{release.pk}-{digest[:16]}.{SUFFIXES[cover.mime]}"
    # Whole or not at all: the disk may be full. Another process may store the same.
    fresh = covers_dir() / f"{name}.{os.getpid()}.new"
    try:
        fresh.write_bytes(cover.content)
        fresh.replace(covers_dir() / name)
    except OSError as exc:  # a full disk does not say which file it has no room for
        raise OSError(exc.errno, exc.strerror, str(fresh)) from exc
    finally:
        fresh.unlink(missing_ok=True)
    return {
        "file": name,
        "mime": cover.mime,
        "origin": cover.origin,
        "width": cover.width,
        "height": cover.height,
        "bytes": len(cover.content),
        "sha256": digest,
    }
