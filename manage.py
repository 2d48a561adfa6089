#!/usr/bin/env python
"""Herald's command-line entry point."""

import os
import sys

# As a shell says it of a program that Ctrl-C ended, or whose reader has gone.
INTERRUPTED, SEEN_ENOUGH = 128 + 2, 128 + 13


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

    from common.database import is_passing, last_word

    try:
        execute_from_command_line(sys.argv)
        sys.stdout.flush()
    except ImproperlyConfigured as exc:
        sys.exit(f"Herald cannot start: {exc}")
    except BrokenPipeError:
        _drop_output()
        sys.exit(SEEN_ENOUGH)
    except (DatabaseError, InterfaceError, OSError) as exc:
        if "--traceback" in sys.argv or (
            isinstance(exc, OSError) and not is_passing(exc)
        ):
            raise
        _drop_output()
        sys.exit(last_word(exc))


def _drop_output() -> None:
    """Where the output itself is to blame, Python would complain once more."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
