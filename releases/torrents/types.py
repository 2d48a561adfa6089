"""What hashing takes and gives, and what a torrent says. No Django import."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file to hash, as it was when the release was looked at.

    `size` in bytes and `mtime_ns` must still be so (None: whatever it is at the
    start). `label` names the file in errors; by default the path does.
    """

    path: Path
    size: int
    mtime_ns: int | None = None
    label: str = ""

    @property
    def name(self) -> str:
        """How people know the file."""
        return self.label or str(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far reading is. `rate` in bytes a second; `eta` in seconds, None: unknown."""

    phase: str
    bytes_done: int
    bytes_total: int
    rate: float
    eta: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HashResult:
    """`pieces` are SHA-1 digests, 20 bytes each; `duration` in seconds."""

    pieces: bytes = field(repr=False)
    piece_length: int
    total_size: int
    duration: float
    threads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TorrentFile:
    """One file of a torrent: path below the torrent's name, size in bytes.

    A single-file torrent has one, and its path is the torrent's name.
    """

    path: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Metainfo:
    """A checked v1 torrent, without anything secret (no announce URL).

    `infohash` is lower-case hex. `piece_length` in bytes, `pieces` SHA-1 digests of
    20 bytes each; their number fits the files. No path leaves the torrent's folder.
    """

    name: str
    files: tuple[TorrentFile, ...]
    piece_length: int
    pieces: bytes = field(repr=False)
    infohash: str
    is_single: bool
    private: bool = False
    source: str = ""

    @property
    def total_size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def piece_count(self) -> int:
        """How many pieces there are."""
        return len(self.pieces) // 20


Opener = Callable[[Path], int]
"""Opens a file for reading and returns its descriptor; raises OSError."""
ProgressCallback = Callable[[Progress], None]
CancelCheck = Callable[[], bool]
