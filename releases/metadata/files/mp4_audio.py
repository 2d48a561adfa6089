"""Which codec an MP4's audio track holds, read from its sample description."""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .aac_config import read_aac_config
from .boxes import Box, body, find, inside
from .found import Source
from .mp4_track import Track
from .text import display

_DESCRIPTION_BYTES = 64 * 1024
_ES, _DECODER, _SPECIFIC = 3, 4, 5
_AC3_RATES = (48000, 44100, 32000)
_AC3_CHANNELS = (2, 1, 2, 3, 3, 4, 4, 5)
_AC3_KBPS = (
    32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576,
    640,
)  # fmt: skip
_MP3_OBJECTS = (0x69, 0x6B)
_AAC_OBJECTS = (0x40, 0x66, 0x67, 0x68)
_PLAIN = {
    b"fLaC": "FLAC",
    b"Opus": "Opus",
    b"ac-4": "AC-4",
    b".mp3": "MP3",
    b"dtsc": "DTS",
    b"sowt": "PCM",
    b"twos": "PCM",
    b"lpcm": "PCM",
    b"ipcm": "PCM",
}
_LOSSLESS = ("ALAC", "FLAC", "PCM")


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What the sample description says; zero where it says nothing."""

    codec: str = ""
    sample_rate: int = 0
    channels: int = 0
    bits: int = 0
    bitrate: int = 0
    protected: bool = False

    @property
    def lossless(self) -> bool:
        """Whether the codec loses nothing, and so has a true bit depth."""
        return self.codec in _LOSSLESS


def describe(source: Source, track: Track) -> Description:
    """Read the first sample entry of an audio track."""
    if track.table is None:
        return Description()
    stsd = find(source, track.table, b"stsd")
    entry = next(inside(source, stsd, skip=8), None) if stsd else None
    if entry is None:
        return Description()
    fields = source.read_at(entry.body, 28)
    if len(fields) < 28:
        return Description()
    version, channels, bits, rate = struct.unpack_from(">H6xHH4xI", fields, 8)
    plain = Description(
        codec=_PLAIN.get(entry.name) or display(entry.name.decode("latin-1")),
        sample_rate=rate >> 16,
        channels=channels,
        bits=bits,
        protected=entry.name in (b"enca", b"drms", b"aavd"),
    )
    extra = {1: 16, 2: 36}.get(version, 0)
    parts = {box.name: box for box in inside(source, entry, skip=28 + extra)}
    if b"wave" in parts:  # QuickTime wraps the decoder's settings once more
        parts |= {box.name: box for box in inside(source, parts[b"wave"])}
    for name, read in _READERS.items():
        if name in parts and (name != b"alac" or entry.name == b"alac"):
            return read(_content(source, parts[name]), plain)
    return plain


def _content(source: Source, box: Box) -> bytes:
    return body(source, box, _DESCRIPTION_BYTES)


def _descriptors(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and body of MPEG-4 descriptors that follow each other."""
    position = 0
    while position + 2 <= len(content):
        tag, length, position = content[position], 0, position + 1
        for _ in range(4):
            if position >= len(content):
                return
            byte, position = content[position], position + 1
            length = length << 7 | byte & 0x7F
            if not byte & 0x80:
                break
        yield tag, content[position : position + length]
        position += length


def _read_esds(content: bytes, plain: Description) -> Description:
    """MPEG-4 audio: AAC in all its kinds, or MP3."""
    for tag, stream in _descriptors(content[4:]):
        if tag != _ES or len(stream) < 3:
            continue
        flags, start = stream[2], 3
        start += 2 if flags & 0x80 else 0
        if flags & 0x40 and start < len(stream):
            start += 1 + stream[start]
        start += 2 if flags & 0x20 else 0
        for inner, decoder in _descriptors(stream[start:]):
            if inner == _DECODER and len(decoder) >= 13:
                return _read_decoder(decoder, plain)
    return plain


def _read_decoder(decoder: bytes, plain: Description) -> Description:
    kind = decoder[0]
    (bitrate,) = struct.unpack_from(">I", decoder, 9)
    codec, rate, channels = "", plain.sample_rate, plain.channels
    if kind in _MP3_OBJECTS:
        codec = "MP3"
    elif kind in _AAC_OBJECTS:
        codec = "AAC"
        for tag, specific in _descriptors(decoder[13:]):
            if tag == _SPECIFIC:
                config = read_aac_config(specific)
                codec = config.codec
                rate = config.sample_rate or rate
                channels = config.channels or channels
    return Description(
        codec=codec or plain.codec,
        sample_rate=rate,
        channels=channels,
        bitrate=bitrate,
        protected=plain.protected,
    )


def _read_alac(content: bytes, plain: Description) -> Description:
    """Apple's decoder settings; the sample entry itself often only has defaults."""
    if len(content) < 28:
        return plain
    bits, channels, bitrate, rate = struct.unpack_from(">xB3xB6xII", content, 8)
    return Description(
        codec="ALAC", sample_rate=rate, channels=channels, bits=bits, bitrate=bitrate
    )


def _read_ac3(content: bytes, plain: Description) -> Description:
    if len(content) < 3:
        return plain
    bits = int.from_bytes(content[:3], "big")
    rate, mode, low, speed = bits >> 22, bits >> 11 & 7, bits >> 10 & 1, bits >> 5 & 31
    return Description(
        codec="AC-3",
        sample_rate=_AC3_RATES[rate] if rate < 3 else plain.sample_rate,
        channels=_AC3_CHANNELS[mode] + low,
        bitrate=_AC3_KBPS[speed] * 1000 if speed < len(_AC3_KBPS) else 0,
    )


def _read_eac3(content: bytes, plain: Description) -> Description:
    if len(content) < 5:
        return plain
    bits = int.from_bytes(content[:5], "big")
    rate, mode, low = bits >> 22 & 3, bits >> 9 & 7, bits >> 8 & 1
    return Description(
        codec="E-AC-3",
        sample_rate=_AC3_RATES[rate] if rate < 3 else plain.sample_rate,
        channels=_AC3_CHANNELS[mode] + low,
        bitrate=(bits >> 27) * 1000,
    )


_READERS: dict[bytes, Callable[[bytes, Description], Description]] = {
    b"esds": _read_esds,
    b"alac": _read_alac,
    b"dac3": _read_ac3,
    b"dec3": _read_eac3,
}
