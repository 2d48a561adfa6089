"""Fills a database with made-up rows, to develop and to measure with."""

import time
from datetime import timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone

from common.commands import DatabaseCommand
from uploads.load.story import MODELS, Story
from uploads.load.surroundings import SITES, surroundings_make
from uploads.load.writing import ids_mend, next_id, rows_write
from uploads.models import Upload, UploadAttempt
from uploads.services.tallying import tallies_rebuild

CHUNK = 500
SAY_SECONDS = 10.0


class Command(DatabaseCommand):
    """Releases of two years with uploads, attempts, events, approvals and people."""

    help = (
        "Fill the configured database with made-up rows. For development and "
        "measurements only: nothing takes them away again."
    )

    _said = 0.0

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--releases", type=int, default=100_000)
        parser.add_argument("--uploads", type=int, default=500_000)
        parser.add_argument("--attempts", type=int, default=1_000_000)
        parser.add_argument("--seed", type=int, default=1, help="Repeats a run.")
        parser.add_argument(
            "--yes-fill-this-database",
            action="store_true",
            help="Needed wherever settings are not DEBUG.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEBUG or options["yes_fill_this_database"]):
            raise CommandError(
                "This fills the database with made-up rows, which nothing takes away "
                "again. If that is what you want, add --yes-fill-this-database."
            )
        if (
            not 0
            < options["releases"]
            <= options["uploads"]
            <= (options["releases"] * len(SITES))
        ):
            raise CommandError(
                f"Give at least one release, and one to {len(SITES)} uploads for each."
            )
        if options["attempts"] < 0:
            raise CommandError("Attempts cannot be fewer than none.")
        began = time.monotonic()
        story = self._story(options)
        for chunk in story.chunks(CHUNK):
            with transaction.atomic():
                for model, rows in chunk.items():
                    rows_write(model, rows)
            self._say(story, time.monotonic() - began)
        ids_mend(*MODELS)
        self.stdout.write("")
        tallies_rebuild(lambda month: self._progress(f"Tallies up to {month}"))
        self._analyze()
        self.stdout.write("")
        for model in MODELS:
            name = str(model._meta.verbose_name_plural)
            self.stdout.write(f"{story.made[model]:>10,} {name}")
        self.stdout.write(f"Done in {time.monotonic() - began:.0f} s.")

    def _story(self, options: dict[str, Any]) -> Story:
        random = Random(options["seed"])  # noqa: S311 - made-up rows, no secrets
        now = timezone.now()
        with transaction.atomic():
            around = surroundings_make(random)
            return Story(
                random=random,
                around=around,
                now=now - timedelta(minutes=1),
                ids={model: next_id(model) for model in MODELS},
                releases=options["releases"],
                uploads=options["uploads"],
                attempts=options["attempts"],
            )

    def _say(self, story: Story, seconds: float) -> None:
        self._progress(
            f"{story.made[Upload]:,} uploads, {story.made[UploadAttempt]:,} attempts, "
            f"{seconds:.0f} s"
        )

    def _progress(self, text: str) -> None:
        """One line that changes on a terminal; elsewhere a line now and then."""
        if self.stdout.isatty():
            self.stdout.write(f"\r{text:<60}", ending="")
            self.stdout.flush()
        elif time.monotonic() - self._said >= SAY_SECONDS:
            self._said = time.monotonic()
            self.stdout.write(text)

    def _analyze(self) -> None:
        """Let the database know what it has got."""
        statement = "VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE"
        with connection.cursor() as cursor:
            cursor.execute(statement)
