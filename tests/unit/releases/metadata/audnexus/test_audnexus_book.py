"""A book's answer as fields: all keys known, odd values never costly."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.metadata.providers import audnexus_types
from releases.metadata.providers.audnexus_parse import book_fields
from tests.audnexus import JSON, RECORDINGS, recording


def recordings(pattern):
    return [json.loads(path.read_text()) for path in sorted(RECORDINGS.glob(pattern))]


def codes(notices):
    return [notice.code for notice in notices]


@pytest.mark.parametrize(
    ("model", "count", "pattern"),
    [
        (audnexus_types.Book, 23, "*book_*.json"),
        (audnexus_types.Chapters, 8, "*chapters_*[!w].json"),
        (audnexus_types.Author, 7, "author_*.json"),
    ],
)
def test_every_recorded_key_is_modelled(model, count, pattern):
    known = model.__annotations__.keys()
    assert len(known) == count
    found = recordings(pattern)
    assert found
    for answer in found:
        assert answer.keys() <= known


def test_all_values_of_a_full_book_arrive():
    raw = recording("book_B017V4IM1G_us")
    fields, notices = book_fields(raw)
    html = fields.pop("description_html")
    assert html.startswith("<p>Jim Dale's Grammy")
    assert fields.pop("ratings") == raw["ratings"]
    assert fields.pop("summary").endswith("his grisly aunt and uncle....")
    assert notices == ()
    assert fields == {
        "title": "Harry Potter and the Sorcerer's Stone, Book 1",
        "authors": [{"name": "J.K. Rowling", "asin": "B000AP9A6K"}],
        "narrators": [{"name": "Jim Dale"}],
        "series": [
            {"name": "Harry Potter", "position": "1", "asin": "B0182NWM9I"},
            {
                "name": "Wizarding World Collection",
                "position": "1",
                "asin": "B07CM5ZDJL",
            },
        ],
        "publisher": "Pottermore Publishing",
        "copyright": "1997",
        "year": 2015,
        "release_date": "2015-11-20",
        "language": "english",
        "genres": ["Children's Audiobooks"],
        "tags": ["Science Fiction & Fantasy", "Fantasy & Magic", "Action & Adventure"],
        "asin": "B017V4IM1G",
        "isbn": "9781781102633",
        "region": "us",
        "runtime_ms": 498 * 60_000,
        "format_type": "unabridged",
        "literature_type": "fiction",
        "is_adult": False,
        "rating": "4.9",
        "cover_url": "https://m.media-amazon.com/images/I/91eopoUCjLL.jpg",
    }


def test_least_answer_leaves_placeholders_out():
    fields, notices = book_fields(recording("synthetic_book_minimal"))
    assert notices == ()
    assert fields == {
        "title": "X",
        "authors": [{"name": "Anonymous"}],
        "language": "english",
        "asin": "B0SYNMIN01",
        "region": "us",
        "format_type": "unabridged",
        "is_adult": False,
    }


def test_roles_leave_names_and_free_positions_stay():
    fields, _ = book_fields(recording("synthetic_book_adult_de"))
    assert fields["authors"][1] == {"name": "Øystein Çelik", "role": "Übersetzer"}
    assert fields["series"] == [
        {"name": "Die Testreihe", "position": "1.5", "asin": "B0SYNSER01"},
        {"name": "Große Reihe", "position": "Band 2, gekürzt"},
    ]
    assert fields["is_adult"] is True
    assert "<i>Zeitung</i>" in fields["description_html"]


def test_series_comes_from_the_subtitle_when_nothing_else_names_it():
    raw = recording("book_B017V4IM1G_us")
    del raw["seriesPrimary"], raw["seriesSecondary"]
    fields, _ = book_fields(raw | {"subtitle": "Harry Potter, Book 1"})
    assert fields["series"] == [{"name": "Harry Potter", "position": "1"}]
    assert fields["subtitle"] == "Harry Potter, Book 1"
    fields, _ = book_fields(raw | {"subtitle": "A Novel"})
    assert "series" not in fields


def test_titles_are_never_swapped_or_changed():
    samples = recording("naming_samples_small")
    books = [
        one for group in samples.values() if isinstance(group, list) for one in group
    ]
    assert len(books) > 10
    for book in books:
        fields, _ = book_fields(book)
        assert fields["title"] == book["title"]
        assert fields.get("subtitle") == book.get("subtitle")


def test_lists_of_another_form_cost_only_themselves_and_are_told():
    raw = recording("book_B017V4IM1G_us") | {"authors": "J.K.", "genres": [1, {}]}
    fields, notices = book_fields(raw)
    assert "authors" not in fields
    assert "genres" not in fields
    assert fields["title"].startswith("Harry")
    assert codes(notices) == ["unexpected_value"]


def test_same_person_or_genre_twice_is_one():
    raw = {
        "authors": [{"name": "A"}, {"name": "a"}, {"name": "A - editor"}],
        "genres": [{"name": "G", "type": "genre"}] * 2,
    }
    fields, _ = book_fields(raw)
    assert fields["authors"] == [{"name": "A"}, {"name": "A", "role": "editor"}]
    assert fields["genres"] == ["G"]


def test_garbled_letters_are_told_and_left():
    fields, notices = book_fields({"title": "It â€™s"})
    assert fields["title"] == "It â€™s"
    assert codes(notices) == ["mojibake"]


def test_plain_description_keeps_its_lines():
    fields, _ = book_fields({"summary": "One\n\nTwo & three"})
    assert fields["description_html"] == "<p>One</p><p>Two &amp; three</p>"


@given(
    st.dictionaries(st.sampled_from(sorted(audnexus_types.Book.__annotations__)), JSON)
)
def test_any_book_is_read_and_no_field_is_empty(raw):
    fields, _ = book_fields(raw)
    assert not [key for key, value in fields.items() if value in (None, "", [], {})]
