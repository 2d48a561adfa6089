"""Whether the pieces of a given torrent may serve for files on disk."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from releases.torrents.content import open_regular
from releases.torrents.errors import TorrentMismatch, shown
from releases.torrents.hasher import DIGEST_SIZE, hash_files, hash_pieces
from releases.torrents.types import (
    CancelCheck,
    Metainfo,
    Opener,
    ProgressCallback,
    SourceFile,
)

Path = tuple[str, ...]

_SHOWN = 5  # problems told one by one; the rest is counted
SAMPLE_PIECES = 256


def compare_files(
    metainfo: Metainfo, *, name: str, is_single: bool, files: Mapping[Path, SourceFile]
) -> list[str]:
    """What keeps the torrent from describing `files`, as sentences; [] if nothing.

    `files` maps the path below the release to the file ((`name`,) for a single
    one). Files that the torrent leaves out are problems too: nobody would get them.
    """
    if metainfo.is_single != is_single:
        kinds = ("one single file", "a folder")
        here, there = kinds if is_single else kinds[::-1]
        return [f"The release is {here}, but the torrent is of {there}."]
    problems = []
    if metainfo.name != name:
        problems.append(
            f"The torrent is called {shown(metainfo.name)}, but the release "
            f"{shown(name)}; a torrent client would look for the other name."
        )
        if is_single:
            return problems
    listed = {file.path: file.size for file in metainfo.files}
    for path, size in listed.items():
        known = files.get(path)
        if known is None:
            problems.append(f"{_named(path)} is in the torrent, but not on disk.")
        elif known.size != size:
            problems.append(
                f"{_named(path)} has {known.size} bytes on disk and {size} in the "
                "torrent."
            )
    problems += [
        f"{_named(path)} is on disk, but not in the torrent."
        for path in files
        if path not in listed
    ]
    return problems


def require_same_files(
    metainfo: Metainfo, *, name: str, is_single: bool, files: Mapping[Path, SourceFile]
) -> None:
    """Raise TorrentMismatch with all that `compare_files` finds."""
    problems = compare_files(metainfo, name=name, is_single=is_single, files=files)
    if problems:
        raise _mismatch(problems)


def verify_pieces(
    metainfo: Metainfo,
    files: Mapping[Path, SourceFile],
    *,
    full: bool = False,
    sample: int = SAMPLE_PIECES,
    on_progress: ProgressCallback | None = None,
    cancelled: CancelCheck | None = None,
    opener: Opener = open_regular,
) -> int:
    """Compare piece hashes with the files; returns how many pieces were compared.

    Every piece with `full`; otherwise at most `sample`, as `sample_pieces` chooses
    them: then only a recheck proves the rest. The files must be the same
    (`require_same_files`).
    Raises TorrentMismatch when a piece differs, HashingError as `hash_files` does.
    """
    ordered = [files[file.path] for file in metainfo.files]
    if full:
        result = hash_files(
            ordered,
            metainfo.piece_length,
            on_progress=on_progress,
            cancelled=cancelled,
            opener=opener,
        )
        found = dict(enumerate(_digests(result.pieces)))
    else:
        found = hash_pieces(
            ordered,
            metainfo.piece_length,
            sample_pieces(metainfo, sample),
            on_progress=on_progress,
            cancelled=cancelled,
            opener=opener,
        )
    expected = list(_digests(metainfo.pieces))
    wrong = [index for index, digest in found.items() if digest != expected[index]]
    if wrong:
        raise _mismatch(_differences(metainfo, wrong))
    return len(found)


def sample_pieces(metainfo: Metainfo, most: int) -> list[int]:
    """Indexes of at most `most` pieces: the first and last of each file, then others.

    Where the edges alone are too many they are thinned evenly; what room they leave
    is spread evenly over the pieces between.
    """
    edges: set[int] = set()
    start = 0
    for file in metainfo.files:
        end = start + file.size
        if file.size:
            edges |= {
                start // metainfo.piece_length,
                (end - 1) // metainfo.piece_length,
            }
        start = end
    chosen = _spread(sorted(edges), most)
    inner = [index for index in range(metainfo.piece_count) if index not in edges]
    return sorted([*chosen, *_spread(inner, most - len(chosen))])


def _spread(indexes: list[int], most: int) -> list[int]:
    """All indexes, or `most` of them at even distances."""
    if len(indexes) <= most:
        return indexes
    return [indexes[place * len(indexes) // most] for place in range(most)]


def _digests(pieces: bytes) -> Iterable[bytes]:
    return (pieces[at : at + DIGEST_SIZE] for at in range(0, len(pieces), DIGEST_SIZE))


def _differences(metainfo: Metainfo, wrong: Sequence[int]) -> list[str]:
    """One sentence for each file that wrong pieces lie in, in the torrent's order."""
    starts = [0, *accumulate(file.size for file in metainfo.files)]
    touched: dict[Path, None] = {}
    for index in wrong:
        first = index * metainfo.piece_length
        last = min(first + metainfo.piece_length, starts[-1]) - 1
        low, high = bisect_right(starts, first) - 1, bisect_right(starts, last) - 1
        for file in metainfo.files[low : high + 1]:
            if file.size:
                touched[file.path] = None
    return [
        f"{_named(path)} has, or borders on, other content than the torrent."
        for path in touched
    ]


def _named(path: Path) -> str:
    return shown("/".join(path))


def _mismatch(problems: list[str]) -> TorrentMismatch:
    text = " ".join(problems[:_SHOWN])
    if len(problems) > _SHOWN:
        text += f" And {len(problems) - _SHOWN} more."
    return TorrentMismatch(
        f"The torrent does not fit the files. {text} Leave the torrent out, and "
        "Herald hashes the files itself.",
        extra={"problems": problems},
    )
