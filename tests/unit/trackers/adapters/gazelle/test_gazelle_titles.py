"""Which titles name the same work."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackers.adapters.gazelle.titles import likeness, read_title
from trackers.types import Likeness

OURS = "H. G. Wells - The Time Machine"
WORDS = st.text("abc éßıΩ -:()[]{}&,;0123", max_size=40)


def compared(ours, theirs, artist=""):
    return likeness(read_title(ours), read_title(theirs, artist))


@pytest.mark.parametrize(
    "theirs",
    [
        "H. G. Wells - The Time Machine",
        "Herbert George Wells - The Time Machine",
        "h.g. wells -  the TIME machine",
        "H. G. Wells & Other - The Time Machine: An Invention",
        "Wells, H. G. - The Time Machine (1895) [Unabridged MP3]",
        "H. G. Wells - The Time Machine {Ada Sparrow}",
    ],
)
def test_the_same_work(theirs):
    assert compared(OURS, theirs) is Likeness.NAME


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (OURS, "The Time Machine"),
        ("The Time Machine", OURS),
        (OURS, "The Time Machine by H. G. Wells, read aloud"),
        (OURS, "H. G. Wells - The Time Machine and Other Stories"),
        (f"{OURS} [Ada Sparrow]", f"{OURS} [Ben Crow]"),
        ("Zoë - Bücher: One", "Zoe - Bucher: Two"),
    ],
)
def test_perhaps_the_same(ours, theirs):
    assert compared(ours, theirs) is Likeness.WORDS


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (OURS, "H. G. Wells - The Invisible Man"),
        (OURS, "Ben Crow - The Time Machine"),
        ("The Author - It", "The Other - It"),
        ("…", "…"),
        ("", OURS),
    ],
)
def test_another_work(ours, theirs):
    assert compared(ours, theirs) is None


def test_who_made_it_may_stand_beside_the_title():
    assert compared(OURS, "The Time Machine", "H. G. Wells") is Likeness.NAME


@pytest.mark.parametrize(
    ("title", "searches"),
    [
        (OURS, ("Wells The Time Machine", "The Time Machine")),
        ("Ann Author, Ben Crow & Co - A Book: One", ("Author A Book", "A Book")),
        ("A Book (2019)", ("A Book",)),
        (": (only this)", (":",)),
        ("- dash", ("- dash",)),
        ("(all in brackets)", ("",)),
    ],
)
def test_searches_go_by_the_surname_and_the_name(title, searches):
    assert read_title(title).searches == searches


@given(WORDS, WORDS)
def test_any_two_titles_can_be_compared(one, other):
    ours, theirs = read_title(one), read_title(other)
    assert likeness(ours, theirs) in (None, Likeness.NAME, Likeness.WORDS)
    assert likeness(ours, ours) is (Likeness.NAME if ours.name else None) or (
        # An author of small words only is nobody.
        ours.author and likeness(ours, ours) is None
    )


@given(st.text(max_size=200), st.text(max_size=50))
def test_no_title_is_too_odd(title, artist):
    read = read_title(title, artist)
    assert read.words >= read.name
    assert all(read.searches) or read.searches == ("",)
