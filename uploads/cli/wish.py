"""What was asked for on the command line, and what the exit code says about it."""

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from common.errors import AppError
from releases.ingest.jail import shown
from releases.torrents.bencode import MOST_BYTES
from releases.torrents.errors import TorrentTooLarge
from releases.torrents.metainfo import read_torrent


class Exit(IntEnum):
    """What the exit code says; docs/cli.md lists them."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NEEDS_PERSON = 3
    STILL_RUNNING = 4
    UNREACHABLE = 5


@dataclass(kw_only=True)
class Wish:
    """One release to publish. `wait` is in seconds."""

    path: str
    trackers: list[str] = field(default_factory=list)
    kind: str = ""
    asin: str = ""
    yes: bool = False
    dry_run: bool = False
    wait: float = 300.0
    torrent_file: bytes | None = None


def wish_of(options: Mapping[str, Any], path_text: str) -> Wish:
    """The wish about a path of this machine; a .torrent is read. Raises AppError."""
    path, content = Path(path_text), None
    if path.suffix.lower() == ".torrent" and _is_file(path):
        content = _torrent(path)
        path = (
            Path(options["content"]) if options["content"] else _beside(path, content)
        )
    elif options["content"]:
        raise AppError(
            "--content says where a .torrent's files are, and no .torrent was given. "
            "Give the folder alone, or the .torrent as well.",
            code="content_without_torrent",
        )
    return _wish(options, str(path.absolute()), content)


def remote_wish(options: Mapping[str, Any], path: str) -> Wish:
    """The wish about a path as the server, or its torrent client, names it.

    Raises AppError for what only works on the machine itself.
    """
    if options["content"] or path.lower().endswith(".torrent"):
        raise AppError(
            "A .torrent cannot be given to a server. Give the path of the release as "
            "the server names it.",
            code="torrent_not_remote",
        )
    if not is_whole_path(path):
        raise AppError(
            f"{shown(path)} is not a whole path. Give it as the server names it, or "
            "as its torrent client does.",
            code="path_relative",
        )
    return _wish(options, path, None)


def is_whole_path(path: str) -> bool:
    """Whether a path begins at a root, of whatever system."""
    return PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()


def _wish(options: Mapping[str, Any], path: str, content: bytes | None) -> Wish:
    wait = options["wait"]
    if not math.isfinite(wait) or wait < 0:
        raise AppError("--wait takes seconds, 0 or more.", code="wait_invalid")
    slugs = [slug.strip() for slug in options["trackers"].split(",")]
    return Wish(
        path=path,
        trackers=list(dict.fromkeys(slug for slug in slugs if slug)),
        kind=options["kind"],
        asin=options["asin"],
        yes=options["yes"],
        dry_run=options["dry_run"],
        wait=wait,
        torrent_file=content,
    )


def listed(path_text: str) -> list[str]:
    """The paths in a file, one a line; "-" reads the standard input. Raises AppError."""
    try:
        if path_text == "-":
            text = sys.stdin.read()
        else:
            text = Path(path_text).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as exc:
        raise AppError(
            f"The list {shown(path_text)} cannot be read ({exc}). Give a text file in "
            "UTF-8 with one path a line.",
            code="list_unreadable",
        ) from exc
    return [line for line in text.splitlines() if line.strip()]


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _torrent(path: Path) -> bytes:
    """What is in the file, as far as a torrent may be long. Raises AppError."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as exc:
        raise AppError(
            f"{shown(str(path))} cannot be read ({exc.strerror}). Check its rights.",
            code="torrent_unreadable",
        ) from exc
    if len(content) > MOST_BYTES:
        raise TorrentTooLarge(
            f"{shown(path.name)} has more than {MOST_BYTES // 1_000_000} MB, and no "
            "torrent has. Give the release's folder instead."
        )
    return content


def _beside(path: Path, content: bytes) -> Path:
    """Where the torrent's files are expected: beside it, under its own name."""
    names = (read_torrent(content).name, path.stem)
    for name in names:
        if (path.parent / name).exists():
            return path.parent / name
    raise AppError(
        f"The files of {shown(path.name)} are not beside it: there is no "
        f"{shown(names[0])}. Say where they are with --content PATH.",
        code="content_missing",
    )
