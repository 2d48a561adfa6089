"""What names say, and the order people expect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.ingest.kinds import (
    file_kind,
    is_unfinished,
    left_out,
    release_kind,
    suffix,
)
from releases.ingest.order import natural_key

NAMES = st.text(st.characters(codec="utf-8"), max_size=30)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Book.M4B", "audio"),
        ("01 - x.flac", "audio"),
        ("film.MKV", "video"),
        ("cover.jpeg", "image"),
        ("notes.nfo", "text"),
        ("disc.cue", "text"),
        ("README", "other"),
        (".mp3", "other"),
        ("x.", "other"),
        ("", "other"),
    ],
)
def test_a_files_kind_is_its_ending(name, kind):
    assert file_kind(name) == kind


def test_a_hidden_name_has_no_ending():
    assert suffix(".m4b") == ""
    assert suffix("a.b.M4B") == "m4b"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (".hidden", "hidden"),
        (".DS_Store", "hidden"),
        ("._01.mp3", "hidden"),
        ("Thumbs.db", "left behind by an operating system"),
        ("DESKTOP.INI", "left behind by an operating system"),
        ("@eaDir", "left behind by an operating system"),
        ("__MACOSX", "left behind by an operating system"),
        ("Icon\r", "left behind by an operating system"),
        ("01.mp3", ""),
        ("thumbs.db.mp3", ""),
    ],
)
def test_hidden_files_and_junk_stay_out(name, reason):
    assert left_out(name) == reason


@pytest.mark.parametrize(
    "name",
    ["a.part", "a.m4b.!qB", "a.mp3.!ut", "x.crdownload", "x.aria2", "x.filepart"],
)
def test_unfinished_downloads_are_known_by_their_ending(name):
    assert is_unfinished(name)


@pytest.mark.parametrize("name", ["part", "part.mp3", "Book part", "a.parts"])
def test_other_names_are_finished(name):
    assert not is_unfinished(name)


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["a.m4b", "cover.jpg"], "audiobook"),
        (["1.mp3", "2.mp3"], "audiobook"),
        (["1.flac", "2.flac"], "music"),
        (["1.flac", "book.m4b"], "audiobook"),
        (["film.mkv", "extra.mp3"], "film"),
        (["cover.jpg"], "other"),
        ([], "other"),
    ],
)
def test_a_releases_kind_follows_from_its_files(names, kind):
    assert release_kind(names) == kind


def test_natural_order():
    names = ["Part 10.mp3", "part 2.mp3", "Part 1.mp3", "Disc 2/1.mp3", "disc 10/1.mp3"]
    assert sorted(names, key=natural_key) == [
        "Disc 2/1.mp3",
        "disc 10/1.mp3",
        "Part 1.mp3",
        "part 2.mp3",
        "Part 10.mp3",
    ]


def test_a_folder_comes_before_what_only_begins_like_it():
    assert natural_key("a/z") < natural_key("a b")


@given(st.lists(NAMES))
def test_natural_order_does_not_depend_on_the_first_order(names):
    ordered = sorted(names, key=natural_key)
    backwards = names[::-1]
    assert sorted(backwards, key=natural_key) == ordered


@given(NAMES, NAMES)
def test_only_equal_paths_share_a_place(one, other):
    assert (natural_key(one) == natural_key(other)) == (one == other)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_numbers_count_by_value(one, other):
    keys = [natural_key(f"Part {n}.mp3") for n in (one, other)]
    assert (keys[0] < keys[1]) == (one < other)


@given(NAMES)
def test_no_name_is_too_odd(name):
    file_kind(name)
    left_out(name)
    is_unfinished(name)
    release_kind([name])
