"""`manage.py generate_key`: makes a master key."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.errors import AppError
from common.keys import create_key_file, new_key_line


class Command(BaseCommand):
    """Prints a fresh key line, or writes it to a new file only its owner can read."""

    help = "Make a master key: `id:base64`. Printed, or written to a new 0600 file."
    requires_system_checks = []  # the keys are what the checks would miss

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, help="Write it here; never overwrite.")
        parser.add_argument("--id", default="", help="The key's id (default: random).")

    def handle(self, *_: Any, file: Path | None, id: str, **__: Any) -> None:
        try:
            if file is None:
                self.stdout.write(new_key_line(id))
                return
            key_id = create_key_file(file, id)
        except AppError as exc:
            raise CommandError(exc.message) from exc
        self.stdout.write(
            f"Key {key_id} is in {file}. Set HERALD_MASTER_KEY_FILE={file.absolute()} "
            "and keep a copy of the file apart from the database's backups."
        )
