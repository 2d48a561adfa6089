"""`manage.py backup`: the database and the covers in one file, the keys in another."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from common.commands import DatabaseCommand
from common.errors import AppError
from common.keys import export_keys
from config.backups.archive import backup_make


class Command(DatabaseCommand):
    """Makes one consistent backup while Herald goes on working."""

    help = (
        "Write a backup of the database and the covers to a new file. Herald may go on "
        "working. Master keys are never in it; --keys writes them to a file of their own."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="where to; it must not exist yet")
        parser.add_argument(
            "--keys",
            type=Path,
            metavar="FILE",
            help="also write the master keys, to a new file that only you may read; "
            "keep it somewhere else",
        )

    def handle(self, *_: Any, file: Path, keys: Path | None, **__: Any) -> None:
        try:
            manifest = backup_make(file)
            written = export_keys(keys) if keys else ()
        except AppError as exc:
            raise CommandError(exc.message) from exc
        size = file.stat().st_size / 2**20
        self.stdout.write(f"{file}: {size:.1f} MiB, as of {manifest.made_at}.")
        if written:
            self.stdout.write(f"{keys}: keys {', '.join(written)}. Keep it elsewhere.")
        elif manifest.keys:
            self.stdout.write(
                f"Its secrets need the master keys {', '.join(manifest.keys)}: keep a "
                "copy of them elsewhere (--keys FILE makes one)."
            )
