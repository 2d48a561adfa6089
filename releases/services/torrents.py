"""Base torrents: hashed once per piece length, kept, and turned into metainfo."""

import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from releases.errors import ReleaseError
from releases.ingest.jail import resolve_inside
from releases.models import Release, Torrent
from releases.torrents.errors import TooManyPieces, TorrentMismatch
from releases.torrents.hasher import hash_files
from releases.torrents.metainfo import build_torrent, read_torrent, torrent_order
from releases.torrents.pieces import PieceRule, choose_piece_length
from releases.torrents.reuse import require_same_files, verify_pieces
from releases.torrents.types import Progress, SourceFile, TorrentFile

ENGINE = "herald"
GIVEN = "given torrent"


def torrent_ensure(
    release: Release,
    *,
    rule: PieceRule | None = None,
    on_progress: Callable[[int, int, float, float | None], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Torrent:
    """The base torrent of a release under a tracker's rule; hashes only if needed.

    `on_progress` gets bytes done, bytes in all, bytes a second and seconds left.
    Raises AppError: unreadable, missing or changing files, or cancelled.
    """
    piece_length = choose_piece_length(release.total_size, rule)
    known = _known(release, piece_length, rule or PieceRule())
    if known is not None:
        return known

    def report(progress: Progress) -> None:
        if on_progress is not None:
            on_progress(
                progress.bytes_done, progress.bytes_total, progress.rate, progress.eta
            )

    names, files = files_to_hash(release)
    result = hash_files(files, piece_length, on_progress=report, cancelled=cancelled)
    torrent, _ = Torrent.objects.get_or_create(
        release=release,
        piece_length=piece_length,
        fingerprint=release.fingerprint,
        defaults={
            "name": release.name,
            "is_single": is_single(release),
            "files": [[n, file.size] for n, file in zip(names, files, strict=True)],
            "total_size": release.total_size,
            "pieces": result.pieces,
            "engine": ENGINE,
            "duration_ms": round(result.duration * 1000),
        },
    )
    return torrent


def _known(release: Release, wanted: int, rule: PieceRule) -> Torrent | None:
    """A torrent of these files: of the wanted piece length, or a given one in bounds.

    A table is a tracker's demand, so there only its own piece length will do.
    """
    torrents = release.torrents.filter(fingerprint=release.fingerprint)
    exact = torrents.filter(piece_length=wanted).first()
    if exact is not None or rule.table:
        return exact
    return torrents.filter(
        engine=GIVEN, piece_length__gte=rule.min, piece_length__lte=rule.max
    ).first()


def torrent_reuse(
    release: Release, *, cancelled: Callable[[], bool] | None = None
) -> str:
    """Take over the pieces of a torrent given with the release, after a check.

    Returns "" when it fits, or there is none; else a sentence: then it is hashed.
    Raises AppError: unreadable, missing or changing files, or cancelled.
    """
    if release.given_torrent is None:
        return ""
    metainfo = read_torrent(bytes(release.given_torrent))
    names, sources = files_to_hash(release)
    single = is_single(release)
    files = {
        (release.name,) if single else tuple(name.split("/")): source
        for name, source in zip(names, sources, strict=True)
    }
    started = time.monotonic()
    try:
        require_same_files(metainfo, name=release.name, is_single=single, files=files)
        verify_pieces(metainfo, files, cancelled=cancelled)
    except (TorrentMismatch, TooManyPieces) as exc:
        return f"The torrent given is not used: {exc.message}"
    Torrent.objects.get_or_create(
        release=release,
        piece_length=metainfo.piece_length,
        fingerprint=release.fingerprint,
        defaults={
            "name": release.name,
            "is_single": single,
            "files": [["/".join(file.path), file.size] for file in metainfo.files],
            "total_size": metainfo.total_size,
            "pieces": metainfo.pieces,
            "engine": GIVEN,
            "duration_ms": round((time.monotonic() - started) * 1000),
        },
    )
    return ""


def is_single(release: Release) -> bool:
    """Whether the release is one bare file rather than a folder."""
    return (Path(release.library.path) / release.source_path).is_file()


def files_to_hash(release: Release) -> tuple[list[str], list[SourceFile]]:
    """The included files in the torrent's order: their paths, and where to read them.

    Raises ReleaseError when the release is gone.
    """
    root = Path(release.library.path)
    top = resolve_inside(root / release.source_path, root)
    if top is None:
        raise ReleaseError(
            f"{release.source_path} is not in the library {release.library} any more. "
            "Put it back and prepare again.",
            code="path_gone",
        )
    rows = sorted(
        release.files.filter(included=True),
        key=lambda file: torrent_order(tuple(file.path.split("/"))),
    )
    single = top.is_file()
    sources = [
        SourceFile(
            path=top if single else _behind_links(top / file.path, root),
            size=file.size,
            mtime_ns=file.mtime_ns,
            label=file.path,
        )
        for file in rows
    ]
    return [file.path for file in rows], sources


def _behind_links(path: Path, root: Path) -> Path:
    """The file itself, since hashing opens no links; one that leads out stays a link
    and is refused there."""
    return resolve_inside(path, root) or path


def torrent_metainfo(torrent: Torrent) -> bytes:
    """The base torrent as a bencoded file, private, without announce and source."""
    return build_torrent(
        name=torrent.name,
        files=[
            TorrentFile(path=tuple(path.split("/")), size=size)
            for path, size in torrent.files
        ],
        is_single=torrent.is_single,
        piece_length=torrent.piece_length,
        pieces=bytes(torrent.pieces),
        created_by=f"Herald/{settings.HERALD_VERSION}",
    )
