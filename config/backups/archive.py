"""The file a backup is: a tar archive of a manifest, the database and the covers.

    manifest.json   {"format", "herald", "database", "made_at", "migrations", "keys"}
    database        SQLite's file, or pg_dump's custom format
    covers/…        the pictures beside the database

Master keys are never in it; `keys` are the ids of those its secrets need.
"""

import json
import os
import re
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from common.rotation import needed_keys
from config.backups.dumps import BackupError, dump
from releases.services.covers import COVER_NAME, covers_dir

FORMAT = 1
LARGEST_MANIFEST = 2**20
_COVER = re.compile(COVER_NAME)
_MEMBER = re.compile(rf"manifest\.json|database|covers/{COVER_NAME}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    herald: str
    database: str
    made_at: str
    migrations: dict[str, list[str]]
    keys: list[str]


def backup_make(target: Path) -> Manifest:
    """Write a backup to a new file (0600). Raises BackupError; then there is no file.

    Herald may go on working meanwhile.
    """
    if target.exists():
        raise BackupError(
            f"{target} exists already, and a backup is never overwritten. Choose "
            "another path."
        )
    try:
        with tempfile.TemporaryDirectory(
            prefix=".herald-backup-", dir=target.resolve().parent
        ) as folder:
            draft = Path(folder) / "backup"
            manifest = _write(draft, Path(folder) / "database")
            _place(draft, target)
    except OSError as exc:
        raise BackupError(
            f"{target} cannot be written: {exc.strerror}. Look at the path, its "
            "permissions and the free space."
        ) from exc
    return manifest


def _place(draft: Path, target: Path) -> None:
    """Give the whole file its name. Raises FileExistsError where something has it."""
    try:
        os.link(draft, target)
    except FileExistsError:
        raise
    except OSError:  # memory sticks and many network shares have no hard links
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        draft.replace(target)


def _write(draft: Path, database: Path) -> Manifest:
    # Before the database: it may only know more keys and migrations, never fewer.
    manifest = Manifest(
        format=FORMAT,
        herald=settings.HERALD_VERSION,
        database=connection.vendor,
        made_at=timezone.now().isoformat(timespec="seconds"),
        migrations=_applied(),
        keys=needed_keys(),
    )
    dump(database)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with (
        os.fdopen(descriptor, "wb") as file,
        tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive,
    ):
        text = database.with_name("manifest.json")
        text.write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
        archive.add(text, "manifest.json")
        archive.add(database, "database")
        # After the database: a cover it names is there, or was replaced by a newer one.
        for cover in sorted(covers_dir().iterdir()):
            # Not those that are being written, nor what somebody else put there.
            if _COVER.fullmatch(cover.name):
                with suppress(FileNotFoundError):  # its release was deleted just now
                    archive.add(cover, f"covers/{cover.name}", recursive=False)
        archive.close()
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _applied() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        found.setdefault(app, []).append(name)
    return found


@contextmanager
def opened(source: Path) -> Iterator[tuple[Manifest, Path]]:
    """A backup's manifest, and a folder with what is in it, gone afterwards.

    Raises BackupError for what is no backup of Herald's.
    """
    with tempfile.TemporaryDirectory(
        prefix=".herald-restore-", dir=settings.DATA_DIR
    ) as name:
        folder = Path(name)
        try:
            _unpack(source, folder)
        except (tarfile.TarError, EOFError, zlib.error) as exc:
            raise _no_backup(source) from exc
        except OSError as exc:
            raise BackupError(
                f"{source} cannot be read: {exc.strerror or exc}. Look at the path, "
                "its permissions and the free space."
            ) from exc
        yield _manifest(source, folder / "manifest.json"), folder


def _unpack(source: Path, folder: Path) -> None:
    """Only what a backup of ours holds, whatever else the archive names."""
    (folder / "covers").mkdir()
    with tarfile.open(source, mode="r:gz") as archive:
        for member in archive:
            ours = member.isreg() and _MEMBER.fullmatch(member.name)
            content = archive.extractfile(member) if ours else None
            if content is None:
                raise _no_backup(source)
            with content, (folder / member.name).open("xb") as file:
                shutil.copyfileobj(content, file)


def _manifest(source: Path, path: Path) -> Manifest:
    try:
        with path.open("rb") as file:
            found = Manifest(**json.loads(file.read(LARGEST_MANIFEST)))
    except (FileNotFoundError, ValueError, TypeError, RecursionError) as exc:
        raise _no_backup(source) from exc
    names = found.migrations.values() if isinstance(found.migrations, dict) else [None]
    if not all(isinstance(one, list) and all(map(_is_text, one)) for one in names):
        raise _no_backup(source)
    return found


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _no_backup(source: Path) -> BackupError:
    return BackupError(
        f"{source} is no backup of Herald's, or it is damaged. Use another one.",
        code="backup_damaged",
    )
