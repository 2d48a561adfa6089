"""Covers are kept as files beside the database, one for a release."""

from pathlib import Path

from django.conf import settings

from releases.metadata.types import Cover
from releases.models import Release

SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def cover_path(release: Release) -> Path | None:
    """Where a release's cover lies, or None when it has none."""
    name = release.cover.get("file", "")
    return covers_dir() / name if name else None


def covers_dir() -> Path:
    """The folder of covers; made on first use."""
    folder = Path(settings.FILES_DIR) / "covers"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def cover_store(release: Release, cover: Cover | None) -> None:
    """Keep this picture as the release's cover; None: it has none any more."""
    suffix = SUFFIXES.get(cover.mime) if cover else None
    if cover is None or suffix is None:
        release.cover = {}
    else:
        name = f"{release.pk}.{suffix}"
        # Whole or not at all: the disk may be full.
        fresh = covers_dir() / f"{name}.new"
        try:
            fresh.write_bytes(cover.content)
            fresh.replace(covers_dir() / name)
        finally:
            fresh.unlink(missing_ok=True)
        release.cover = {
            "file": name,
            "mime": cover.mime,
            "origin": cover.origin,
            "width": cover.width,
            "height": cover.height,
            "bytes": len(cover.content),
        }
    release.save(update_fields=["cover", "updated_at"])
