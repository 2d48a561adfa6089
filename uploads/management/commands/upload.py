"""Publishes from the terminal."""

import logging
import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from common.errors import AppError
from common.permissions import require
from common.worker import leave
from uploads.cli.output import Output, output_for
from uploads.cli.people import person
from uploads.cli.publishing import publish
from uploads.cli.queue import retry, show_queue, show_status
from uploads.cli.wish import Exit, wish_of


class Command(BaseCommand):
    """One release from its folder to seeding, or a look at the queue."""

    help = (
        "Publish a folder or file: prepare, show, approve, upload, prove seeding. "
        "Exit codes: 0 done, 1 failed, 2 bad input or not allowed, 3 waits for a "
        "person, 4 still running."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", nargs="?", help="A release's folder or file, or a .torrent of it."
        )
        parser.add_argument(
            "--content", default="", help="Where a given .torrent's files lie."
        )
        parser.add_argument(
            "--trackers", default="", help="Slugs, comma separated; default: all."
        )
        parser.add_argument("--kind", default="", help="Such as audiobook or music.")
        parser.add_argument("--asin", default="", help="If the files do not say.")
        parser.add_argument("--user", default="", help="Act as this Herald user.")
        parser.add_argument("--yes", action="store_true", help="Approve unasked.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Prepare and show; send nothing."
        )
        parser.add_argument("--json", action="store_true", help="One JSON per line.")
        parser.add_argument(
            "--wait", type=float, default=300.0, help="Seconds to follow; default 300."
        )
        looks = parser.add_mutually_exclusive_group()
        looks.add_argument("--queue", action="store_true", help="Show the queue.")
        looks.add_argument("--status", action="store_true", help="Show all uploads.")
        looks.add_argument(
            "--retry", nargs="*", type=int, metavar="ID", help="Retry failed uploads."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verbosity"] < 2:
            # What is worth a person's while is said on the standard output.
            logging.getLogger().setLevel(logging.WARNING)
            logging.getLogger("django-q").setLevel(logging.WARNING)
        self.stdout.ending = ""  # each line brings its own
        out = output_for(self.stdout, as_json=options["json"])
        leave(False)
        try:
            code = self._run(out, options)
        except AppError as exc:
            out.say(exc.message, event="error", code=exc.code)
            code = Exit.FAILED if exc.code == "internal" else Exit.USAGE
        except DatabaseError as exc:
            out.say(
                f"The database cannot be used: {exc}. Check DATABASE_URL, and run "
                "manage.py migrate.",
                event="error",
                code="database",
            )
            code = Exit.FAILED
        except KeyboardInterrupt:
            out.say("Stopped. Nothing was approved or sent.", event="interrupted")
            code = Exit.NEEDS_PERSON
        except BrokenPipeError:
            # Whoever read has seen enough; Python would complain once more at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = Exit.STILL_RUNNING
        if code:
            sys.exit(int(code))

    def _run(self, out: Output, options: dict[str, Any]) -> Exit:
        _check_text(options)
        user = person(options["user"])
        looks = options["queue"] or options["status"] or options["retry"] is not None
        if looks and options["path"]:
            raise AppError(
                "Give either a path, or one of --queue, --status and --retry.",
                code="path_unexpected",
            )
        if options["retry"] is not None:
            require(user, "uploads.drive_upload", "retry uploads")
            return retry(options["retry"], user, out)
        if looks:
            require(user, "uploads.view_upload", "see uploads")
            return (show_queue if options["queue"] else show_status)(out)
        if not options["path"]:
            raise AppError(
                "Give the path of a release, or one of --queue, --status, --retry.",
                code="path_missing",
            )
        return publish(wish_of(options), user, out)


def _check_text(options: dict[str, Any]) -> None:
    """Arguments are bytes; raise AppError for those that are no text."""
    for name in ("user", "trackers", "kind", "asin"):
        try:
            options[name].encode()
        except UnicodeEncodeError as exc:
            raise AppError(
                f"What was given with --{name} is not valid UTF-8. Type it again.",
                code="argument_not_utf8",
            ) from exc
