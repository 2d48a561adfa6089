"""Builds small pieces of audio files by hand: MP4 boxes, ID3 frames, MPEG frames."""

import io
import struct

from releases.metadata.files.found import Source


def source(content, name="book.m4b"):
    """The content as a reader sees an open file."""
    return Source(file=io.BytesIO(content), size=len(content), name=name)


# ---- MP4


def box(name, *parts, wide=False):
    body = b"".join(parts)
    if wide:
        return struct.pack(">I4sQ", 1, name, 16 + len(body)) + body
    return struct.pack(">I4s", 8 + len(body), name) + body


def full(name, *parts, version=0):
    return box(name, bytes([version, 0, 0, 0]), *parts)


def words(*numbers):
    return struct.pack(f">{len(numbers)}I", *numbers)


def text_sample(text, encoding="utf-8"):
    content = text.encode(encoding) if isinstance(text, str) else text
    if encoding == "utf-16-be":
        content = b"\xfe\xff" + content
    if encoding == "utf-16-le":
        content = b"\xff\xfe" + content
    return struct.pack(">H", len(content)) + content


def track(
    number,
    handler,
    *,
    timescale=1000,
    duration=0,
    chapters=(),
    table=b"",
    edits=b"",
    version=0,
):
    """A trak box; `chapters` are the ids its tref names."""
    if version:
        tkhd = full(b"tkhd", bytes(16), words(number, 0), bytes(60), version=1)
        times = struct.pack(">16xIQ", timescale, duration)
    else:
        tkhd = full(b"tkhd", words(0, 0, number, 0), bytes(60))
        times = struct.pack(">8xII", timescale, duration)
    parts = [tkhd]
    if edits:
        parts.append(box(b"edts", edits))
    if chapters:
        parts.append(box(b"tref", box(b"chap", words(*chapters))))
    mdia = [
        full(b"mdhd", times, bytes(4), version=version),
        full(b"hdlr", bytes(4), handler, bytes(13)),
        box(b"minf", box(b"stbl", table)),
    ]
    return box(b"trak", *parts, box(b"mdia", *mdia))


def sample_table(places, durations, *, co64=False):
    """stts, stsz, stsc and chunk offsets with one sample in each chunk."""
    offsets = [offset for offset, _ in places]
    if co64:
        packed = struct.pack(f">{len(offsets)}Q", *offsets)
        chunks = full(b"co64", words(len(offsets)), packed)
    else:
        chunks = full(b"stco", words(len(offsets), *offsets))
    runs = [number for duration in durations for number in (1, duration)]
    return b"".join(
        (
            full(b"stts", words(len(durations), *runs)),
            full(b"stsz", words(0, len(places), *[size for _, size in places])),
            full(b"stsc", words(1, 1, 1, 1)),
            chunks,
        )
    )


def descriptor(tag, *parts):
    body = b"".join(parts)
    return bytes([tag, 0x80, 0x80, 0x80, len(body)]) + body


def aac_entry(config=b"\x12\x08", *, bitrate=64000, channels=2, rate=44100, kind=0x40):
    """An mp4a sample entry in its stsd box; 1208 is AAC LC, 44100 Hz, mono."""
    decoder = struct.pack(">BB3xII", kind, 0x15, bitrate, bitrate)
    stream = descriptor(3, b"\0\1\0", descriptor(4, decoder, descriptor(5, config)))
    fields = struct.pack(">6xH8xHH4xI", 1, channels, 16, rate << 16)
    return full(b"stsd", words(1), box(b"mp4a", fields, full(b"esds", stream)))


def audio_track(number=1, *, seconds=60, chapters=(), entry=None, **more):
    table = (entry or aac_entry()) + sample_table([(8, 4)], [seconds * 1000])
    return track(
        number,
        b"soun",
        duration=seconds * 1000,
        chapters=chapters,
        table=table,
        **more,
    )


def movie(*boxes, media=b"\0" * 64):
    """A file: media first, so that sample offsets count from 8, then the index."""
    mvhd = full(b"mvhd", struct.pack(">8xII", 1000, 60_000), bytes(80))
    ftyp = b""
    return ftyp + box(b"mdat", media) + box(b"moov", mvhd, *boxes)


def chapter_movie(samples, durations, *, handler=b"text", extra=(), **options):
    """A movie with an audio track and a chapter track of the given samples."""
    places, position = [], 8
    for sample in samples:
        places.append((position, len(sample)))
        position += len(sample)
    co64 = options.pop("co64", False)
    table = sample_table(places, durations, co64=co64)
    chapter = track(2, handler, table=table, **options)
    return movie(
        audio_track(chapters=(2,)), chapter, *extra, media=b"".join(samples) + bytes(8)
    )


def nero(entries, *, version=1):
    """udta with a chpl box; entries are (milliseconds, title bytes)."""
    body = bytes([version, 0, 0, 0]) + bytes(4 if version else 0)
    body += bytes([len(entries)])
    for start, title in entries:
        body += struct.pack(">QB", start * 10_000, len(title)) + title
    return box(b"udta", box(b"chpl", body))


# ---- ID3


def syncsafe(number):
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def frame(name, content, *, version=4, flags=0):
    if version == 2:
        return name.encode() + len(content).to_bytes(3, "big") + content
    size = syncsafe(len(content)) if version == 4 else words(len(content))
    return name.encode() + size + flags.to_bytes(2, "big") + content


def text(name, value, *, version=4, label=None):
    middle = b"" if label is None else label.encode() + b"\0"
    encoding = b"\3" if version == 4 else b"\0"
    value = value.encode("utf-8" if version == 4 else "latin-1")
    return frame(name, encoding + middle + value, version=version)


def id3(*frames, version=4, flags=0, padding=16):
    body = b"".join(frames) + bytes(padding)
    return b"ID3" + bytes([version, 0, flags]) + syncsafe(len(body)) + body


def chap(name, start, end, title=None, *, version=4):
    body = name.encode() + b"\0" + words(start, end, 0xFFFFFFFF, 0xFFFFFFFF)
    if title is not None:
        body += text("TIT2", title, version=version)
    return frame("CHAP", body, version=version)


def ctoc(name, children, *, flags=3, version=4):
    body = name.encode() + b"\0" + bytes([flags, len(children)])
    body += b"".join(child.encode() + b"\0" for child in children)
    return frame("CTOC", body, version=version)


# ---- MPEG audio

KBPS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)


def mpeg_frame(kbps=64, *, mono=True):
    """A silent MPEG-1 layer III frame at 44100 Hz."""
    head = 0xFFFB0000 | KBPS.index(kbps) << 12 | (3 if mono else 0) << 6
    size = 144 * kbps * 1000 // 44100
    return head.to_bytes(4, "big") + bytes(size - 4)
