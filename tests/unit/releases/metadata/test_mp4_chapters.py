"""Chapters of MP4 boxes by hand: text tracks, edits, Nero lists."""

import struct

import pytest

from releases.metadata.files.mp4 import read_mp4
from tests.unit.releases.metadata.audio_bytes import (
    audio_track,
    box,
    chapter_movie,
    full,
    movie,
    nero,
    sample_table,
    source,
    text_sample,
    track,
    words,
)

TITLES = [text_sample("One"), text_sample("Two"), text_sample("Three")]
SECONDS = [10_000, 20_000, 30_000]


def titles_and_starts(content):
    return [(mark.title, mark.start_ms) for mark in read_mp4(source(content)).marks]


def test_text_track_gives_titles_and_times():
    found = read_mp4(source(chapter_movie(TITLES, SECONDS)))
    assert found.marks_from == "quicktime"
    assert [(m.title, m.start_ms, m.end_ms) for m in found.marks] == [
        ("One", 0, 10_000),
        ("Two", 10_000, 30_000),
        ("Three", 30_000, 60_000),
    ]


@pytest.mark.parametrize("handler", [b"text", b"sbtl", b"subt"])
def test_each_text_handler_is_a_chapter_track(handler):
    content = chapter_movie(TITLES, SECONDS, handler=handler)
    assert len(titles_and_starts(content)) == 3


def test_picture_track_is_not_taken_for_chapters():
    content = chapter_movie(TITLES, SECONDS, handler=b"vide")
    assert titles_and_starts(content) == []


def test_picture_track_before_the_text_track_is_passed_over():
    places = [(8, 5), (13, 5)]
    pictures = track(3, b"vide", table=sample_table(places, [1, 1]))
    chapter = track(2, b"text", table=sample_table(places, [5_000, 5_000]))
    media = text_sample("One") + text_sample("Two")
    content = movie(
        audio_track(chapters=(3, 2)), pictures, chapter, media=media + bytes(8)
    )
    assert titles_and_starts(content) == [("One", 0), ("Two", 5_000)]


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le"])
def test_utf16_titles_are_told_by_their_mark(encoding):
    content = chapter_movie([text_sample("第一章 é", encoding)], [1_000])
    assert titles_and_starts(content) == [("第一章 é", 0)]


def test_boxes_after_a_sample_text_are_left_alone():
    sample = text_sample("One") + box(b"encd", words(256))
    assert titles_and_starts(chapter_movie([sample], [1_000])) == [("One", 0)]


def test_offsets_of_64_bits_are_followed():
    assert len(titles_and_starts(chapter_movie(TITLES, SECONDS, co64=True))) == 3


def test_version_1_headers_are_read():
    content = chapter_movie(TITLES, SECONDS, version=1)
    assert len(titles_and_starts(content)) == 3


def test_several_samples_in_one_chunk_follow_each_other():
    places = [(8, 5), (13, 5), (18, 7)]
    media = b"".join(TITLES)
    table = (
        full(b"stts", words(1, 3, 4_000))
        + full(b"stsz", words(0, 3, 5, 5, 7))
        + full(b"stsc", words(1, 1, 3, 1))
        + full(b"stco", words(1, places[0][0]))
    )
    content = movie(
        audio_track(chapters=(2,)), track(2, b"text", table=table), media=media
    )
    assert titles_and_starts(content) == [("One", 0), ("Two", 4_000), ("Three", 8_000)]


def test_empty_edit_moves_all_chapters():
    edits = full(b"elst", words(2, 2_500, 0xFFFFFFFF, 65536, 60_000, 0, 65536))
    starts = titles_and_starts(chapter_movie(TITLES, SECONDS, edits=edits))
    assert starts[0] == ("One", 2_500)


def test_empty_edit_in_the_wide_form_moves_all_chapters():
    entry = struct.pack(">QqI", 1_500, -1, 65536)
    edits = full(b"elst", words(1), entry, version=1)
    starts = titles_and_starts(chapter_movie(TITLES, SECONDS, edits=edits))
    assert starts[0] == ("One", 1_500)


def test_empty_sample_is_a_gap():
    samples = [text_sample(""), text_sample("One")]
    assert titles_and_starts(chapter_movie(samples, [3_000, 5_000])) == [("One", 3_000)]


def test_samples_beyond_the_file_leave_the_nero_list():
    table = sample_table([(1 << 30, 5)], [1_000])
    content = movie(
        audio_track(chapters=(2,)), track(2, b"text", table=table), nero([(0, b"Nero")])
    )
    found = read_mp4(source(content))
    assert [mark.title for mark in found.marks] == ["Nero"]
    assert found.marks_from == "nero"


def test_track_wins_over_a_nero_list_of_another_length():
    content = chapter_movie(TITLES, SECONDS, extra=(nero([(0, b"Only")]),))
    found = read_mp4(source(content))
    assert found.marks_from == "quicktime"
    (notice,) = found.notices
    assert notice.code == "chapters_differ"
    assert "different times" in notice.message


@pytest.mark.parametrize("version", [0, 1])
def test_both_versions_of_the_nero_list_are_read(version):
    entries = [(0, b"One"), (1_500, "Zwölf".encode())]
    content = movie(audio_track(), nero(entries, version=version))
    assert titles_and_starts(content) == [("One", 0), ("Zwölf", 1_500)]


def test_cut_nero_list_keeps_its_whole_entries():
    body = bytes([1, 0, 0, 0, 0, 0, 0, 0, 3]) + struct.pack(">QB", 0, 3) + b"One"
    content = movie(audio_track(), box(b"udta", box(b"chpl", body)))
    assert titles_and_starts(content) == [("One", 0)]


@pytest.mark.parametrize("body", [b"", b"\1\0\0\0", b"\1\0\0\0\0\0\0\0", b"\0\0\0\0\0"])
def test_short_nero_list_is_no_list(body):
    content = movie(audio_track(), box(b"udta", box(b"chpl", body)))
    assert titles_and_starts(content) == []
