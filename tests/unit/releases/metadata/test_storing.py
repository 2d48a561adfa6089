"""Nothing reaches a JSON field that some database refuses."""

import pytest

from releases.metadata.answers import parse_json
from releases.metadata.base import UnreadableAnswer
from releases.metadata.storing import storable


def test_every_text_is_cleaned_however_deep():
    value = {"a\0": ["b\ud800", ({"c": "d\0"}, 1, None)]}
    assert storable(value) == {"a\ufffd": ["b\ufffd", [{"c": "d\ufffd"}, 1, None]]}


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity"])
def test_an_answer_with_a_number_without_end_is_refused(number):
    with pytest.raises(UnreadableAnswer):
        parse_json(b'{"rating": [%s]}' % number.encode(), service="X")
    assert parse_json(b"[1.5, 1e3]", service="X") == [1.5, 1000.0]
