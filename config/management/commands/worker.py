"""Runs the workers of this machine."""

import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.cluster import WorkerCluster
from config.ticker import Ticker, recover

GRACE_SECONDS = 8.0


class Command(BaseCommand):
    """django-q2's worker processes, their supervisor, and the ticker."""

    help = "Prepare releases, send uploads and follow seeding until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--grace",
            type=float,
            default=GRACE_SECONDS,
            metavar="SECONDS",
            help="how long what is being done may go on after SIGTERM or Ctrl-C "
            "(default: %(default)s); what takes longer is taken up at the next start",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()

        def leave(signum: int, frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, leave)
        signal.signal(signal.SIGINT, leave)
        cluster = WorkerCluster()
        cluster.start()
        self.stdout.write("The worker is running. Stop it with Ctrl-C.")
        ticker = Ticker()
        while not stop.is_set():
            cluster.keep()
            ticker.tick()
            stop.wait(ticker.seconds)
        self.stdout.write("Stopping; what is being sent is finished first.")
        if not cluster.stop(seconds=options["grace"]):
            self.stdout.write("What was not finished is taken up at the next start.")
        recover()
