"""MP4 boxes by hand: lengths, wide sizes, cut files, and anything hostile."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from releases.metadata.files.found import Unreadable
from releases.metadata.files.mp4 import read_mp4
from tests.unit.releases.metadata.audio_bytes import (
    aac_entry,
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


def test_wide_boxes_and_a_last_box_to_the_end_are_read():
    content = box(b"mdat", bytes(64), wide=True)
    moov = bytearray(box(b"moov", audio_track()))
    moov[:4] = words(0)
    assert read_mp4(source(content + bytes(moov))).audio.duration_ms == 60_000


def test_missing_index_says_so():
    with pytest.raises(Unreadable, match="no index"):
        read_mp4(source(box(b"ftyp", b"M4B ") + box(b"mdat", bytes(100))))


def test_film_without_sound_says_so():
    with pytest.raises(Unreadable, match="no audio track"):
        read_mp4(source(movie(track(1, b"vide"))))


def test_cut_file_is_told():
    content = movie(audio_track())
    whole = read_mp4(source(content))
    assert not whole.notices
    media_last = content[72:] + content[:60]
    assert [n.code for n in read_mp4(source(media_last)).notices] == ["truncated"]


def test_chunk_beyond_the_file_is_told():
    table = aac_entry() + sample_table([(1 << 20, 4)], [60_000])
    content = movie(track(1, b"soun", duration=60_000, table=table))
    assert [n.code for n in read_mp4(source(content)).notices] == ["truncated"]


def test_encrypted_audio_is_told():
    fields = struct.pack(">6xH8xHH4xI", 1, 2, 16, 44100 << 16)
    table = full(b"stsd", words(1), box(b"aavd", fields))
    content = movie(track(1, b"soun", duration=1_000, table=table))
    assert "protected" in {n.code for n in read_mp4(source(content)).notices}


def test_length_comes_from_the_movie_when_the_track_has_none():
    content = movie(track(1, b"soun", table=aac_entry()))
    assert read_mp4(source(content)).audio.duration_ms == 60_000


def test_length_of_a_fragmented_file_comes_from_its_extension():
    mehd = full(b"mehd", words(90_000))
    content = movie(track(1, b"soun", table=aac_entry()), box(b"mvex", mehd))
    assert read_mp4(source(content)).audio.duration_ms == 90_000


def test_edits_that_trim_priming_give_the_played_length():
    edits = full(b"elst", words(1, 59_950, 1024, 65536))
    content = movie(audio_track(edits=edits))
    assert read_mp4(source(content)).audio.duration_ms == 59_950


VALID = chapter_movie(
    [text_sample("One"), text_sample("Two"), text_sample("Three")],
    [10_000, 20_000, 30_000],
    extra=(nero([(0, b"One")]),),
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damaged_boxes_never_raise_anything_else(data):
    content = bytearray(VALID)
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    try:
        found = read_mp4(source(bytes(content[:cut])))
    except Unreadable:
        return
    assert all(mark.title for mark in found.marks if found.marks_from == "quicktime")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_garbage_never_raises_anything_else(content):
    try:
        read_mp4(source(content))
        read_mp4(source(movie(box(b"trak", content), media=content)))
    except Unreadable:
        pass


def test_boxes_in_boxes_in_boxes_end():
    content = b""
    for _ in range(3_000):
        content = box(b"moov", content)
    with pytest.raises(Unreadable):
        read_mp4(source(content))


def test_a_million_empty_boxes_are_not_all_read():
    content = box(b"free") * 200_000
    with pytest.raises(Unreadable, match="no index"):
        read_mp4(source(content))


def test_tables_that_claim_billions_cost_nothing():
    table = (
        full(b"stts", words(1, 0xFFFFFFFF, 1))
        + full(b"stsz", words(0, 0xFFFFFFFF))
        + full(b"stsc", words(1, 1, 0xFFFFFFFF, 1))
        + full(b"stco", words(0xFFFFFFFF, 8))
    )
    uniform = (
        full(b"stts", words(1, 0xFFFFFFFF, 0))
        + full(b"stsz", words(1, 0xFFFFFFFF))
        + full(b"stsc", words(1, 1, 0xFFFFFFFF, 1))
        + full(b"stco", words(1, 8))
    )
    for each in (table, uniform):
        content = movie(audio_track(chapters=(2,)), track(2, b"text", table=each))
        assert read_mp4(source(content)).marks == []
