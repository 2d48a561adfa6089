"""Chapters on a line, with marks where files begin."""

import pytest

from releases.admin.timeline import timeline
from releases.models import Release, ReleaseFile

MINUTE = 60_000


def book(*ends):
    starts = (0, *ends[:-1])
    chapters = [
        {"title": f"No. {number}", "start_ms": start, "end_ms": end}
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
    ]
    return Release(metadata={"chapters": {"value": chapters, "source": "tags"}})


def file(path, minutes, **values):
    audio = {"duration_ms": minutes * MINUTE} if minutes else {}
    return ReleaseFile(path=path, audio=audio, **{"kind": "audio", **values})


def test_each_chapter_has_its_share_of_the_whole():
    found = timeline(book(30 * MINUTE, 120 * MINUTE), [])
    assert [(one.left, one.width) for one in found.chapters] == [
        ("0.000", "25.000"),
        ("25.000", "75.000"),
    ]
    assert (found.chapters[1].start, found.chapters[1].length) == ("30:00", "1:30:00")


def test_a_mark_is_where_a_file_begins():
    files = [file("1.mp3", 30), file("2.mp3", 30), file("3.mp3", 60)]
    found = timeline(book(120 * MINUTE), files)
    assert [(one.path, one.left, one.at) for one in found.borders] == [
        ("2.mp3", "25.000", "30:00"),
        ("3.mp3", "50.000", "1:00:00"),
    ]


def test_only_audio_that_goes_into_the_torrent_counts():
    files = [
        file("1.mp3", 30),
        file("cover.jpg", 0, kind="image"),
        file("sample.mp3", 5, included=False),
        file("2.mp3", 30),
    ]
    found = timeline(book(60 * MINUTE), files)
    assert [one.path for one in found.borders] == ["2.mp3"]


@pytest.mark.parametrize("files", [[], [file("1.mp3", 30), file("2.mp3", 0)]])
def test_without_every_length_there_are_no_marks(files):
    assert timeline(book(60 * MINUTE), files).borders == []


def test_files_longer_than_the_chapters_make_the_line_longer():
    found = timeline(book(60 * MINUTE), [file("1.mp3", 120)])
    assert found.chapters[0].width == "50.000"


def test_without_chapters_there_is_nothing_to_draw():
    assert timeline(Release(), []).chapters == []
