"""Cue sheets in every encoding, and chapters in Vorbis comments."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.flac import CueSheet, CueSheetTrack, CueSheetTrackIndex, Picture

from releases.metadata.files.cue import (
    adjacent_sheet,
    block_marks,
    combine,
    marks_of,
    parse_cue,
)
from releases.metadata.files.found import Mark
from releases.metadata.files.text import decode_unknown
from releases.metadata.files.vorbis import add_picture, chapter_marks, collect
from releases.metadata.reading import read_audio_file
from tests.unit.releases.metadata.audio_bytes import audio_track, movie, mpeg_frame

SHEET = """REM GENRE Speech
PERFORMER "Someone"
TITLE "Whole book"
FILE "book.wav" WAVE
  TRACK 01 AUDIO
    TITLE "One"
    INDEX 00 00:00:00
    INDEX 01 00:02:37
  TRACK 02 AUDIO
    TITLE Unquoted words
    INDEX 01 123:04:75
  TRACK 03 AUDIO
    TITLE "No time"
"""


def pairs(text, name="book.flac"):
    return [(m.title, m.start_ms) for m in marks_of(parse_cue(text), name)]


def test_titles_and_frames_are_read():
    assert pairs(SHEET) == [("One", 2_493), ("Unquoted words", 7_385_000)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_works(end):
    assert len(pairs("\ufeff" + SHEET.replace("\n", end))) == 2


def test_index_0_serves_when_there_is_no_index_1():
    assert pairs('TRACK 01 AUDIO\nTITLE "a"\nINDEX 00 00:05:00') == [("a", 5_000)]


def test_a_sheet_for_several_files_gives_only_ours():
    text = (
        'FILE "one.wav" WAVE\nTRACK 01 AUDIO\nTITLE "a"\nINDEX 01 00:00:00\n'
        "FILE two.wav WAVE\nTRACK 02 AUDIO\nTITLE b\nINDEX 01 00:00:00\n"
    )
    assert pairs(text, "cd1/two.flac") == [("b", 0)]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Café".encode(), "Café"),
        ("Café".encode("utf-8-sig"), "Café"),
        ("Café".encode("utf-16"), "Café"),
        ("Café".encode("utf-16-be"), None),
        (b"\xfe\xff" + "Café".encode("utf-16-be"), "Café"),
        ("Café “x” Größe fiancée".encode("cp1252"), "Café “x” Größe fiancée"),
        ("第一章 はじまり".encode("cp932"), "第一章 はじまり"),
    ],
)
def test_unknown_encodings_are_told_apart(content, text):
    decoded = decode_unknown(content)
    assert decoded == text if text else decoded


def test_sheet_beside_the_file_is_found(tmp_path):
    audio = tmp_path / "book.flac"
    assert adjacent_sheet(audio) == ""
    (tmp_path / "book.flac.cue").write_bytes("TITLE “x”".encode("cp1252"))
    assert adjacent_sheet(audio) == "TITLE “x”"
    (tmp_path / "book.cue").write_text("TITLE y")
    assert adjacent_sheet(audio) == "TITLE y"


def test_the_only_sheet_of_a_folder_serves_the_files_it_lists(tmp_path):
    sheet = tmp_path / "Whole book.CUE"
    one = 'FILE "one.mp3" MP3\nTRACK 01 AUDIO\nTITLE a\nINDEX 01 00:00:00\n'
    two = 'FILE "two.mp3" MP3\nTRACK 02 AUDIO\nTITLE b\nINDEX 01 00:00:00\n'
    sheet.write_text(one)
    assert adjacent_sheet(tmp_path / "one.mp3") == "", "of some single file"
    sheet.write_text(one + two)
    text = adjacent_sheet(tmp_path / "two.mp3")
    assert pairs(text, "two.mp3") == [("b", 0)]
    assert pairs(text, "three.mp3") == []
    (tmp_path / "other.cue").write_text(two)
    assert adjacent_sheet(tmp_path / "two.mp3") == "", "which of the two?"


@pytest.mark.parametrize(
    ("ending", "content"),
    [(".mp3", mpeg_frame() * 500), (".m4b", movie(audio_track(seconds=60)))],
)
def test_a_sheet_beside_an_mp3_or_m4b_without_chapters_counts(
    tmp_path, ending, content
):
    audio = tmp_path / f"book{ending}"
    audio.write_bytes(content)
    assert read_audio_file(audio, name=audio.name).chapters == ()
    (tmp_path / "book.cue").write_text(
        "TRACK 01 AUDIO\nTITLE One\nINDEX 01 00:00:00\n"
        "TRACK 02 AUDIO\nTITLE Two\nINDEX 01 00:01:00\n"
    )
    found = read_audio_file(audio, name=audio.name)
    assert found.raw["container"] == {".mp3": "MP3", ".m4b": "MP4"}[ending]
    assert [(c.title, c.start_ms) for c in found.chapters] == [
        ("One", 0),
        ("Two", 1000),
    ]
    assert found.raw["chapters_from"] == "cue sheet"


def test_sheet_that_is_a_link_is_not_followed(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("TITLE secret")
    (tmp_path / "book.cue").symlink_to(secret)
    assert adjacent_sheet(tmp_path / "book.flac") == ""


def test_sheet_that_cannot_be_opened_is_no_sheet(tmp_path):
    (tmp_path / "book.cue").mkdir()
    assert adjacent_sheet(tmp_path / "book.flac") == ""
    assert adjacent_sheet(tmp_path / "book\0.flac") == ""


def test_block_gives_times_without_lead_out():
    sheet = CueSheet(None)
    first = CueSheetTrack(1, 0)
    first.indexes = [CueSheetTrackIndex(0, 0), CueSheetTrackIndex(1, 44_100)]
    sheet.tracks = [first, CueSheetTrack(2, 88_200), CueSheetTrack(170, 999)]
    assert [m.start_ms for m in block_marks(sheet, 44_100)] == [1_000, 2_000]
    assert block_marks(None, 44_100) == block_marks(sheet, 0) == []


def test_block_times_take_titles_of_a_sheet_that_agrees():
    block = [Mark(title="", start_ms=1), Mark(title="", start_ms=2)]
    text = [Mark(title="a", start_ms=0), Mark(title="b", start_ms=3)]
    merged, source = combine(block, text)
    assert [(m.title, m.start_ms) for m in merged] == [("a", 1), ("b", 2)]
    assert source == "cue sheet"
    assert combine(block, text[:1]) == (text[:1], "cue sheet")
    assert combine(block, []) == (block, "cue block")
    assert combine([], []) == ([], "")


@given(st.text(max_size=400))
def test_garbage_sheets_never_raise(text):
    parse_cue(text)
    parse_cue(SHEET + text)


@given(st.binary(max_size=200))
def test_any_bytes_decode(content):
    assert isinstance(decode_unknown(content), str)


LINES = st.sampled_from([*SHEET.splitlines(), "INDEX 01 99999:99:99", "TRACK", '"'])


@given(st.lists(LINES, max_size=30))
def test_lines_in_any_order_never_raise(lines):
    assert all(start >= 0 for _, start in pairs("\n".join(lines)))


# ---- comments


def comments(*given_pairs):
    marks = chapter_marks(collect(given_pairs, "Vorbis comments"))
    return [(mark.title, mark.start_ms) for mark in marks]


@pytest.mark.parametrize(
    ("first", "second"), [("000", "001"), ("01", "02"), ("1", "2"), ("0010", "0011")]
)
def test_numbers_of_any_width_and_start_are_chapters(first, second):
    assert comments(
        (f"chapter{second}", "00:01:02.345"),
        (f"chapter{second}name", "Two"),
        (f"chapter{first}", "00:00:00.000"),
        (f"CHAPTER{first}NAME", "One"),
        (f"CHAPTER{first}URL", "https://example.org/"),
    ) == [("One", 0), ("Two", 62_345)]


def test_chapter_without_name_or_time():
    assert comments(
        ("CHAPTER001", "100:00:01"),
        ("CHAPTER002", "soon"),
        ("CHAPTER003NAME", "no time"),
    ) == [("", 360_001_000)]


@given(
    st.lists(st.tuples(st.text("CHAPTER0123NM=", max_size=14), st.text(max_size=20)))
)
def test_garbage_comments_never_raise(pairs_given):
    comments(*pairs_given)


def picture_block(content):
    block = Picture()
    block.data, block.type, block.mime = content, 3, "image/png"
    return base64.b64encode(block.write()).decode()


def test_pictures_in_comments_are_decoded():
    bag = collect(
        [
            ("metadata_block_picture", picture_block(b"NEW")),
            ("COVERART", base64.b64encode(b"OLD").decode()),
        ],
        "Opus comments",
    )
    assert [(p.kind, p.content) for p in bag.pictures] == [(3, b"NEW"), (3, b"OLD")]


@pytest.mark.parametrize("value", ["", "!!!", "AAAA", "é", "A" * 20_000_000])
def test_broken_pictures_in_comments_are_left_out(value):
    assert collect([("METADATA_BLOCK_PICTURE", value)], "x").pictures == []


def test_pictures_beyond_the_limits_are_left_out():
    bag = collect([], "x")
    for _ in range(40):
        add_picture(bag, b"x", 3)
    add_picture(bag, bytes(11 * 1024 * 1024), 3)
    assert len(bag.pictures) == 16


def test_lines_full_of_spaces_cost_no_more_than_others():
    line = "A x" + " " * 2_000 + "y\n"
    sheet = SHEET + line * 400  # took minutes once, for each file beside it
    assert parse_cue(sheet) == parse_cue(SHEET)
