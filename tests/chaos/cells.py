"""The fault matrix: which stops, at which steps, with which behaviour of the site.

A cell is one combination. `all_cells` is the whole matrix of one database, `sample` a
part of it in which every two of step, stop and behaviour meet.
"""

import importlib
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import islice

from tests.chaos.tables import BEHAVIOUR, BEHAVIOURS, STEPS, STOP, STOPS, TRACKERS


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination, and by name all there is to know for running it again."""

    step: str
    stop: str
    behaviour: str
    tracker: str

    def __str__(self) -> str:
        return ":".join(asdict(self).values())

    @classmethod
    def named(cls, text: str) -> "Cell":
        """The cell of that name. Raises ValueError."""
        cell = cls(*text.split(":")) if text.count(":") == 3 else None
        if cell is None or cell not in all_cells():
            raise ValueError(
                f"There is no cell {text!r}; it is STEP:STOP:BEHAVIOUR:TRACKER."
            )
        return cell


def all_cells() -> list[Cell]:
    """The whole matrix of one database."""
    return [
        Cell(step.name, stop.name, behaviour.name, tracker)
        for step in STEPS
        for stop in STOPS
        for behaviour in BEHAVIOURS
        for tracker in TRACKERS
        if stop.name in (step.stops or STOP)
        and (step.in_task or not stop.of_tasks)
        and behaviour.name in (step.behaviours or BEHAVIOUR)
    ]


def sample(cells: Sequence[Cell], count: int, seed: int) -> list[Cell]:
    """`count` of the cells or a few more: first one for each two that must meet."""
    dice = random.Random(seed)
    shuffled = dice.sample(cells, len(cells))
    chosen: list[Cell] = []
    met: set[tuple[str, str]] = set()
    # Those that add the most come first: two passes leave few to be added singly.
    for least in (3, 2, 1):
        for cell in shuffled:
            new = _pairs(cell) - met
            if len(new) >= least:
                chosen.append(cell)
                met |= new
    rest = (cell for cell in shuffled if cell not in set(chosen))
    return chosen + list(islice(rest, max(count - len(chosen), 0)))


def _pairs(cell: Cell) -> set[tuple[str, str]]:
    return {
        (cell.step, cell.stop),
        (cell.step, cell.behaviour),
        (cell.stop, cell.behaviour),
        (cell.step, cell.tracker),
    }


def check_places() -> None:
    """Raise LookupError for a step whose function does not exist (any more)."""
    for step in STEPS:
        if step.place and not _exists(step.place):
            raise LookupError(
                f"The step {step.name!r} names {step.place}, which does not exist. "
                "Correct the table of steps in tests/chaos/tables.py."
            )


def _exists(place: str) -> bool:
    name, _, function = place.rpartition(".")
    module = importlib.import_module(name)
    owners = [module, *(one for one in vars(module).values() if isinstance(one, type))]
    found = (vars(owner).get(function) for owner in owners)
    return any(getattr(one, "__module__", "") == name for one in found)
