"""What a person typed is checked, field by field, in sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.metadata.validate import clean_overrides, validate_overrides
from releases.metadata.vocabulary import VOCABULARY

GOOD = {
    "title": "T",
    "summary": "Two\nlines",
    "description_html": "<p>x</p>",
    "authors": [{"name": "A", "role": "editor", "asin": "B000AP9A6K"}],
    "narrators": [{"name": "N"}],
    "series": [{"name": "S", "position": "1.5"}],
    "genres": ["X"],
    "year": 1999,
    "release_date": "2021-05-04",
    "asin": "b08g9prs1k",
    "isbn": "978-0-306-40615-7",
    "cover_url": "https://e.com/a.jpg",
    "runtime_ms": 5,
    "is_adult": False,
    "chapters": [
        {"title": "1", "start_ms": 0, "end_ms": 5},
        {"title": "2", "start_ms": 5, "end_ms": 9},
    ],
}


def only_problem(fields):
    (problem,) = validate_overrides(fields)
    assert problem.message
    return problem


def test_good_values_have_no_problems():
    assert validate_overrides(GOOD) == []


@pytest.mark.parametrize(
    "name", [one for one, spec in VOCABULARY.items() if spec.editable]
)
@pytest.mark.parametrize("value", [None, "", [], {}])
def test_saying_nothing_is_always_right(name, value):
    assert validate_overrides({name: value}) == []


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("title", 7, "Title: this is not text"),
        ("title", "x" * 501, "501 characters are too many. Use at most 500"),
        ("title", "a\nb", "several lines"),
        ("summary", 7, "Summary: this is not text"),
        ("summary", "x" * 100_001, "too many"),
        ("cover_url", "javascript:x", "Begin with https://"),
        ("cover_url", 7, "Begin with https://"),
        ("year", "1999", "'1999' is not a year"),
        ("year", True, "is not a year"),
        ("year", 99, "Write four digits"),
        ("release_date", "2021-02-30", "is not a date"),
        ("release_date", "4.5.2021", "year-month-day"),
        ("release_date", 20210504, "is not a date"),
        ("runtime_ms", -1, "whole milliseconds"),
        ("runtime_ms", 1.5, "whole milliseconds"),
        ("is_adult", "yes", "neither yes nor no"),
        ("asin", "B08G9PRS1", "is not an ASIN"),
        ("asin", 1774248182, "ASIN: this is not text"),
        ("isbn", "9780306406158", "Compare it with the book"),
        ("genres", "X", "not a list"),
        ("genres", ["X", " "], "item 2: this is empty"),
        ("genres", [7], "item 1: this is not text"),
        ("authors", ["A"], "item 1: a name is missing"),
        ("authors", [{"name": " "}], "a name is missing"),
        ("authors", [{"name": "A", "age": "7"}], "“age” is unknown here"),
        ("authors", [{"name": "A", "role": 7}], "not text"),
        ("series", [{"name": "A", "role": "x"}], "“role” is unknown here"),
        ("chapters", [{"title": "1"}], "a title, a start and an end"),
        ("chapters", [7], "a title, a start and an end"),
        ("chapters", [{"title": "", "start_ms": 0, "end_ms": 1}], "this is empty"),
        ("chapters", [{"title": "1", "start_ms": "0", "end_ms": 1}], "whole"),
        ("chapters", [{"title": "1", "start_ms": 0, "end_ms": -1}], "whole"),
        ("chapters", [{"title": "1", "start_ms": 5, "end_ms": 5}], "end after the start"),
        (
            "chapters",
            [
                {"title": "1", "start_ms": 0, "end_ms": 5},
                {"title": "2", "start_ms": 4, "end_ms": 9},
            ],
            "chapter 2 starts before chapter 1 ends",
        ),
        ("audio", {"codec": "x"}, "Audio cannot be set by hand"),
        ("region", "us", "Region cannot be set by hand"),
    ],
)  # fmt: skip
def test_each_problem_names_the_field_and_a_remedy(name, value, sentence):
    problem = only_problem({name: value})
    assert problem.field == name
    assert problem.code == f"bad_{name}"
    assert sentence in problem.message
    assert problem.message.startswith(VOCABULARY[name].label)


def test_unknown_field_is_a_problem():
    problem = only_problem({"weather": "fine"})
    assert problem.code == "unknown_field"
    assert "weather" in problem.message


def test_all_problems_are_told_at_once():
    fields = GOOD | {"year": 1, "asin": "x", "isbn": "y"}
    assert [one.field for one in validate_overrides(fields)] == ["year", "asin", "isbn"]


def test_values_are_brought_to_their_normal_form():
    fields = clean_overrides(
        GOOD
        | {
            "title": " Cafe\u0301\u200b ",
            "description_html": "<p>x<script>1</script>",
            "summary": " a\n b\u200b ",
            "authors": [{"name": " A  B "}],
            "subtitle": None,
        }
    )
    assert fields["title"] == "Café"
    assert fields["description_html"] == "<p>x</p>"
    assert fields["summary"] == "a\n b"
    assert fields["authors"] == [{"name": "A B"}]
    assert fields["asin"] == "B08G9PRS1K"
    assert fields["isbn"] == "9780306406157"
    assert fields["subtitle"] is None
    assert fields["chapters"] == GOOD["chapters"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "title", "start_ms", "end_ms"]), inner
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*VOCABULARY, "weather"]), JSON))
def test_anything_typed_is_judged_and_what_is_good_stays_good(fields):
    problems = validate_overrides(fields)
    assert {one.field for one in problems} <= fields.keys()
    good = {name: value for name, value in fields.items()
            if name not in {one.field for one in problems}}  # fmt: skip
    assert validate_overrides(clean_overrides(good)) == []
