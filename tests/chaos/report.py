"""What a run found: for the terminal, and as docs/reliability.md."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median

from tests.chaos.cells import all_cells
from tests.chaos.haste import GRACE_SECONDS
from tests.chaos.lane import END_SECONDS, Result
from tests.chaos.tables import BEHAVIOURS, DATABASES, STEPS, STOPS

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "reliability.md"
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
SLOWEST = 5

BEGINNING = f"""\
# Reliability: the fault matrix

This page is written by `manage.py chaos --write`; what it says was measured.

Herald promises that an upload is never lost and never sent twice, whatever happens to
it on its way. The matrix stops a worker at each step of an upload, in each way it can
be stopped, while the site behaves well or badly, and then looks at what the site holds.
`manage.py chaos` runs it in a checkout for development, with its own databases, its own
sandboxes and a real qBittorrent; nothing of an installed Herald is touched. `make test`
runs a sample of it on each database.

## A cell

A cell is a step × a stop × what the site does × a tracker (`red` or `ops`), on SQLite
or on PostgreSQL. For each cell a prepared release is approved for both trackers and the
real `manage.py worker` is started. At the step, done for the cell's tracker, the
process is held; then it is stopped, the cause goes away again where it lasts, and a new
worker is started where none is left. From there on nobody helps.

The code that runs is Herald's own. Python's trace hook finds the steps. Only waits
are shortened: those between looks and tries, for locks, leases, and the grace period of
SIGTERM ({GRACE_SECONDS:g} s).
"""

OUTCOME = f"""\
## What counts as good

All of this, at most {END_SECONDS:.0f} seconds after the stop:

- The site holds exactly one upload for each approved tracker, as the sandbox itself
  says, and the row is `success` with that upload's id.
- Between any two requests that a site read whole, it was asked whether the first was
  stored. (A request that was refused as a duplicate counts as a request.)
- Each request that arrived was written down before it left.
- No claim is left, no attempt is open, the attempts are numbered without a gap, and
  none that was closed has changed since.
- The release is published. In the steps of the client, seeding is confirmed by the
  client and by the tracker.
- The worker did not end by itself; told to end, it did so in time.

An upload that waits for a person is not good in any cell: each of them is settled
without one. A step that a cell cannot reach is counted as not reached, and the cell is
judged all the same.
"""


def text(results: Sequence[Result], seconds: float) -> str:
    """The outcome for a terminal."""
    parts = []
    for vendor, found in _by_database(results):
        parts += [f"\n{NAMES[vendor]}: {_total(found)}", *_plain_table(found)]
    parts += ["", f"{len(results)} cells in {seconds / 60:.1f} minutes. Slowest:"]
    for result in sorted(results, key=lambda one: -one.seconds)[:SLOWEST]:
        parts.append(f"  {result.seconds:6.1f} s  {result.cell} ({result.database})")
    for result in results:
        parts += [f"  | {line}" for line in result.log]
    for result in results:
        if result.problems:
            parts += ["", f"BAD {result.cell} on {NAMES[result.database]}:"]
            parts += [f"  - {problem}" for problem in result.problems]
            parts.append(f"  again: {again(result)}")
    return "\n".join(parts)


def again(result: Result) -> str:
    """The command that runs this very cell."""
    return f"manage.py chaos --database {result.database} --cell {result.cell}"


def write(results: Sequence[Result], seconds: float) -> None:
    """Write the page."""
    parts = [
        BEGINNING,
        "| Step | Where the worker is held |\n|---|---|",
        *(f"| {step.label} | {_place(step.event, step.place)} |" for step in STEPS),
        "\n| Stop | How it is made |\n|---|---|",
        *(f"| {stop.label} | {stop.how} |" for stop in STOPS),
        "\n| The site | The sandbox's fault |\n|---|---|",
        *(f"| {one.label} | {_fault(one.fault, one.hides)} |" for one in BEHAVIOURS),
        f"\n{OUTCOME}",
        f"## The last run\n\n{len(results)} of {len(all_cells()) * len(DATABASES)} "
        f"cells, {seconds / 60:.0f} minutes, without help from anybody. Each "
        "field says how many of its cells (over all behaviours and trackers) were good.",
    ]
    for vendor, found in _by_database(results):
        parts += [f"\n### {NAMES[vendor]}\n\n{_total(found)}\n", *_page_table(found)]
        parts += [
            "\n| Stop | Median seconds until all was over | Longest |\n|---|---|---|",
            *_times(found),
        ]
    bad = [result for result in results if result.problems]
    if bad:
        parts.append("\n### Bad cells\n")
        parts += [f"- `{one.cell}` ({one.database}): {one.problems[0]}" for one in bad]
    PAGE.write_text("\n".join(parts) + "\n", encoding="utf-8")


def _by_database(results: Sequence[Result]) -> Iterable[tuple[str, list[Result]]]:
    for vendor in DATABASES:
        found = [result for result in results if result.database == vendor]
        if found:
            yield vendor, found


def _total(found: Sequence[Result]) -> str:
    bad = sum(bool(result.problems) for result in found)
    missed = sum(not result.reached for result in found)
    return (
        f"{len(found)} cells, {len(found) - bad} good, {bad} bad, "
        f"{missed} whose step was not reached."
    )


def _counts(found: Sequence[Result], step: str, stop: str) -> str:
    here = [one for one in found if one.cell.startswith(f"{step}:{stop}:")]
    good = sum(not one.problems for one in here)
    if not here:
        return "–"
    return str(good) if good == len(here) else f"{good} of {len(here)}"


def _plain_table(found: Sequence[Result]) -> list[str]:
    width = max(len(step.name) for step in STEPS)
    lines = [" " * width + "".join(f"{stop.name:>12}" for stop in STOPS)]
    for step in STEPS:
        fields = (_counts(found, step.name, stop.name) for stop in STOPS)
        lines.append(f"{step.name:<{width}}" + "".join(f"{one:>12}" for one in fields))
    return lines


def _page_table(found: Sequence[Result]) -> list[str]:
    lines = [
        "| |" + "".join(f" {stop.label} |" for stop in STOPS),
        "|---|" + "---|" * len(STOPS),
    ]
    for step in STEPS:
        fields = (_counts(found, step.name, stop.name) for stop in STOPS)
        lines.append(f"| {step.label} |" + "".join(f" {one} |" for one in fields))
    return lines


def _times(found: Sequence[Result]) -> list[str]:
    lines = []
    for stop in STOPS:
        times = [one.seconds for one in found if f":{stop.name}:" in one.cell]
        if times:
            lines.append(f"| {stop.label} | {median(times):.1f} | {max(times):.1f} |")
    return lines


def _place(event: str, place: str) -> str:
    if not place:
        return "the sandbox stops reading in the middle of the request (`stall`)"
    return f"{'before' if event == 'call' else 'after'} `{place}`"


def _fault(fault: str, hides: bool) -> str:
    if not fault:
        return "none"
    return f"`{fault}`" + (" and `hide` for a second" if hides else "")
