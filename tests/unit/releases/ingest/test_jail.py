"""Nothing outside a library is read, and every path gets a clear word."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.ingest.errors import IngestError
from releases.ingest.jail import check_path_text, resolve_inside, shown


def test_a_path_inside_is_resolved(library, book):
    assert resolve_inside(library / "Book" / ".." / "Book", library) == book


def test_the_root_itself_counts_as_inside(library):
    assert resolve_inside(library, library) == library


@pytest.mark.parametrize("odd", ["..", "../library2", "nothing", "x\0y", "a" * 300])
def test_what_is_outside_absent_or_unusable_is_none(library, odd):
    (library.parent / "library2").mkdir()
    assert resolve_inside(library / odd, library) is None


def test_a_folder_whose_name_only_begins_alike_is_outside(library):
    twin = library.parent / "library2"
    twin.mkdir()
    assert resolve_inside(twin, library) is None


def test_a_link_out_is_outside(library):
    (library / "out").symlink_to("/etc")
    assert resolve_inside(library / "out", library) is None
    assert resolve_inside(library / "out" / "passwd", library) is None


def test_a_link_that_stays_inside_is_followed(library, book):
    (library / "again").symlink_to(book)
    assert resolve_inside(library / "again", library) == book


def test_links_in_a_circle_are_none(library):
    (library / "a").symlink_to("b")
    (library / "b").symlink_to("a")
    assert resolve_inside(library / "a", library) is None


def test_a_library_that_is_a_link_itself_works(library, book, tmp_path):
    alias = tmp_path / "alias"
    alias.symlink_to(library)
    assert resolve_inside(alias / "Book", alias) == book
    assert resolve_inside(library / "Book", alias) == book


def test_a_library_that_is_gone_holds_nothing(tmp_path, book):
    assert resolve_inside(book, tmp_path / "unmounted") is None


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        (
            "",
            "path_missing",
            "No path was given. Give the absolute path of a folder or file.",
        ),
        (
            " \n",
            "path_missing",
            "No path was given. Give the absolute path of a folder or file.",
        ),
        (
            "/books/a\0b",
            "path_invalid",
            "The path holds a NUL character, which no file name can. Type it again.",
        ),
        (
            "/books/\udcff",
            "name_not_utf8",
            "The path '/books/\\udcff' is not valid UTF-8, which torrents need. "
            "Rename the folder or file and try again.",
        ),
        (
            "/books/\ud800",
            "name_not_utf8",
            "The path '/books/\\ud800' is not valid UTF-8, which torrents need. "
            "Rename the folder or file and try again.",
        ),
        (
            "books/x",
            "path_relative",
            "books/x is not an absolute path. Begin it with a slash.",
        ),
    ],
)
def test_an_unusable_path_gets_its_sentence(text, code, sentence):
    with pytest.raises(IngestError) as caught:
        check_path_text(text)
    assert (caught.value.code, caught.value.message) == (code, sentence)


def test_blanks_around_a_path_are_part_of_it():
    assert str(check_path_text("/books/ x ")) == "/books/ x "


@given(st.text(max_size=100))
def test_any_text_is_a_path_or_a_sentence(text):
    try:
        path = check_path_text(text)
    except IngestError as exc:
        assert exc.message.endswith((".", "slash."))
        exc.message.encode()
    else:
        assert path.is_absolute()
        os.fsencode(path).decode()


@given(st.text(max_size=1000))
def test_what_is_shown_is_harmless_and_bounded(text):
    told = shown(text)
    assert told.isprintable()
    assert len(told) <= 301
    told.encode()


def test_what_is_shown_keeps_both_ends_of_a_long_path():
    told = shown("/start" + "x" * 5000 + "end.mp3")
    assert told.startswith("/start")
    assert told.endswith("end.mp3")


def test_direction_marks_and_newlines_become_visible():
    assert shown("a\u202eb\nc") == "a\\u202eb\\nc"
