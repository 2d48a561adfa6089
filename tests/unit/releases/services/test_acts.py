"""What was edited, as texts of before and after."""

import pytest

from releases.services.acts import LONGEST_VALUE, changed


@pytest.mark.parametrize(
    ("old", "new", "texts"),
    [
        ("A", "B", ("A", "B")),
        (None, "B", ("", "B")),
        ("A", None, ("A", "")),
        ([{"name": "Ann"}], [{"name": "Ann"}, {"name": "Bob"}], ("Ann", "Ann, Bob")),
        (["x"], ["x", "y"], ("x", "x, y")),
        (1999, 2000, ("1999", "2000")),
        ([{"title": "é"}], [], ('[{"title": "é"}]', "")),
    ],
)
def test_values_become_texts(old, new, texts):
    (one,) = changed({"field": old}, {"field": new})
    assert (one["old"], one["new"]) == texts


def test_what_stays_is_left_out():
    assert changed({"a": 1, "b": 2}, {"a": 1, "b": 2}) == []


def test_what_appears_and_what_goes_are_told():
    assert [one["field"] for one in changed({"a": 1}, {"b": 2})] == ["a", "b"]


def test_long_texts_are_cut_and_secrets_masked():
    (one,) = changed({}, {"x": "y" * 1000})
    assert len(one["new"]) == LONGEST_VALUE
    (one,) = changed({}, {"x": "https://a.example/?passkey=0123456789abcdef"})
    assert "0123456789abcdef" not in one["new"]
