"""`python -m uploads.cli --server URL …`: publish on a Herald elsewhere.

Needs no settings, no keys and no database on this machine.
"""

import argparse
import sys

from uploads.cli.arguments import HELP, add_arguments
from uploads.cli.running import run_remote


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="python -m uploads.cli", description=HELP)
    add_arguments(parser)
    options = vars(parser.parse_args())
    if not options["server"]:
        parser.error("say where Herald is, with --server URL or HERALD_SERVER")
    return int(run_remote(options, sys.stdout))


if __name__ == "__main__":
    sys.exit(main())
