"""Tells what a file is by its content; its name is only compared with that."""

from pathlib import PurePath
from typing import Final

from .found import Source
from .id3 import tags_end
from .mpeg_frames import first_frame

# Suffix: the containers that a file of this name may well be.
SUFFIXES: Final[dict[str, tuple[str, ...]]] = {
    ".m4b": ("MP4",),
    ".m4a": ("MP4",),
    ".mp4": ("MP4",),
    ".mp3": ("MP3",),
    ".mp2": ("MP3",),
    ".flac": ("FLAC",),
    ".ogg": ("Ogg",),
    ".oga": ("Ogg",),
    ".opus": ("Ogg",),
    ".spx": ("Ogg",),
    ".wav": ("WAV",),
    ".aif": ("AIFF",),
    ".aiff": ("AIFF",),
    ".wv": ("WavPack",),
    ".aac": ("ADTS", "MP4"),
    ".ac3": ("AC-3",),
    ".eac3": ("AC-3",),
    ".ec3": ("AC-3",),
}
_MP4_STARTS = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")


def is_audio_name(name: str) -> bool:
    """Whether a file of this name is worth reading as audio."""
    return PurePath(name).suffix.lower() in SUFFIXES


def sniff(source: Source) -> tuple[str, int]:
    """The container, "" when it is none we know, and where the stream begins."""
    start = tags_end(source)
    head = source.read_at(start, 16)
    container = ""
    if head[:4] == b"fLaC":
        container = "FLAC"
    elif head[:4] == b"OggS":
        container = "Ogg"
    elif head[4:8] in _MP4_STARTS:
        container = "MP4"
    elif head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        container = "WAV"
    elif head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        container = "AIFF"
    elif head[:4] == b"wvpk":
        container = "WavPack"
    elif head[:2] == b"\x0b\x77":
        container = "AC-3"
    elif len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        container = "ADTS"
    elif first_frame(source, start) is not None:
        container = "MP3"
    return container, start
