"""What a list shows and searches of a release."""

from hypothesis import given
from hypothesis import strategies as st

from releases.listing import LONGEST_SEARCHED, fold, list_columns, named, searched


def people(*names):
    return [{"name": name} for name in names]


def test_people_title_asin_and_path_are_searched_without_case_and_accents():
    found = list_columns(
        {
            "title": "Wuthering Heights",
            "authors": people("Emily Brontë"),
            "narrators": people("Ada Sparrow"),
            "asin": "B0HERALD01",
        },
        name="x",
        source_path="Books/Émile",
    )
    assert (found["author"], found["narrator"]) == ("Emily Brontë", "Ada Sparrow")
    assert found["search_text"] == (
        "wuthering heights\nemily bronte\nada sparrow\nb0herald01\nbooks/emile"
    )


def test_a_release_of_which_nothing_is_known_is_found_by_its_name_and_path():
    found = list_columns({"authors": ["odd"]}, name="Name", source_path="In/Name")
    assert found == {"author": "", "narrator": "", "search_text": "name\nin/name"}


def test_of_many_people_three_are_named_and_all_are_found():
    assert named(["A", "B", "C"]) == "A, B, C"
    found = list_columns(
        {"authors": people("A", "B", "C", "Dee", "Eve")}, name="x", source_path="x"
    )
    assert found["author"] == "A, B, C and 2 more"
    assert "eve" in found["search_text"]


def test_of_a_long_path_the_end_is_kept():
    text = searched(title="T", path=f"{'folder/' * 400}the end")
    assert len(text) == LONGEST_SEARCHED
    assert text.endswith("/the end")


@given(st.text(max_size=400), st.text(max_size=400), st.text(max_size=900))
def test_the_text_always_fits_its_column(title, authors, path):
    assert len(searched(title=title, authors=authors, path=path)) <= LONGEST_SEARCHED


@given(st.text(max_size=50))
def test_folding_twice_changes_nothing_that_is_searched(text):
    assert fold("ÀÉÎÕÜ ß") == "aeiou ss"
    assert fold(text.upper()) == fold(text.lower()) or not text.isascii()
