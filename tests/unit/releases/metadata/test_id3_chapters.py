"""ID3 chapters by hand, in the order of their tables of contents."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from releases.metadata.files.id3 import read_id3
from tests.unit.releases.metadata.audio_bytes import chap, ctoc, frame, id3, source


def chapters(*frames, version=4):
    _, marks = read_id3(source(id3(*frames, version=version)))
    return [(mark.title, mark.start_ms) for mark in marks]


def test_table_of_contents_gives_the_order():
    frames = [chap("c", 20, 30, "C"), chap("a", 0, 10, "A"), chap("b", 10, 20, "B")]
    assert chapters(*frames, ctoc("toc", ["c", "a", "b"])) == [
        ("C", 20),
        ("A", 0),
        ("B", 10),
    ]


@pytest.mark.parametrize("table", [(), (ctoc("toc", ["c", "b", "a"], flags=2),)])
def test_without_an_ordered_table_the_start_gives_the_order(table):
    frames = [chap("c", 20, 30, "C"), chap("a", 0, 10, "A"), chap("b", 10, 20, "B")]
    assert [title for title, _ in chapters(*frames, *table)] == ["A", "B", "C"]


def test_tables_in_tables_are_opened_in_place():
    frames = [
        chap(name, index * 10, index * 10 + 10, name)
        for index, name in enumerate(("d", "c", "b", "a"))
    ]
    tables = [
        ctoc("part2", ["b", "a"], flags=1),
        ctoc("toc", ["part1", "part2"]),
        ctoc("part1", ["d", "c"], flags=1),
    ]
    assert [title for title, _ in chapters(*frames, *tables)] == ["d", "c", "b", "a"]


def test_tables_that_name_each_other_end():
    tables = [ctoc("one", ["two", "a"], flags=3), ctoc("two", ["one", "b"], flags=1)]
    frames = [chap("a", 0, 10, "A"), chap("b", 10, 20, "B")]
    assert sorted(chapters(*frames, *tables)) == [("A", 0), ("B", 10)]


def test_table_without_the_top_flag_is_used_when_nothing_lists_it():
    frames = [chap("b", 10, 20, "B"), chap("a", 0, 10, "A")]
    assert chapters(*frames, ctoc("toc", ["b", "a"], flags=1)) == [("B", 10), ("A", 0)]


def test_chapters_outside_the_table_stand_at_their_time():
    frames = [chap("a", 0, 10, "A"), chap("x", 10, 20, "X"), chap("b", 20, 30, "B")]
    assert [title for title, _ in chapters(*frames, ctoc("toc", ["a", "b", "no"]))] == [
        "A",
        "X",
        "B",
    ]


def test_chapters_outside_an_unsorted_table_come_last():
    frames = [chap("a", 0, 10, "A"), chap("x", 10, 20, "X"), chap("b", 20, 30, "B")]
    assert [title for title, _ in chapters(*frames, ctoc("toc", ["b", "a"]))] == [
        "B",
        "A",
        "X",
    ]


def test_chapter_without_title_has_an_empty_one():
    assert chapters(chap("a", 0, 10)) == [("", 0)]


def test_chapter_without_times_is_left_out():
    short = frame("CHAP", b"x\0\0\0")
    assert chapters(chap("a", 0xFFFFFFFF, 0), short) == []


@pytest.mark.parametrize("version", [3, 4])
def test_titles_over_127_bytes_are_whole(version):
    title = "long title " * 20
    assert chapters(chap("a", 0, 9, title, version=version), version=version) == [
        (title, 0)
    ]


NAMES = st.sampled_from(["a", "b", "c", "toc", "x", ""])


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.builds(chap, NAMES, st.integers(0, 2**32 - 1), st.integers(0, 9)),
            st.builds(
                lambda name, inside, flags: ctoc(name, inside, flags=flags),
                NAMES,
                st.lists(NAMES, max_size=6),
                st.integers(0, 3),
            ),
        ),
        max_size=12,
    )
)
def test_any_tables_give_each_chapter_once(frames):
    _, marks = read_id3(source(id3(*frames)))
    named = {f[10 : f.index(b"\0", 10)] for f in frames if f.startswith(b"CHAP")}
    assert len(marks) <= len(named)
