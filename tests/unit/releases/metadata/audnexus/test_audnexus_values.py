"""Single values: placeholders dropped, dates unmoved, roles taken off."""

import pytest

from releases.metadata.providers.audnexus_errors import code_and_message, seconds
from releases.metadata.providers.audnexus_values import (
    day,
    milliseconds,
    person,
    rating,
    series_in_subtitle,
    web_address,
    whole,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Jane Doe - translator", {"name": "Jane Doe", "role": "translator"}),
        (
            "Jane Doe – introduction by",
            {"name": "Jane Doe", "role": "introduction by"},
        ),
        ("Jane Doe - Translator", {"name": "Jane Doe", "role": "Translator"}),
        ("Jean-Paul Sartre", {"name": "Jean-Paul Sartre"}),
        ("BBC - Radio 4", {"name": "BBC - Radio 4"}),
        ("", None),
        (7, None),
    ],
)
def test_role_at_the_end_of_a_name(name, expected):
    assert person({"name": name}) == expected


@pytest.mark.parametrize(
    ("subtitle", "expected"),
    [
        ("Hunger Games, Book One", ("Hunger Games", "1")),
        ("The Witcher, Book 2.5", ("The Witcher", "2.5")),
        ("Baccano!, Vol. 4", ("Baccano!", "4")),
        ("Die Testreihe, Band 3", ("Die Testreihe", "3")),
        ("Galaxy's Edge: Book 1-2", ("Galaxy's Edge", "1-2")),
        ("Dune #IV", ("Dune", "IV")),
        ("A litRPG Adventure (Fallen Lands, Book 2)", ("Fallen Lands", "2")),
        ("A LitRPG Adventure", None),
        ("A Handbook 2", None),
        ("Book 2", None),
        ("The First Book of Lost Things", None),
        ("A Novel (Unabridged)", None),
    ],
)
def test_series_in_a_subtitle(subtitle, expected):
    found = series_in_subtitle(subtitle)
    assert found == (expected and {"name": expected[0], "position": expected[1]})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2021-05-04T00:00:00.000Z", "2021-05-04"),
        ("2021-05-04T23:59:59+14:00", "2021-05-04"),
        ("2021-05-04", "2021-05-04"),
        ("1970-01-01T00:00:00.000Z", None),
        ("2200-01-01", None),
        ("2021-02-30", None),
        ("2021-05-041", None),
        ("soon", None),
        (20210504, None),
    ],
)
def test_date_is_the_written_one(value, expected):
    assert day(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("4.9", "4.9"), (4.9, "4.9"), (5, "5"), ("0.0", None), ("", None)],
)
def test_rating_is_text_and_zero_is_none(value, expected):
    assert rating(value) == expected


def test_rating_beyond_five_stars_or_of_another_type_is_none():
    assert [rating(value) for value in ("9", None, True, 7)] == [None] * 4


def test_numbers_are_whole_and_not_negative():
    assert [whole(value) for value in (5, "5", 5.0, 5.5, -1, True, "x", None)] == [
        *(5, 5, 5, None, None, None, None, None)
    ]
    assert milliseconds(10**12) is None


def test_only_web_addresses_are_covers():
    assert web_address(" https://e.com/a.jpg ") == "https://e.com/a.jpg"
    for bad in ("javascript:x", "https://e.com/a b", "//e.com/a", "", None):
        assert web_address(bad) is None


def test_error_bodies_of_all_shapes_are_read():
    assert code_and_message({"error": {"code": "X", "message": "m"}}) == ("X", "m")
    assert code_and_message({"error": "Bad", "message": "m"}) == ("", "m")
    assert code_and_message({"statusCode": 500, "message": None}) == ("", "")
    assert code_and_message({"error": {"code": 404}}) == ("", "")
    assert code_and_message("x") == ("", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("37", 37.0), ("-1", 0.0), ("1e9", 3600.0), ("nan", None), ("soon", None)],
)
def test_seconds_of_a_header(text, expected):
    assert seconds(text) == expected
