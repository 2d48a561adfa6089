"""Publishes from the terminal."""

import logging
import sys
from typing import Any, TextIO, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from common.worker import leave
from uploads.cli.arguments import HELP, add_arguments
from uploads.cli.desk import Desk
from uploads.cli.local import LocalDesk
from uploads.cli.output import Output, output_for
from uploads.cli.people import person
from uploads.cli.running import run, run_remote
from uploads.cli.wish import Exit, wish_of


class Command(BaseCommand):
    """Releases from their folders to seeding, or a look at the queue."""

    help = HELP

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser)
        parser.add_argument("--user", default="", help="Act as this Herald user.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verbosity"] < 2:
            # What is worth a person's while is said on the standard output.
            logging.getLogger().setLevel(logging.WARNING)
            logging.getLogger("django-q").setLevel(logging.WARNING)
        self.stdout.ending = ""  # each line brings its own
        stream = cast(TextIO, self.stdout)
        if options["server"]:
            code = run_remote(options, stream)
        else:
            code = _run_here(options, stream)
        if code:
            sys.exit(int(code))


def _run_here(options: dict[str, Any], stream: TextIO) -> Exit:
    leave(False)

    def desk(out: Output) -> Desk:
        return LocalDesk(person(options["user"]))

    try:
        return run(options, stream, desk, wish_of)
    except DatabaseError as exc:
        output_for(stream, as_json=options["json"]).say(
            f"The database cannot be used: {exc}. The data folder is "
            f"{settings.DATA_DIR}. Check HERALD_DATA_DIR and DATABASE_URL, and run "
            "manage.py migrate.",
            event="error",
            code="database",
        )
        return Exit.FAILED
