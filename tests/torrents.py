"""Makes files on disk and hashes them the slow and obvious way."""

import hashlib
import random
from pathlib import Path
from typing import Any

from releases.torrents.bencode import decode
from releases.torrents.hasher import hash_files
from releases.torrents.metainfo import build_torrent, torrent_order
from releases.torrents.types import SourceFile, TorrentFile


def sha1(content: bytes) -> "hashlib._Hash":
    return hashlib.sha1(content, usedforsecurity=False)


def decoded(content: bytes) -> dict[bytes, Any]:
    """The dictionary that a torrent's file holds."""
    value = decode(content)
    assert isinstance(value, dict)
    return value


def write_files(folder: Path, sizes: dict[str, int], seed: int = 1) -> list[SourceFile]:
    """Files of random bytes in torrent order; keys are paths below `folder`."""
    rng = random.Random(seed)
    for name, size in sizes.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(rng.randbytes(size))
    ordered = sorted(sizes, key=lambda name: torrent_order(tuple(name.split("/"))))
    return [source_file(folder / name, label=name) for name in ordered]


def source_file(path: Path, label: str = "") -> SourceFile:
    status = path.lstat()
    return SourceFile(
        path=path, size=status.st_size, mtime_ns=status.st_mtime_ns, label=label
    )


def reference_pieces(files: list[SourceFile], piece_length: int) -> bytes:
    """All bytes in memory, cut and hashed one piece after the other."""
    content = b"".join(file.path.read_bytes() for file in files)
    return b"".join(
        sha1(content[at : at + piece_length]).digest()
        for at in range(0, len(content), piece_length)
    )


def torrent_of(
    name: str, files: list[SourceFile], piece_length: int, *, is_single: bool = False
) -> bytes:
    """The base torrent of real files whose labels are their paths."""
    result = hash_files(files, piece_length)
    return build_torrent(
        name=name,
        files=[
            TorrentFile(path=tuple(file.label.split("/")), size=file.size)
            for file in files
        ],
        piece_length=piece_length,
        pieces=result.pieces,
        is_single=is_single,
    )
