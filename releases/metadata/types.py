"""What readers and providers of metadata hand on. No Django import.

`Fields` is the one vocabulary of normalised metadata (docs/metadata.md); every
source fills in what it knows and leaves the rest out (never None, "" or []):

title, subtitle, publisher, copyright, language, asin, isbn, region: str
authors, narrators: [{"name", "asin"?, "role"?}]
series: [{"name", "position"?, "asin"?}]       genres, tags: [str]
year, runtime_ms, brand_intro_ms, brand_outro_ms: int   release_date: "YYYY-MM-DD"
description_html: str, sanitised                summary: str, plain text
chapters: [{"title", "start_ms", "end_ms"}]     chapters_accurate: bool
format_type, literature_type: str              is_adult: bool
rating: str   ratings: dict as the provider gave it   cover_url: str
audio: AudioInfo as a dict, for the whole release
"""

from dataclasses import dataclass, field
from typing import Any

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something a person should know about a file or an answer; nothing stopped."""

    code: str
    message: str
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One chapter; whole milliseconds from the start of the file or release."""

    title: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioInfo:
    """What an audio stream is. Zero or "" means that the file does not say.

    `bitrate` in bits a second; `bitrate_mode` is "CBR", "VBR", "ABR" or "";
    `bits_per_sample` only for lossless codecs; `channels` 0 where the header lies.
    """

    codec: str
    container: str
    lossless: bool = False
    bitrate: int = 0
    bitrate_mode: str = ""
    preset: str = ""
    sample_rate: int = 0
    channels: int = 0
    bits_per_sample: int = 0
    duration_ms: int = 0
    encoder: str = ""


EMBEDDED = "embedded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """A picture. `origin`: the file it was found as, or EMBEDDED."""

    content: bytes = field(repr=False)
    mime: str
    origin: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReading:
    """Everything one audio file says about itself. `error` is set when unreadable."""

    path: str
    audio: AudioInfo | None = None
    fields: Fields = field(default_factory=dict)
    raw: dict[str, Any] = field(default_factory=dict)
    chapters: tuple[Chapter, ...] = ()
    disc: int = 0
    track: int = 0
    cover: Cover | None = None
    notices: tuple[Notice, ...] = ()
    error: str = ""
