"""Counts everything anew for the analytics page."""

from typing import Any

from common.commands import DatabaseCommand
from uploads.services.tallying import tallies_rebuild


class Command(DatabaseCommand):
    """The tallies from the attempts and uploads; figures stay right meanwhile."""

    help = (
        "Make the tallies of the analytics page from the attempts and uploads again. "
        "Needed after rows were changed by hand."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        days = tallies_rebuild(lambda month: self.stdout.write(f"{month:%Y-%m}"))
        self.stdout.write(f"Counted {days} days anew.")
