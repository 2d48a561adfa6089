"""What management commands share that need a database with tables."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.database import tables_missing


class DatabaseCommand(BaseCommand):
    """Refuses in one sentence where there are no tables yet, and leaves nothing there.

    The system checks, which a command runs first, would make the data folder.
    """

    def execute(self, *args: Any, **options: Any) -> str | None:
        """As in Django. Raises CommandError where `manage.py migrate` comes first."""
        missing = tables_missing()
        if missing:
            raise CommandError(missing)
        return super().execute(*args, **options)
