"""Looking for garbage between two answers."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from django.core.signals import request_finished

from common import garbage


class Knot:
    """Refers to itself: only the collector gets rid of it."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def tidying() -> Iterator[None]:
    """As in a web server, and afterwards as before."""
    before = gc.get_threshold()
    garbage.tidy_between_answers()
    yield
    request_finished.disconnect(dispatch_uid="herald-garbage")
    gc.set_threshold(*before)
    gc.unfreeze()


def knots(count: int) -> weakref.ref[Knot]:
    """Make so many; gives one that tells whether they are still there."""
    made = [Knot() for _ in range(count)]
    return weakref.ref(made[0])


def test_nothing_is_looked_through_before_an_answer_ends(tidying, client):
    knot = knots(garbage.NEW_OBJECTS + 1)
    assert knot() is not None

    client.get("/no-such-page/")
    assert knot() is None


def test_few_new_objects_wait_for_a_later_answer(tidying):
    gc.collect()
    knot = knots(10)
    request_finished.send(sender=None)
    assert knot() is not None


def test_everything_is_looked_through_now_and_then(tidying):
    old = Knot()
    knot = weakref.ref(old)
    gc.collect()  # it has grown old
    del old
    for _ in range(garbage.FULL_EVERY - 1):
        knots(garbage.NEW_OBJECTS + 1)
        request_finished.send(sender=None)
    assert knot() is not None

    knots(garbage.NEW_OBJECTS + 1)
    request_finished.send(sender=None)
    assert knot() is None


def test_who_never_ends_an_answer_is_not_left_without(tidying):
    knot = knots(10)
    kept = [Knot() for _ in range(garbage.NET + 1)]
    assert knot() is None
    assert kept
