"""Reads WAV, AIFF, WavPack, raw AAC (ADTS) and raw AC-3 by mutagen."""

from typing import Any

from mutagen.aac import AACInfo
from mutagen.ac3 import AC3Info
from mutagen.aiff import AIFFInfo
from mutagen.wave import WaveStreamInfo
from mutagen.wavpack import WavPackInfo

from releases.metadata.types import AudioInfo

from .cue import marks_of, parse_cue
from .found import Found, Source

_LOSSLESS = ("PCM", "WavPack")
# Of the figures alone: whole files would have their tags unpacked, however large.
_INFOS = {
    "WAV": (WaveStreamInfo, "PCM"),
    "AIFF": (AIFFInfo, "PCM"),
    "WavPack": (WavPackInfo, "WavPack"),
    "ADTS": (AACInfo, "AAC"),
    "AC-3": (AC3Info, "AC-3"),
}


def read_plain(source: Source, container: str, sheet: str) -> Found:
    """Audio figures, and chapters from a cue sheet; tags are rare here and not read.

    Raises whatever mutagen raises on damage.
    """
    reader, codec = _INFOS[container]
    source.file.seek(0)
    info: Any = reader(source.file)
    if getattr(info, "codec", "") == "ec-3":
        codec = "E-AC-3"
    lossless = codec in _LOSSLESS
    length = max(0.0, float(getattr(info, "length", 0) or 0))
    bitrate = int(getattr(info, "bitrate", 0) or 0)
    if not bitrate and length:
        bitrate = round(source.size * 8 / length)
    audio = AudioInfo(
        codec=codec,
        container=container,
        lossless=lossless,
        bitrate=bitrate,
        sample_rate=int(getattr(info, "sample_rate", 0) or 0),
        channels=int(getattr(info, "channels", 0) or 0),
        bits_per_sample=int(getattr(info, "bits_per_sample", 0) or 0)
        if lossless
        else 0,
        duration_ms=round(length * 1000),
    )
    marks = marks_of(parse_cue(sheet), source.name)
    return Found(audio=audio, marks=marks, marks_from="cue sheet" if marks else "")
