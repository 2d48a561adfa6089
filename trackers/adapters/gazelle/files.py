"""Rules for the torrent itself and the names inside it. Pure."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

import torf

from trackers.adapters.gazelle.dialects import Dialect
from trackers.types import Problem, Severity, TorrentFile, TrackerSite

# What holds where the tracker has no rule of its own.
USUAL_MAX_TORRENT_BYTES: Final = 999_999
USUAL_MAX_PATH_CHARS: Final = 180
FORBIDDEN_CHARACTERS: Final = re.compile(r'[:?<>*|"\\]')
# Names of public sites, and the mark of an unfinished download.
FORBIDDEN_WORDS: Final = (
    "incomplete~",
    "ahashare.com",
    "demonoid.com",
    "demonoid.me",
    "djtunes.com",
    "h33t",
    "housexclusive.net",
    "limetorrents.com",
    "mixesdb.com",
    "mixfiend.blogstop",
    "mixtapetorrent.blogspot",
    "plixid.com",
    "reggaeme.com",
    "scc.nfo",
    "thepiratebay.org",
    "torrentday",
)
MAKE_ANEW: Final = "Prepare the release again, so that its torrent is made anew."


def torrent_problems(site: TrackerSite, torrent: TorrentFile) -> Iterator[Problem]:
    """Check size, readability, version, private and source flags, and infohash."""
    size = len(torrent.content)
    most = site.torrent_rules.get("max_torrent_bytes") or USUAL_MAX_TORRENT_BYTES
    if size > most:
        yield _torrent_problem(
            "too_large",
            f"The .torrent takes {size:,} bytes; {most:,} are allowed.",
            "Choose a larger piece length for this release.",
        )
        return
    try:
        found = torf.Torrent.read_stream(BytesIO(torrent.content))
    except torf.TorfError:
        yield _torrent_problem(
            "unreadable", "The .torrent is not a valid v1 torrent.", MAKE_ANEW
        )
        return
    yield from _info_problems(site, torrent, found)


def _info_problems(
    site: TrackerSite, torrent: TorrentFile, found: Any
) -> Iterator[Problem]:
    info = found.metainfo["info"]
    if "meta version" in info:
        yield _torrent_problem(
            "not_v1",
            "The site takes v1 torrents only; this is v2 or hybrid.",
            MAKE_ANEW,
        )
    if not found.private:
        yield _torrent_problem(
            "not_private", "The torrent has no private flag.", MAKE_ANEW
        )
    if (found.source or "") != site.source_flag:
        yield _torrent_problem(
            "wrong_source",
            f"The torrent's source flag is {found.source!r}; {site.name} needs "
            f"{site.source_flag!r}.",
            MAKE_ANEW,
        )
    if found.infohash != torrent.infohash:
        yield _torrent_problem(
            "wrong_infohash",
            f"The .torrent has the infohash {found.infohash}, not "
            f"{torrent.infohash} as noted.",
            MAKE_ANEW,
        )


def file_problems(
    site: TrackerSite, dialect: Dialect, torrent: TorrentFile
) -> Iterator[Problem]:
    """Check every path: forbidden characters and words, length, file type."""
    longest = site.torrent_rules.get("max_path_chars") or USUAL_MAX_PATH_CHARS
    paths = [path for path, _size in torrent.files]
    yield from _named(
        "forbidden_character",
        [path for path in paths if FORBIDDEN_CHARACTERS.search(path)],
        'These names hold one of : ? < > * | " \\',
        "Rename them and prepare the release again.",
    )
    yield from _named(
        "forbidden_word",
        [path for path in paths if _has_forbidden_word(path)],
        "These names hold a word that the site refuses (a public site's name, or "
        "INCOMPLETE~)",
        "Rename them and prepare the release again.",
    )
    yield from _named(
        "path_too_long",
        [path for path in paths if len(path) > longest],
        f"Folder and file name together exceed {longest} characters",
        "Shorten the names and prepare the release again.",
    )
    yield from _named(
        "file_type",
        [path for path in paths if extension(path) not in dialect.extensions],
        "The site does not take files of this type"
        if dialect.extensions_published
        else "The site may not take files of this type (its list is not published)",
        "Leave these files out of the release.",
        Severity.ERROR if dialect.extensions_published else Severity.WARNING,
    )


def extension(path: str) -> str:
    """Return what follows the last dot of the file's name, in lower case."""
    name = path.rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def _has_forbidden_word(path: str) -> bool:
    lowered = path.lower()
    return any(word in lowered for word in FORBIDDEN_WORDS)


SHOWN_PATHS: Final = 5


def _named(
    code: str,
    paths: list[str],
    message: str,
    remedy: str,
    severity: Severity = Severity.ERROR,
) -> Iterator[Problem]:
    if not paths:
        return
    shown = ", ".join(f'"{path}"' for path in paths[:SHOWN_PATHS])
    more = len(paths) - SHOWN_PATHS
    if more > 0:
        shown += f" and {more} more"
    yield Problem(
        field="files",
        code=code,
        message=f"{message}: {shown}.",
        remedy=remedy,
        severity=severity,
    )


def _torrent_problem(code: str, message: str, remedy: str) -> Problem:
    return Problem(field="torrent", code=code, message=message, remedy=remedy)
