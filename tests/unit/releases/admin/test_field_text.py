"""Values of metadata to text and back."""

from itertools import pairwise

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from releases.admin.field_text import from_text, time_ms, time_text, to_text
from releases.errors import ReleaseError
from releases.metadata.vocabulary import VOCABULARY

WORD = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="|"), min_size=1
)
TIMES = st.integers(0, 1000 * 3600 * 1000)


@st.composite
def chapter_lists(draw):
    """Chapters in order, with gaps here and there."""
    marks = sorted(draw(st.sets(TIMES, min_size=2, max_size=12)))
    chapters = [
        {"title": draw(WORD), "start_ms": start, "end_ms": end}
        for start, end in pairwise(marks)
    ]
    kept = [one for one in chapters if draw(st.booleans())]
    return kept or chapters


@given(chapter_lists())
def test_chapters_survive_editing_nothing(chapters):
    spec = VOCABULARY["chapters"]

    assert from_text(spec, to_text(spec, chapters), chapters) == chapters


@given(st.lists(st.fixed_dictionaries({"name": WORD}, optional={"role": WORD})))
def test_people_survive_editing_nothing(people):
    spec = VOCABULARY["authors"]

    assert from_text(spec, to_text(spec, people)) == people


@given(st.lists(st.fixed_dictionaries({"name": WORD}, optional={"position": WORD})))
def test_series_survive_editing_nothing(series):
    spec = VOCABULARY["series"]

    assert from_text(spec, to_text(spec, series)) == series


@given(TIMES)
def test_times_survive(ms):
    assert time_ms(time_text(ms)) == ms


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "A | B"),
        ("summary", "Two\n\nparagraphs"),
        ("genres", ["One", "Two"]),
        ("year", 1999),
        ("is_adult", True),
        ("is_adult", False),
        ("runtime_ms", 3_723_004),
        ("release_date", "2021-05-04"),
    ],
)
def test_plain_values_survive(name, value):
    spec = VOCABULARY[name]

    assert from_text(spec, to_text(spec, value)) == value


def test_nothing_is_no_text():
    assert to_text(VOCABULARY["title"], None) == ""
    assert from_text(VOCABULARY["runtime_ms"], "  ") == ""
    assert from_text(VOCABULARY["chapters"], "") == []


def test_known_people_keep_their_asin():
    before = [{"name": "Ann", "asin": "B000000001"}, {"name": "Ben"}]

    after = from_text(
        VOCABULARY["authors"], "Ben | translator\r\n\r\nAnn\r\nCy", before
    )

    assert after == [
        {"name": "Ben", "role": "translator"},
        {"name": "Ann", "asin": "B000000001"},
        {"name": "Cy"},
    ]


def test_a_chapter_ends_where_the_next_begins_and_the_last_where_it_did():
    before = [{"title": "x", "start_ms": 0, "end_ms": 90_000}]

    after = from_text(
        VOCABULARY["chapters"], "0:00 Intro\n1:00 – 1:10 Two\n1:20 3", before
    )

    assert after == [
        {"title": "Intro", "start_ms": 0, "end_ms": 60_000},
        {"title": "Two", "start_ms": 60_000, "end_ms": 70_000},
        {"title": "3", "start_ms": 80_000, "end_ms": 90_000},
    ]


def test_a_line_that_is_no_chapter_is_named():
    with pytest.raises(ReleaseError, match="line 2: a time and a title"):
        from_text(VOCABULARY["chapters"], "0:00 Fine\nThree")


def test_a_time_that_is_none_is_named():
    with pytest.raises(ReleaseError, match="“seven” is not a time"):
        from_text(VOCABULARY["runtime_ms"], "seven")


@pytest.mark.parametrize("text", ["19x9", "", "²"])
def test_what_is_no_year_stays_for_the_check_to_name(text):
    assert from_text(VOCABULARY["year"], text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("No", False),
        ("⟦yes⟧", True),
        ("⟦no⟧", False),
        ("maybe", "maybe"),
    ],
)
def test_a_flag_is_read_in_english_and_in_the_pages_language(
    text, value, marked_german
):
    with translation.override("de"):
        assert from_text(VOCABULARY["is_adult"], text) == value
        assert to_text(VOCABULARY["is_adult"], True) == "⟦yes⟧"
