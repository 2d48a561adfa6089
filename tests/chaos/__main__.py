"""Run the fault matrix. `manage.py chaos` calls this; see docs/reliability.md.

python -m tests.chaos [--cells N --seed S] [--database sqlite] [--only STEP] …
"""

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from tests.chaos.cells import Cell


# Exit codes, beside 0 and 1 (a cell is bad, or the matrix itself broke).
MISSING, WRONG = 3, 2


def options() -> argparse.ArgumentParser:
    """What can be asked for."""
    parser = argparse.ArgumentParser(
        prog="manage.py chaos",
        description="Stop workers at every step of an upload, in every way, and see "
        "that nothing is lost and nothing is sent twice.",
    )
    parser.add_argument("--cells", type=int, metavar="N", help="a sample of N cells")
    parser.add_argument("--seed", type=int, default=1, help="of the sample (1)")
    parser.add_argument(
        "--database", choices=("sqlite", "postgresql", "both"), default="both"
    )
    parser.add_argument("--lanes", type=int, default=8, help="run side by side (8)")
    parser.add_argument("--only", action="append", metavar="STEP", help="these steps")
    parser.add_argument("--stop", action="append", metavar="STOP", help="these stops")
    parser.add_argument(
        "--cell",
        action="append",
        metavar="STEP:STOP:BEHAVIOUR:TRACKER",
        help="this very cell, with what its worker said",
    )
    parser.add_argument("--json", action="store_true", help="results as JSON lines")
    parser.add_argument("--write", action="store_true", help="docs/reliability.md")
    parser.add_argument("--no-client", action="store_true", help="no qBittorrent")
    # For the tests of the matrix itself: tests/chaos/broken.py.
    parser.add_argument("--broken", default="", help=argparse.SUPPRESS)
    return parser


def main() -> int:
    """The command line described at the top of this file."""
    given = options().parse_args()
    # So that what was started is ended, and what was made is removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="herald-chaos-") as name:
        server = stand_alone(Path(name))
        django.setup()
        from tests.chaos import cells, report
        from tests.chaos.matrix import CannotRun, Matrix
        from tests.chaos.tables import DATABASES

        try:
            cells.check_places()
            chosen = select(given)
            both = given.database == "both"
            databases = DATABASES if both else (given.database,)
            # What the workers said is too long to be handed over side by side.
            lanes = 1 if given.cell else min(given.lanes, len(chosen))
            matrix = Matrix(Path(name), lanes=lanes, broken=given.broken)
            results = matrix.run(chosen, databases, server, told=bool(given.cell))
        except (CannotRun, LookupError, ValueError) as exc:
            sys.stderr.write(f"chaos: {exc}\n")
            return MISSING if isinstance(exc, CannotRun) else WRONG
    seconds = time.monotonic() - begun
    if given.json:
        for result in results:
            sys.stdout.write(json.dumps(asdict(result)) + "\n")
    else:
        sys.stdout.write(report.text(results, seconds) + "\n")
    if given.write:
        report.write(results, seconds)
    return 1 if any(result.problems for result in results) else 0


def stand_alone(folder: Path) -> str:
    """Leave whatever Herald has here alone; gives the PostgreSQL server, if named."""
    server = os.environ.pop("DATABASE_URL", "")
    os.environ.pop("BROKER_URL", None)
    os.environ["HERALD_DATA_DIR"] = str(folder / "data")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    return server if server.startswith("postgres") else ""


def select(given: argparse.Namespace) -> "list[Cell]":
    """The cells that were asked for. Raises ValueError for an unknown name."""
    from tests.chaos.cells import Cell, all_cells, sample
    from tests.chaos.tables import STEP, STOP

    if given.cell:
        return [Cell.named(text) for text in given.cell]
    for name in given.only or ():
        if name not in STEP:
            raise ValueError(
                f"There is no step {name!r}; choose from {', '.join(STEP)}."
            )
    for name in given.stop or ():
        if name not in STOP:
            raise ValueError(
                f"There is no stop {name!r}; choose from {', '.join(STOP)}."
            )
    found = [
        cell
        for cell in all_cells()
        if cell.step in (given.only or STEP)
        and cell.stop in (given.stop or STOP)
        and not (given.no_client and STEP[cell.step].client)
    ]
    return sample(found, given.cells, given.seed) if given.cells else found


if __name__ == "__main__":
    sys.exit(main())
