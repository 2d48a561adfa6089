"""Bringing a backup back, so that nothing is sent twice afterwards.

The trackers did not go back in time with us: what the backup calls unsent may have
been sent since. So every upload that is not finished asks its tracker first.
"""

import shutil
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django_q.models import OrmQ

from common.errors import AppError
from common.keys import key_ring
from common.rotation import needed_keys
from common.worker import is_dead
from config.backups.archive import FORMAT, Manifest, backup_make, opened
from config.backups.dumps import BackupError, load
from config.people.models import Session
from releases.models import Release
from releases.services.claims import releases_free_all
from releases.services.covers import covers_dir
from uploads.models import Heartbeat
from uploads.services.restored import uploads_ask_first

FRESH = timedelta(seconds=60)


@dataclass(slots=True)
class Restored:
    """What was brought back. `kept` is a backup of what was there before."""

    manifest: Manifest
    kept: Path | None
    asked_first: int = 0
    missing_keys: list[str] = field(default_factory=list)


def backup_restore(source: Path, *, replace: bool) -> Restored:
    """Replace database and covers by a backup, and migrate it to this version.

    `replace` allows it where releases are there already; those are backed up first.
    Raises BackupError; before the database was touched, unless it says otherwise.
    """
    with opened(source) as (manifest, folder):
        _check(manifest)
        count = _present()
        if count and not replace:
            raise BackupError(
                f"This Herald holds {count} releases. They would be replaced; say "
                "--replace if they shall be. They are backed up before.",
                code="backup_would_replace",
            )
        kept = _keep() if count else None
        load(folder / "database")
        call_command("migrate", interactive=False, verbosity=0)
        _covers(folder / "covers")
    result = Restored(manifest=manifest, kept=kept)
    result.missing_keys = _missing_keys()
    result.asked_first = _settle_down()
    return result


def _check(manifest: Manifest) -> None:
    if manifest.format != FORMAT:
        raise BackupError(
            f"The backup has format {manifest.format}; this Herald reads {FORMAT}. "
            f"It was made by Herald {manifest.herald}: use that version or a newer one."
        )
    if manifest.database != connection.vendor:
        raise BackupError(
            f"The backup is of {manifest.database}, this Herald runs on "
            f"{connection.vendor}. Set DATABASE_URL to a {manifest.database} database."
        )
    known = MigrationLoader(None).disk_migrations
    newer = [
        f"{app}.{name}"
        for app, names in manifest.migrations.items()
        for name in names
        if (app, name) not in known
    ]
    if newer:
        raise BackupError(
            f"The backup was made by a newer Herald ({manifest.herald}): this one does "
            f"not know {newer[0]}. Update Herald first."
        )
    _nobody_works()


def _nobody_works() -> None:
    fresh = timezone.now() - FRESH
    try:
        workers = list(
            Heartbeat.objects.filter(seen_at__gt=fresh).values_list("worker", flat=True)
        )
    except DatabaseError:
        return  # a new, empty database
    if any(is_dead(worker) is not True for worker in workers):
        raise BackupError(
            "A worker is running, or was a minute ago on another machine. Stop every "
            "worker and web server, then restore.",
            code="worker_running",
        )


def _present() -> int:
    try:
        return Release.objects.count()
    except DatabaseError:
        return 0


def _keep() -> Path:
    stamp = timezone.now().strftime("%Y%m%d-%H%M%S-%f")
    path = Path(settings.DATA_DIR) / f"before-restore-{stamp}.tar.gz"
    backup_make(path)
    return path


def _covers(folder: Path) -> None:
    target = covers_dir()
    try:
        for old in target.iterdir():
            old.unlink()
        for cover in folder.iterdir():
            shutil.copyfile(cover, target / cover.name)
    except OSError as exc:
        raise BackupError(
            f"The database is restored, but the covers could not be written to {target}: "
            f"{exc.strerror}. Look at its permissions and the free space, then restore "
            "again before anything is started."
        ) from exc


def _missing_keys() -> list[str]:
    try:
        ring = set(key_ring().ids)
    except AppError:
        ring = set()
    return [one for one in needed_keys() if one not in ring]


def _settle_down() -> int:
    """Nothing of what ran when the backup was made runs now."""
    OrmQ.objects.all().delete()
    Heartbeat.objects.all().delete()
    Session.objects.all().delete()  # a log-in ended since must not come back
    releases_free_all()
    return uploads_ask_first()
