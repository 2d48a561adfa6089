"""Chapter marks of any file become sound chapters, and what was wrong is told."""

from hypothesis import given
from hypothesis import strategies as st

from releases.metadata.files.chapters import finish
from releases.metadata.files.found import Mark


def mark(title, start, end=None):
    return Mark(title=title, start_ms=start, end_ms=end)


def test_missing_ends_are_the_next_start_and_the_length():
    chapters, notices = finish([mark("a", 0), mark("b", 10)], 30)
    assert [(c.start_ms, c.end_ms) for c in chapters] == [(0, 10), (10, 30)]
    assert notices == []


def test_order_of_the_list_is_kept_and_no_length_is_negative():
    marks = [mark("a", 0), mark("b", 900), mark("c", 100), mark("d", 200)]
    chapters, notices = finish(marks, 1_000)
    assert [c.title for c in chapters] == ["a", "b", "c", "d"]
    assert [(c.start_ms, c.end_ms) for c in chapters] == [
        (0, 900),
        (900, 900),
        (100, 200),
        (200, 1_000),
    ]
    assert [notice.code for notice in notices] == ["chapters_out_of_order"]


def test_empty_titles_are_numbered_and_told():
    chapters, notices = finish([mark("\u200b ", 0), mark("x", 5)], 10)
    assert chapters[0].title == "Chapter 1"
    assert [notice.code for notice in notices] == ["chapters_untitled"]


def test_chapters_after_the_end_are_left_out_and_told():
    chapters, notices = finish([mark("a", 0), mark("b", 60_000)], 10_000)
    assert [c.title for c in chapters] == ["a"]
    assert [notice.code for notice in notices] == ["chapters_after_end"]


def test_ends_past_the_audio_are_cut_and_told():
    chapters, notices = finish([mark("a", 0, 99_000)], 10_000)
    assert chapters[0].end_ms == 10_000
    assert [notice.code for notice in notices] == ["chapters_past_end"]


def test_end_before_start_is_length_zero_and_told():
    chapters, notices = finish([mark("a", 50, 10)], 100)
    assert chapters[0].end_ms == 50
    assert [notice.code for notice in notices] == ["chapters_negative"]


def test_unknown_length_leaves_times_as_they_are():
    chapters, notices = finish([mark("a", 0, 5), mark("b", 5, 99)], 0)
    assert chapters[1].end_ms == 99
    assert notices == []


def test_more_chapters_than_any_book_has_are_cut_and_told():
    chapters, notices = finish([mark(str(i), i) for i in range(6_000)], 0)
    assert len(chapters) == 5_000
    assert [notice.code for notice in notices] == ["chapters_too_many"]


@given(
    st.lists(
        st.builds(
            mark,
            st.text(max_size=5),
            st.integers(-10, 2**34),
            st.none() | st.integers(-10, 2**34),
        )
    ),
    st.integers(0, 2**34),
)
def test_any_marks_give_sound_chapters(marks, duration):
    chapters, _ = finish(marks, duration)
    for chapter in chapters:
        assert chapter.title
        assert 0 <= chapter.start_ms <= chapter.end_ms
