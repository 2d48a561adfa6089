"""Runs the workers of this machine."""

from typing import Any

from django.core.management.base import CommandParser

from common.commands import DatabaseCommand
from config.cluster import WorkerCluster
from config.stopping import Stop
from config.ticker import Ticker, recover

# With what follows it stays below the ten seconds that containers are given.
GRACE_SECONDS = 7.0
# What the database may take besides, before the end does not wait for it any more.
LAST_SECONDS = 2.5


class Command(DatabaseCommand):
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
        grace, cluster, ticker = options["grace"], WorkerCluster(), Ticker()

        def give_up() -> None:
            cluster.signal_kill()
            self.stdout.write("The database gives no answer; the end does not wait.")
            self.stdout.flush()

        with Stop(grace + LAST_SECONDS, give_up) as stop:
            cluster.start()
            self.stdout.write("The worker is running. Stop it with Ctrl-C.")
            while not stop.is_set():
                cluster.keep()
                ticker.tick()
                stop.wait(ticker.seconds)
            self.stdout.write("Stopping; what is being sent is finished first.")
            if not cluster.stop(seconds=grace):
                self.stdout.write(
                    "What was not finished is taken up at the next start."
                )
            recover()
