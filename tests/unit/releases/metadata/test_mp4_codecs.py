"""Codecs of MP4 boxes by hand: what each sample entry says of the sound."""

import struct

import pytest

from releases.metadata.files.mp4 import read_mp4
from tests.unit.releases.metadata.audio_bytes import (
    aac_entry,
    box,
    full,
    movie,
    sample_table,
    source,
    track,
    words,
)


def entry_of(name, extra):
    fields = struct.pack(">6xH8xHH4xI", 1, 2, 16, 48000 << 16)
    return full(b"stsd", words(1), box(name, fields, extra))


def described(entry):
    table = entry + sample_table([(8, 4)], [1_000])
    content = movie(track(1, b"soun", duration=1_000, table=table))
    return read_mp4(source(content)).audio


def test_mono_aac_is_mono_whatever_the_sample_entry_says():
    assert described(aac_entry(b"\x12\x08", channels=2)).channels == 1


@pytest.mark.parametrize(
    ("config", "codec", "rate", "channels"),
    [
        (b"\x12\x10", "AAC LC", 44100, 2),
        (b"\x2b\x92\x08\x00", "HE-AAC", 44100, 2),
        (b"\xeb\x8a\x08\x00", "HE-AAC v2", 44100, 2),
        (b"\xf9\x48\x42\x1c", "xHE-AAC", 44100, 2),
        (b"\x13\x90\x56\xe5\xa0", "HE-AAC", 44100, 2),
    ],
)
def test_kinds_of_aac_are_told_apart(config, codec, rate, channels):
    audio = described(aac_entry(config))
    assert audio.codec == codec
    assert (audio.sample_rate, audio.channels) == (rate, channels)
    assert audio.bits_per_sample == 0


def test_mp3_inside_mp4_is_mp3():
    assert described(aac_entry(kind=0x6B)).codec == "MP3"


def test_unknown_object_keeps_the_entry_name():
    assert described(aac_entry(kind=0xDD)).codec == "mp4a"


def test_an_entry_name_of_odd_bytes_is_shown_without_them():
    assert described(entry_of(b"m\0\0a", b"")).codec == "ma"


def test_alac_takes_depth_and_rate_from_its_cookie():
    cookie = struct.pack(">IBBBBBBHIII", 4096, 0, 24, 40, 10, 14, 1, 255, 0, 0, 96000)
    audio = described(entry_of(b"alac", full(b"alac", cookie)))
    assert (audio.codec, audio.lossless) == ("ALAC", True)
    assert (audio.bits_per_sample, audio.sample_rate, audio.channels) == (24, 96000, 1)


def test_ac3_has_its_surround_channels():
    # 48 kHz, 3/2 channels and low frequencies, 384 kbit/s
    bits = 0 << 22 | 8 << 17 | 7 << 11 | 1 << 10 | 14 << 5
    audio = described(entry_of(b"ac-3", box(b"dac3", bits.to_bytes(3, "big"))))
    assert (audio.codec, audio.channels, audio.sample_rate) == ("AC-3", 6, 48000)


@pytest.mark.parametrize("name", [b"esds", b"alac", b"dac3", b"dec3"])
def test_short_decoder_settings_leave_what_the_entry_says(name):
    audio = described(
        entry_of(b"alac" if name == b"alac" else b"mp4a", box(name, b"\0"))
    )
    assert (audio.sample_rate, audio.channels) == (48000, 2)


def test_opus_in_mp4_is_opus():
    assert described(entry_of(b"Opus", box(b"dOps", bytes(11)))).codec == "Opus"


def test_quicktime_wraps_its_settings_in_a_wave_box():
    fields = struct.pack(">6xHH6xHH4xI", 1, 1, 2, 16, 44100 << 16) + bytes(16)
    esds = aac_entry()[aac_entry().index(b"esds") - 4 :]
    stsd = full(b"stsd", words(1), box(b"mp4a", fields, box(b"wave", esds)))
    assert described(stsd).codec == "AAC LC"


def test_track_without_description_has_no_codec():
    content = movie(track(1, b"soun", duration=1_000, table=b""))
    assert read_mp4(source(content)).audio.codec == ""
