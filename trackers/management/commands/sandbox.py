"""`manage.py sandbox`: serve the stand-ins until interrupted."""

import signal
import sqlite3
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from trackers.sandbox.server import NotLoopback, SandboxServer
from trackers.sandbox.store import FILE_NAME


class Command(BaseCommand):
    """Stand-ins of the trackers and of Audnexus, on loopback only."""

    help = "Serve stand-ins of the trackers on this machine, to rehearse on."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen, and where to keep what is uploaded."""
        parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
        parser.add_argument(
            "--port", type=int, default=8700, help="0 takes any free port"
        )
        parser.add_argument(
            "--state",
            type=Path,
            default=None,
            metavar="FOLDER",
            help="keep uploads there over restarts; without it they are forgotten",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until SIGINT or SIGTERM."""
        try:
            server = SandboxServer(
                folder=options["state"], host=options["host"], port=options["port"]
            )
        except NotLoopback as exc:
            raise CommandError(str(exc)) from exc
        except sqlite3.DatabaseError as exc:
            raise CommandError(
                f"{options['state'] / FILE_NAME} is not a state of the sandbox ({exc})."
                " Name another --state folder, or move the file away."
            ) from exc
        except (OSError, OverflowError) as exc:
            raise CommandError(
                f"The sandbox cannot start at {options['host']}:{options['port']}: "
                f"{exc}. Choose another --port, or stop what uses it."
            ) from exc
        finished = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: finished.set())
        server.start()
        self.stdout.write(f"Sandbox ready at {server.origin}/")
        self.stdout.flush()
        finished.wait()
        server.stop()
        self.stdout.write("Sandbox stopped.")
