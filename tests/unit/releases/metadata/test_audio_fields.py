"""Tags of each style become one vocabulary; titles, names and dates are tidied."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.metadata.files.fields import (
    description_of,
    fields_of,
    piece_title,
    position_of,
)
from releases.metadata.files.found import TagBag
from releases.metadata.files.languages import language_name
from releases.metadata.files.people import split_genres, split_names
from releases.metadata.files.text import display, natural_key, without_invisible


def bag(style="id3", **texts):
    names = {name.replace("__", ":").replace("_", " "): v for name, v in texts.items()}
    return TagBag(
        style=style,
        version="",
        texts={n: v if isinstance(v, list) else [v] for n, v in names.items()},
    )


def tagged(style, texts):
    return TagBag(style=style, version="", texts={n: [v] for n, v in texts.items()})


def test_empty_tags_give_no_fields():
    assert fields_of(bag(TALB="", TPE1=" ", TDRC="soon", TXXX__ISBN="123")) == {}


def test_title_is_the_album_and_else_the_file_title():
    assert fields_of(bag(TALB="Book", TIT2="Chapter 1"))["title"] == "Book"
    assert fields_of(bag(TIT2="Book"))["title"] == "Book"
    assert piece_title(bag(TALB="Book", TIT2=" Chapter 1 ")) == "Chapter 1"


def test_narrator_in_the_artist_tag_is_not_an_author():
    fields = fields_of(bag(TPE1=["Ann Author", "Ned Narrator"], TCOM="Ned Narrator"))
    assert fields["authors"] == [{"name": "Ann Author"}]
    assert fields["narrators"] == [{"name": "Ned Narrator"}]


def test_author_who_reads_alone_stays_author():
    fields = fields_of(bag(TPE1="Ann Author", TCOM="Ann Author"))
    assert fields["authors"] == fields["narrators"] == [{"name": "Ann Author"}]


@pytest.mark.parametrize(
    ("style", "texts"),
    [
        ("id3", {"TXXX:SERIES": "Saga", "TXXX:SERIES-PART": "1.5"}),
        ("id3", {"MVNM": "Saga", "MVIN": "1.5"}),
        ("id3", {"TIT1": "Saga, Book 1.5"}),
        ("id3", {"TIT1": "Saga, #1.5"}),
        ("id3", {"TIT1": "Saga, Vol. 1.5"}),
        ("mp4", {"----:SERIES": "Saga", "----:SERIES-PART": "1.5"}),
        ("mp4", {"\xa9mvn": "Saga", "\xa9mvi": "1.5"}),
        ("mp4", {"\xa9grp": "Saga, Book #1.5"}),
        ("vorbis", {"SERIES": "Saga", "SERIES-PART": "1.5"}),
        ("vorbis", {"MOVEMENTNAME": "Saga", "MOVEMENT": "1.5"}),
    ],
)
def test_series_and_part_are_found_wherever_they_are_written(style, texts):
    fields = fields_of(tagged(style, texts))
    assert fields["series"] == [{"name": "Saga", "position": "1.5"}]


def test_series_without_part_has_none():
    assert fields_of(bag(TXXX__SERIES="Saga"))["series"] == [{"name": "Saga"}]
    assert "series" not in fields_of(bag(TIT1="Some grouping"))


@pytest.mark.parametrize(
    ("style", "texts", "asin"),
    [
        ("id3", {"TXXX:ASIN": "asin: b08g9prs1k"}, "B08G9PRS1K"),
        ("id3", {"TXXX:AUDIBLE_ASIN": "1774248182"}, "1774248182"),
        ("id3", {"WOAF": "https://www.audible.com/pd/x/B08G9PRS1K"}, "B08G9PRS1K"),
        ("mp4", {"CDEK": "B08G9PRS1K"}, "B08G9PRS1K"),
        ("mp4", {"----:ASIN": "none", "asin": "B08G9PRS1K"}, "B08G9PRS1K"),
        ("vorbis", {"COMMENT": "see amazon.com/dp/B08G9PRS1K"}, "B08G9PRS1K"),
    ],
)
def test_asin_is_found_and_cleaned(style, texts, asin):
    assert fields_of(tagged(style, texts))["asin"] == asin


def test_asin_is_not_guessed_from_other_text():
    assert "asin" not in fields_of(bag(COMM="Ripped from B08G9PRS1K by me"))


@pytest.mark.parametrize("value", ["978-0-306-40615-7", "ISBN: 9780306406157"])
def test_isbn_may_carry_a_label(value):
    assert fields_of(bag(TXXX__ISBN=value))["isbn"] == "9780306406157"


@pytest.mark.parametrize(
    ("text", "year", "day"),
    [
        ("1859", 1859, None),
        ("1859-04-30", 1859, "1859-04-30"),
        ("1859-04-30T00:00:00Z", 1859, "1859-04-30"),
        ("1859.4.3", 1859, "1859-04-03"),
        ("1859-04", 1859, None),
        ("1859-02-31", 1859, None),
        ("0000", None, None),
        ("30.04.1859", None, None),
        ("18590430", None, None),
    ],
)
def test_dates_give_year_and_day_when_real(text, year, day):
    fields = fields_of(bag(TDRC=text))
    assert (fields.get("year"), fields.get("release_date")) == (year, day)


def test_second_date_serves_when_the_first_is_nonsense():
    assert fields_of(bag(TDRL="soon", TDRC="1859"))["year"] == 1859


@pytest.mark.parametrize(
    ("text", "place"), [("3/15", 3), ("03", 3), ("", 0), ("x", 0), ("99999999", 99999)]
)
def test_track_number_is_the_first_number(text, place):
    assert position_of(bag(TRCK=text, TPOS="2/2")) == (2, place)


def test_longest_description_wins_and_keeps_its_lines():
    tags = tagged("mp4", {"desc": "short", "ldes": "<p>long</p>\r\n<p>\u200bx</p>"})
    assert description_of(tags) == "<p>long</p>\r\n<p>x</p>"
    assert description_of(bag()) == ""


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (["Ann Bee; Cee Dee"], ["Ann Bee", "Cee Dee"]),
        (["Ann Bee / Cee Dee"], ["Ann Bee", "Cee Dee"]),
        (["Ann Bee, Cee Dee"], ["Ann Bee", "Cee Dee"]),
        (["Ann Bee, Cee Dee, and Eff Gee"], ["Ann Bee", "Cee Dee", "Eff Gee"]),
        (["Ann Bee & Cee Dee"], ["Ann Bee", "Cee Dee"]),
        (["Ann Bee and Cee Dee"], ["Ann Bee", "Cee Dee"]),
        (["Wells, H. G."], ["Wells, H. G."]),
        (["Simon & Schuster"], ["Simon & Schuster"]),
        (["AC/DC"], ["AC/DC"]),
        (["Ann Bee", "ANN BEE", " ; "], ["Ann Bee"]),
        ([";" * 5_000], []),
    ],
)
def test_joined_names_are_taken_apart(values, names):
    assert split_names(values) == names


def test_genres_are_taken_apart_and_kept_once():
    values = ["Sci-Fi/Fantasy", "Fantasy; Crime & Thriller // Noir"]
    assert split_genres(values) == ["Sci-Fi", "Fantasy", "Crime & Thriller", "Noir"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("eng", "english"),
        ("EN", "english"),
        ("en-GB", "english"),
        ("de_DE", "german"),
        ("ger", "german"),
        ("English", "english"),
        ("Klingon", "klingon"),
        ("und", ""),
        ("XXX", ""),
    ],
)
def test_languages_are_named_as_services_name_them(text, name):
    assert language_name(text) == name


def test_display_drops_what_cannot_be_seen():
    assert display("\ufeff a\u200b\u202eb\n\tc\0 ") == "ab c"
    assert display("Cafe\u0301") == "Café"
    assert display("a\ud800b") == "ab"
    assert without_invisible(" a\nb\0 ") == "a\nb"


def test_natural_order_counts():
    names = ["10 b", "2 a", "a10", "A2", "2 b", "1" * 40]
    assert sorted(names, key=natural_key) == [
        "2 a",
        "2 b",
        "10 b",
        "1" * 40,
        "A2",
        "a10",
    ]


@given(st.lists(st.text(max_size=12)))
def test_any_names_can_be_put_in_natural_order(names):
    assert sorted(names, key=natural_key)[:0] == []


STYLES = st.sampled_from(["id3", "mp4", "vorbis"])
NAMES = (
    "TALB",
    "TPE1",
    "TIT1",
    "TDRC",
    "TXXX:ASIN",
    "\xa9day",
    "ldes",
    "SERIES",
    "GENRE",
)


@given(STYLES, st.dictionaries(st.sampled_from(NAMES), st.lists(st.text())))
def test_any_text_in_any_tag_gives_only_full_fields(style, texts):
    fields = fields_of(TagBag(style=style, version="", texts=texts))
    assert all(fields.values())
