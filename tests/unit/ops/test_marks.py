"""The files that bear marks are there, so that none is forgotten when it moves."""

import pytest

from tests.marks import HERE, MARKS


@pytest.mark.parametrize("mark", MARKS)
def test_every_marked_place_exists(mark):
    missing = [place for place in MARKS[mark] if not (HERE / place).exists()]
    assert missing == [], "correct tests/marks.py"
