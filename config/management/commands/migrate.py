"""Django's migrate, which is what a new installation runs first."""

from typing import Any

from django.core.management.commands import migrate

from config.checks import make_database_file


class Command(migrate.Command):
    """Also makes the data folder and SQLite's file.

    The checks that migrate runs first make them as well, but in no certain order, and
    some of the others connect.
    """

    def execute(self, *args: Any, **options: Any) -> str | None:
        """As in Django."""
        make_database_file()
        return super().execute(*args, **options)
