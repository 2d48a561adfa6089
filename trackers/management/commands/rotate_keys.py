"""`manage.py rotate_keys`: brings every stored secret under the first master key."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from common.commands import DatabaseCommand
from common.errors import AppError
from common.keys import key_ring
from common.rotation import Rotation, rotate


class Command(DatabaseCommand):
    """Re-encrypts, tells how it went; exit code 1 when a value stays behind."""

    help = (
        "Re-encrypt every stored secret with the first key of the ring. May be "
        "interrupted and run again at any time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Count only; change nothing."
        )

    def handle(self, *_: Any, dry_run: bool, **__: Any) -> None:
        try:
            result = rotate(dry_run=dry_run)
        except AppError as exc:
            raise CommandError(exc.message) from exc
        done = "would be re-encrypted" if dry_run else "re-encrypted"
        self.stdout.write(
            f"{result.seen} secrets: {result.rotated} {done}, "
            f"{len(result.unreadable)} unreadable."
        )
        for model, pk, name, sentence in result.unreadable:
            self.stderr.write(f"{model} {pk}, {name}: {sentence}")
        self._tell_keys(result)
        if result.unreadable or (result.outstanding and not dry_run):
            raise CommandError(
                f"{result.outstanding} secrets are not under key {key_ring().first}. "
                "See above, then run rotate_keys again; restart every Herald process "
                "that started before the new key was first in the ring."
            )

    def _tell_keys(self, result: Rotation) -> None:
        for key_id, count in sorted(result.key_ids.items()):
            self.stdout.write(f"Key {key_id}: {count} secrets.")
        if result.removable:
            self.stdout.write(
                f"No stored secret needs {', '.join(result.removable)} any more. Older "
                "backups do: keep a copy with them, then remove it from the ring."
            )
