"""Reads Ogg files: Vorbis, Opus, FLAC and Speex streams, by mutagen."""

import struct

from mutagen.oggflac import OggFLAC
from mutagen.oggopus import OggOpus
from mutagen.oggspeex import OggSpeex
from mutagen.oggvorbis import OggVorbis

from releases.metadata.types import AudioInfo, Notice

from . import limits
from .cue import marks_of, parse_cue
from .found import Found, Source, Unreadable
from .vorbis import chapter_marks, collect

_KINDS = (
    (b"OpusHead", OggOpus, "Opus"),
    (b"\x01vorbis", OggVorbis, "Vorbis"),
    (b"\x7fFLAC", OggFLAC, "FLAC"),
    (b"Speex   ", OggSpeex, "Speex"),
)
_OPUS_RATE = 48_000  # what Opus always decodes to
_PAGE_HEAD = 27
_MAX_PAGES = 4_000
_TAIL = 128 * 1024


def read_ogg(source: Source, sheet: str) -> Found:
    """Read the first stream. Raises Unreadable, and what mutagen raises on damage."""
    first = source.read_at(0, 512)
    kind = next((kind for kind in _KINDS if kind[0] in first), None)
    if kind is None:
        raise Unreadable("The Ogg file holds no Vorbis, Opus, FLAC or Speex audio.")
    _check_headers(source)
    _, opener, codec = kind
    source.file.seek(0)
    ogg = opener(source.file)
    info = ogg.info
    seconds = max(0.0, info.length)
    bitrate = round(source.size * 8 / seconds) if seconds else 0
    nominal = int(getattr(info, "bitrate", 0) or 0)
    lossless = codec == "FLAC"
    audio = AudioInfo(
        codec=codec,
        container="Ogg",
        lossless=lossless,
        bitrate=bitrate or max(0, nominal),
        bitrate_mode="" if lossless else "VBR",
        sample_rate=_OPUS_RATE if codec == "Opus" else info.sample_rate,
        channels=info.channels,
        bits_per_sample=info.bits_per_sample if lossless else 0,
        duration_ms=round(seconds * 1000),
    )
    tags = collect(ogg.tags or (), f"{codec} comments")
    marks, marks_from = chapter_marks(tags), "comments"
    if not marks:
        text = sheet or tags.first("CUESHEET")
        marks, marks_from = marks_of(parse_cue(text), source.name), "cue sheet"
    return Found(
        audio=audio,
        tags=tags,
        marks=marks,
        marks_from=marks_from if marks else "",
        notices=_cut_notices(source),
    )


def _check_headers(source: Source) -> None:
    """Follow the pages up to the first audio, before all of them are taken in."""
    position = 0
    for _ in range(_MAX_PAGES):
        head = source.read_at(position, _PAGE_HEAD + 255)
        if head[:4] != b"OggS" or len(head) < _PAGE_HEAD:
            raise Unreadable("The Ogg file ends or breaks inside its headers.")
        (granule,) = struct.unpack_from("<q", head, 6)
        if granule > 0:
            return
        count = head[26]
        position += _PAGE_HEAD + count + sum(head[_PAGE_HEAD : _PAGE_HEAD + count])
        if position > limits.TAG_BYTES:
            break
        if position >= source.size:
            return
    raise Unreadable(
        f"The Ogg file's tags take more than {limits.TAG_BYTES // limits.MIB} MiB:"
        " remove pictures from them."
    )


def _cut_notices(source: Source) -> list[Notice]:
    """The last page of a complete stream says that it is the last."""
    tail = source.read_at(max(0, source.size - _TAIL), _TAIL)
    last = tail.rfind(b"OggS")
    if last != -1 and len(tail) > last + 5 and tail[last + 5] & 4:
        return []
    return [
        Notice(
            code="truncated",
            message="The last page of the Ogg stream is missing: the file was cut off."
            " Get a complete copy.",
        )
    ]
