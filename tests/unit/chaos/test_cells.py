"""The matrix itself: which cells there are, and how a step is told from another."""

import sys
from itertools import product
from types import SimpleNamespace

import pytest

from tests.chaos.cells import Cell, all_cells, check_places, sample
from tests.chaos.tables import BEHAVIOURS, STEPS
from tests.chaos.trigger import _concerns
from tests.chaos.verdict import asked_between


def test_the_matrix_has_a_thousand_cells_on_two_databases():
    cells = all_cells()
    assert len(set(cells)) == len(cells)
    assert len(cells) * 2 >= 1000
    assert Cell.named(str(cells[0])) == cells[0]


@pytest.mark.parametrize("name", ["", "claim", "claim:kill-all:stored:ptp", "a:b:c:d"])
def test_a_cell_that_does_not_exist_is_refused(name):
    with pytest.raises(ValueError, match="There is no cell"):
        Cell.named(name)


@pytest.mark.parametrize("seed", range(5))
def test_in_a_sample_every_two_meet(seed):
    cells = all_cells()
    found = sample(cells, 150, seed)
    assert len(found) == len(set(found)) == 150
    assert sample(cells, 150, seed) == found
    everywhere = [step.name for step in STEPS if not step.stops]
    sites = [one.name for one in BEHAVIOURS]
    assert {(cell.step, cell.stop) for cell in found} == {
        (cell.step, cell.stop) for cell in cells
    }
    assert {(cell.step, cell.behaviour) for cell in found} >= set(
        product(everywhere, sites)
    )
    assert {(cell.stop, cell.behaviour) for cell in found} == {
        (cell.stop, cell.behaviour) for cell in cells
    }
    assert {cell.step for cell in found} == {step.name for step in STEPS}


def test_every_step_names_code_that_exists(monkeypatch):
    check_places()
    wrong = SimpleNamespace(name="claim", place="uploads.services.claiming.no_such")
    monkeypatch.setattr("tests.chaos.cells.STEPS", (wrong,))
    with pytest.raises(LookupError, match="no_such, which does not exist"):
        check_places()


def frame_of(**values):
    """A frame whose caller holds these values, as `send_upload` would."""

    def connect():
        return sys._getframe()

    def send_upload(upload=None, credential=None, self=None):
        return connect()

    return send_upload(**values)


def test_a_step_belongs_to_the_tracker_that_its_callers_work_for():
    mine, other = SimpleNamespace(tracker_id=1), SimpleNamespace(tracker_id=2)
    assert _concerns(frame_of(upload=mine), 1, "red", "")
    assert not _concerns(frame_of(upload=other), 1, "red", "")
    assert _concerns(frame_of(credential=mine), 1, "red", "send_upload")
    assert not _concerns(frame_of(credential=mine), 1, "red", "somebody_else")
    adapter = SimpleNamespace(site=SimpleNamespace(slug="red"))
    assert _concerns(frame_of(self=adapter), 1, "red", "send_upload")
    assert not _concerns(frame_of(self=adapter), 2, "ops", "send_upload")
    assert not _concerns(frame_of(), 1, "red", "")


@pytest.mark.parametrize(
    ("seen", "asked"),
    [
        ("", True),
        ("upload", True),
        ("upload torrent upload", True),
        ("upload upload", False),
        ("torrent upload upload torrent", False),
        ("upload torrent upload browse upload", False),
        ("half upload", True),
        ("upload half torrent upload", True),
    ],
)
def test_two_requests_need_a_question_in_between(seen, asked):
    requests = [
        {"action": name.replace("half", "upload"), "complete": name != "half"}
        for name in seen.split()
    ]
    assert asked_between(requests) is asked
