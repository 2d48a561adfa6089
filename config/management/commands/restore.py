"""`manage.py restore`: brings a backup back, so that nothing is sent twice."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.errors import AppError
from config.backups.restoring import Restored, backup_restore


class Command(BaseCommand):
    """Restores; exit code 1 when keys are missing for its secrets."""

    help = (
        "Replace database and covers by a backup. Stop the web server and all workers "
        "first. Uploads that are not finished in it ask their tracker before they send."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=_existing, help="a backup made by manage.py backup"
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="also where there are releases already; they are backed up before",
        )

    def handle(self, *_: Any, file: Path, replace: bool, **__: Any) -> None:
        try:
            result = backup_restore(file, replace=replace)
        except AppError as exc:
            raise CommandError(exc.message) from exc
        self._tell(result)
        if result.missing_keys:
            raise CommandError(
                f"Restored, but the secrets in it need the master keys "
                f"{', '.join(result.missing_keys)}, which this Herald does not have. "
                "Add them to the key file; until then no tracker can be used."
            )

    def _tell(self, result: Restored) -> None:
        if result.kept:
            self.stdout.write(f"What was here before is in {result.kept}.")
        self.stdout.write(
            f"Restored as of {result.manifest.made_at}. {result.asked_first} uploads "
            "are not finished; their trackers are asked before anything is sent."
        )
        self.stdout.write(
            "Everybody has to log in again. Start the worker and the web."
        )


def _existing(text: str) -> Path:
    """A file that is there: asked before the data folder of a new Herald is made."""
    path = Path(text)
    if not path.is_file():
        raise ArgumentTypeError(f"{path} cannot be read: there is no such file.")
    return path
