"""Fills a fresh database for the demo."""

from typing import Any

from django.core.management.base import CommandParser

from common.commands import DatabaseCommand
from config.demo import PEOPLE, demo_make


class Command(DatabaseCommand):
    """Accounts, sandbox trackers, a library with two audiobooks."""

    help = "Make the demo's accounts, trackers, library and releases."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sandbox", required=True, metavar="URL")
        parser.add_argument("--qbittorrent", default="", metavar="URL")

    def handle(self, *args: Any, **options: Any) -> None:
        demo = demo_make(
            sandbox_url=options["sandbox"].rstrip("/"),
            qbittorrent_url=options["qbittorrent"].rstrip("/"),
        )
        self.stdout.write(f"Login     admin / {demo.password}")
        self.stdout.write(f"          {', '.join(PEOPLE)}: the same password")
        self.stdout.write(f"Releases  {', '.join(str(r.name) for r in demo.releases)}")
        if not demo.has_client:
            self.stdout.write("No qBittorrent: uploads work, seeding is not proven.")
