"""What a format's reader hands on, before it is normalised."""

from dataclasses import dataclass, field
from typing import BinaryIO

from releases.metadata.types import AudioInfo, Notice


class Unreadable(Exception):
    """The content is not what it claims to be; the text is a sentence for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An open file. `name` is how people know it: the path inside the release."""

    file: BinaryIO
    size: int
    name: str

    def read_at(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from `offset`; fewer at the end of the file."""
        if offset < 0 or offset >= self.size or length <= 0:
            return b""
        self.file.seek(offset)
        return self.file.read(min(length, self.size - offset))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A chapter as written: raw title, milliseconds, end None when not stated."""

    title: str
    start_ms: int
    end_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An embedded picture as written; `kind` 3 is the front cover."""

    content: bytes = field(repr=False)
    kind: int = 0


@dataclass(slots=True, kw_only=True)
class TagBag:
    """Text values by the format's own names, in file order, and the pictures.

    `style` ("id3", "mp4", "vorbis") says whose names they are; `version` is for
    people ("ID3v2.4").
    """

    style: str
    version: str
    texts: dict[str, list[str]] = field(default_factory=dict)
    pictures: list[Picture] = field(default_factory=list)

    def first(self, name: str) -> str:
        """The first non-empty value of that name, or ""."""
        return next((value for value in self.texts.get(name, ()) if value.strip()), "")


@dataclass(slots=True, kw_only=True)
class Found:
    """Everything a reader found; `marks_from` names where the chapters stood."""

    audio: AudioInfo
    tags: TagBag | None = None
    marks: list[Mark] = field(default_factory=list)
    marks_from: str = ""
    encoder_settings: str = ""
    notices: list[Notice] = field(default_factory=list)
