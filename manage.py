#!/usr/bin/env python
"""Herald's command-line entry point."""

import os
import sys

INTERRUPTED = 128 + 2  # as a shell says it of a program that Ctrl-C ended


def main() -> None:
    """Run a management command with the settings named in the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    try:
        _run()
    except KeyboardInterrupt:
        # Mostly while everything is loaded; afterwards commands say more about it.
        sys.stderr.write("Stopped.\n")
        sys.exit(INTERRUPTED)


def _run() -> None:
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError, InterfaceError

    from common.database import last_word

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as exc:
        sys.exit(f"Herald cannot start: {exc}")
    except (DatabaseError, InterfaceError) as exc:
        if "--traceback" in sys.argv:
            raise
        sys.exit(last_word(exc))


if __name__ == "__main__":
    main()
