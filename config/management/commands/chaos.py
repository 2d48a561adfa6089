"""The fault matrix, in a checkout for development: docs/reliability.md."""

import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Hands its arguments on: the matrix runs apart, with settings of its own."""

    help = "Stop workers at every step of an upload and see that nothing is lost."
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Let the matrix read the options itself; ends this process."""
        try:
            code = self.handle(*argv[2:])
        except CommandError as exc:
            self.stderr.write(str(exc))
            code = 2
        sys.exit(code)

    def handle(self, *args: Any, **options: Any) -> Any:
        """The exit code of the matrix: 1 when a cell is bad."""
        if not (settings.BASE_DIR / "tests" / "chaos").is_dir():
            raise CommandError(
                "The fault matrix is part of the tests; run it in a checkout of "
                "Herald's source with the requirements for development installed."
            )
        command = [sys.executable, "-m", "tests.chaos", *args]
        return subprocess.run(command, cwd=settings.BASE_DIR).returncode  # noqa: S603
