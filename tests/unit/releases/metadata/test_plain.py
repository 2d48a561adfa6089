"""WAV and AIFF: figures only, whatever their tags would unpack to."""

import io
import struct
import tracemalloc
import zlib

from releases.metadata.files.found import Source
from releases.metadata.files.plain import read_plain


def synchsafe(number):
    return bytes(number >> shift & 127 for shift in (21, 14, 7, 0))


def chunk(name, content):
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def bomb(size):
    """A second of 8 kHz WAV whose ID3 tag unpacks to `size` bytes."""
    packed = synchsafe(size) + zlib.compress(b"\3" + b"a" * (size - 1), 9)
    frame = b"TXXX" + synchsafe(len(packed)) + b"\0\x09" + packed
    content = b"WAVE" + b"".join(
        (
            chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)),
            chunk(b"data", b"\x80" * 8000),
            chunk(b"id3 ", b"ID3\4\0\0" + synchsafe(len(frame)) + frame),
        )
    )
    return chunk(b"RIFF", content)


def test_tags_of_a_wav_file_are_not_unpacked():
    content = bomb(100_000_000)
    source = Source(file=io.BytesIO(content), size=len(content), name="a.wav")
    tracemalloc.start()
    try:
        found = read_plain(source, "WAV", "")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (found.audio.duration_ms, found.audio.sample_rate) == (1000, 8000)
    assert peak < 5_000_000
