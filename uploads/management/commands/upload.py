"""Publishes from the terminal."""

import logging
import sys
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from common.database import last_word, tables_missing
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
    # They make the data folder, which --server does not need: see `_run_here`.
    requires_system_checks: list[str] = []

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
            code = self._run_here(options, stream)
        if code:
            sys.exit(int(code))

    def _run_here(self, options: dict[str, Any], stream: TextIO) -> Exit:
        leave(False)

        def desk(out: Output) -> Desk:
            return LocalDesk(person(options["user"]))

        trouble = tables_missing()
        if not trouble:
            if not options.get("skip_checks"):
                self.check()
            try:
                return run(options, stream, desk, wish_of)
            except DatabaseError as exc:
                trouble = last_word(exc)
        out = output_for(stream, as_json=options["json"])
        out.say(trouble, event="error", code="database")
        return Exit.FAILED
