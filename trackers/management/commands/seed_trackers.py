"""Adds the known sites and built-in templates."""

from typing import Any

from django.core.management.base import CommandParser

from common.commands import DatabaseCommand
from trackers.services.seeds import trackers_seed


class Command(DatabaseCommand):
    """Idempotent; keeps what was edited here and says where it differs."""

    help = "Add the known trackers and the built-in templates; keep local edits."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--sandbox",
            default="",
            metavar="URL",
            help="Point new trackers at a sandbox, for a rehearsal.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = trackers_seed(sandbox_url=options["sandbox"])
        for line in report.made:
            self.stdout.write(f"+ {line}")
        for line in report.kept:
            self.stdout.write(f"= {line}")
        if not report.made:
            self.stdout.write("Nothing to add.")
