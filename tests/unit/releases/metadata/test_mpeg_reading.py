"""MPEG audio by hand: frame headers, counting, encoders' headers."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from releases.metadata.files.found import Unreadable
from releases.metadata.files.lame_delay import added_samples
from releases.metadata.files.mp3 import preset_of, read_mp3
from releases.metadata.files.mpeg_frames import (
    first_frame,
    nearest_bitrate,
    parse_header,
    walk,
)
from tests.unit.releases.metadata.audio_bytes import id3, mpeg_frame, source, text


def test_constant_frames_are_cbr():
    audio = read_mp3(source(mpeg_frame(128) * 100)).audio
    assert (audio.codec, audio.bitrate_mode, audio.bitrate) == ("MP3", "CBR", 128_000)
    assert audio.duration_ms == round(100 * 1152 * 1000 / 44100)
    assert audio.channels == 1


def test_changing_frames_are_vbr_with_the_average():
    content = mpeg_frame(64) * 50 + mpeg_frame(192) * 50
    found = read_mp3(source(content))
    assert found.audio.bitrate_mode == "VBR"
    assert abs(found.audio.bitrate - 128_000) < 500
    assert found.audio.duration_ms == round(100 * 1152 * 1000 / 44100)
    assert [notice.code for notice in found.notices] == ["vbr_without_header"]


def test_tags_before_and_after_are_not_audio():
    tail = b"TAG" + bytes(125)
    content = id3(text("TALB", "x")) + mpeg_frame() * 20 + tail
    assert read_mp3(source(content)).audio.duration_ms == round(20 * 1152e3 / 44100)


def test_garbage_between_frames_is_passed_over():
    garbage = b"\xff" + b"\xff\xfbP\xc0 looks like a header" + bytes(1_000)
    content = mpeg_frame() * 10 + garbage + mpeg_frame() * 10
    assert walk_all(content).frames == 20


def test_counting_stops_at_much_garbage():
    content = mpeg_frame() * 10 + bytes(200_000) + mpeg_frame() * 10
    assert walk_all(content).frames == 10


def test_a_cut_last_frame_does_not_count():
    assert walk_all((mpeg_frame() * 10)[:-1]).frames == 9


def test_frames_across_reading_blocks_are_counted():
    content = mpeg_frame(320) * 2_500
    assert len(content) > 2 * 1024 * 1024
    assert walk_all(content).frames == 2_500


def test_a_file_that_shrinks_while_it_is_read_ends_the_counting():
    frames = mpeg_frame() * 10
    opened = source(frames)
    shrunk = replace(opened, size=opened.size + 500)
    assert walk(shrunk, 0, header_of(0xFFFB90C0)).frames == 10


def found_in(opened):
    found = first_frame(opened, 0)
    assert found is not None
    return found


def header_of(word):
    header = parse_header(word)
    assert header is not None
    return header


def walk_all(content):
    opened = source(content)
    offset, header = found_in(opened)
    return walk(opened, offset, header)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (0xFFFB9000, (3, 128_000, 44_100, 417, 1152)),
        (0xFFF38000, (3, 64_000, 22_050, 208, 576)),
        (0xFFE38000, (3, 64_000, 11_025, 417, 576)),
        (0xFFFD8200, (2, 128_000, 44_100, 418, 1152)),
        (0xFFFF9000, (1, 288_000, 44_100, 312, 384)),
    ],
)
def test_headers_of_each_layer_and_version(word, expected):
    header = parse_header(word)
    assert header is not None
    found = (header.layer, header.bitrate, header.sample_rate, header.size)
    assert (*found, header.samples) == expected


@pytest.mark.parametrize(
    "word",
    [0, 0xFFEB9000, 0xFFF99000, 0xFFFBF000, 0xFFFB0000, 0xFFFB9C00, 0xFF7B9000],
)
def test_impossible_headers_are_none(word):
    assert parse_header(word) is None


def test_remembered_headers_stay_few():
    for index in range(5_000):
        parse_header(index << 6)
    assert parse_header(0xFFFB9000) is not None


def test_a_single_header_is_no_audio():
    with pytest.raises(Unreadable, match="No MPEG audio"):
        read_mp3(source(mpeg_frame() + b"text" * 200))


def test_one_whole_frame_alone_is_audio():
    assert read_mp3(source(mpeg_frame())).audio.duration_ms == 26


def test_nearest_bitrate_is_one_of_the_table():
    header = header_of(0xFFFB9000)
    assert nearest_bitrate(63_700, header) == 64_000
    assert nearest_bitrate(8_300, header_of(0xFFF38000)) == 8_000


@pytest.mark.parametrize(
    ("word", "bitrate"),
    [(0xFFFDE400, 384_000), (0xFFFFE400, 448_000), (0xFFF7E400, 256_000)],
)
def test_each_layer_has_a_table_of_its_own(word, bitrate):
    header = header_of(word)
    frame = word.to_bytes(4, "big") + bytes(header.size - 4)
    assert read_mp3(source(frame * 20)).audio.bitrate == bitrate


@pytest.mark.parametrize(
    ("settings_text", "preset"),
    [
        ("-V 0", "V0"),
        ("-V 2 --vbr-old", "V2"),
        ("-V2", "V2"),
        ("--preset standard", "V2"),
        ("--preset fast standard", "V2"),
        ("--alt-preset extreme", "V0"),
        ("--preset medium", "V4"),
        ("--preset 128", ""),
        ("-b 320", ""),
        ("", ""),
    ],
)
def test_presets_are_told_by_their_settings(settings_text, preset):
    assert preset_of(settings_text) == preset


def info_frame(writer, delays, *, flags=15, magic=b"Info"):
    """A first frame of 64 kbit/s mono with a header behind its side information."""
    frame = bytearray(mpeg_frame(128))
    lengths = ((1, 4), (2, 4), (4, 100), (8, 4))
    fields = sum(size for bit, size in lengths if flags & bit)
    header = magic + flags.to_bytes(4, "big") + bytes(fields) + writer.ljust(21, b"\0")
    header += delays
    frame[4 + 17 : 4 + 17 + len(header)] = header
    return bytes(frame)


def added(frame):
    opened = source(frame * 2)
    offset, header = found_in(opened)
    return added_samples(opened, offset, header)


@pytest.mark.parametrize("flags", [15, 11, 1, 0])
def test_delay_and_padding_are_added_up(flags):
    delays = (1105 << 12 | 500).to_bytes(3, "big")
    assert added(info_frame(b"Lavc59.37", delays, flags=flags)) == 1_605


def test_unknown_writers_state_no_delay():
    assert added(info_frame(b"Other", b"\xff\xff\xff")) == 0
    assert added(info_frame(b"LAME", b"\xff\xff\xff", magic=b"None")) == 0
    assert added(mpeg_frame()) == 0


def test_delay_cut_off_by_the_end_of_file_is_none():
    opened = source(info_frame(b"LAME", b"\0\0\0")[:160])
    assert added_samples(opened, 0, header_of(0xFFFB90C0)) == 0


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 40))
def test_garbage_never_raises_anything_else(content, frames):
    for mixed in (content, mpeg_frame() * frames + content, b"\xff\xfb" + content):
        try:
            read_mp3(source(mixed))
        except Unreadable:
            continue
