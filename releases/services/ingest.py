"""From a path to a release, and from a release to the list of its files."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.errors import AppError
from releases.errors import ReleaseError
from releases.ingest.jail import shown
from releases.ingest.kinds import release_kind
from releases.ingest.scanner import Scan, scan
from releases.listing import searched
from releases.metadata.identifiers import clean_asin
from releases.models import Release, ReleaseEvent, ReleaseFile
from releases.services.locating import locate
from releases.services.nudges import prepare_nudge
from releases.states import ReleaseState
from releases.torrents.metainfo import read_torrent, strip


def release_create(
    *,
    path: str,
    kind: str = "",
    asin: str = "",
    targets: Sequence[str] = (),
    torrent_file: bytes | None = None,
    actor_id: int | None = None,
    reason: str = "",
) -> Release:
    """Make a release of the folder or file at `path` and queue its preparation.

    `torrent_file` is a torrent of the same files, whose pieces save the hashing; an
    `asin` is insisted on as if it were edited by hand; `reason` is for its history.
    Raises IngestError for the path, HashingError and its like for the torrent,
    ReleaseError for the rest.
    """
    library, inside = locate(path)
    code, given = check_wishes(kind=kind, asin=asin, torrent_file=torrent_file)
    try:
        with transaction.atomic():
            release = Release.objects.create(
                library=library,
                source_path=inside,
                name=Path(inside).name,
                kind=kind,
                asin=code,
                search_text=searched(title=Path(inside).name, asin=code, path=inside),
                overrides={"asin": code} if code else {},
                targets=list(targets),
                given_torrent=given,
                created_by_id=actor_id,
            )
            ReleaseEvent.objects.create(
                release=release,
                new=ReleaseState.NEW,
                actor_id=actor_id,
                reason=reason[:500],
            )
            prepare_nudge(release.pk)
    except IntegrityError as exc:
        known = Release.objects.get(library=library, source_path=inside)
        raise _exists(known, path) from exc
    return release


def _exists(known: Release, path: str) -> ReleaseError:
    return ReleaseError(
        _(
            "%(path)s is release %(id)d already (%(release)s). Open it and prepare "
            "it again if its files changed."
        )
        % {"path": shown(path), "id": known.pk, "release": known},
        code="release_exists",
        extra={"release": known.pk},
    )


def check_wishes(
    *, kind: str, asin: str, torrent_file: bytes | None
) -> tuple[str, bytes | None]:
    """The ASIN in its normal form, and the torrent without its addresses.

    Raises ReleaseError, and TorrentError for what is no torrent.
    """
    code = _checked_asin(asin)
    _check_kind(kind)
    if torrent_file is None:
        return code, None
    given = strip(torrent_file)
    read_torrent(given)
    return code, given


def _checked_asin(text: str) -> str:
    if not text.strip():
        return ""
    asin = clean_asin(text)
    if not asin:
        raise ReleaseError(
            _(
                "%(text)s is not an ASIN. It has ten letters and digits, such as "
                "B0HERALD01."
            )
            % {"text": shown(text)},
            code="asin_invalid",
        )
    return asin


def _check_kind(kind: str) -> None:
    if kind and kind not in Release.Kind.values:
        raise ReleaseError(
            _("%(kind)s is not a kind of release. Choose one of %(kinds)s.")
            % {"kind": shown(kind), "kinds": ", ".join(Release.Kind.values)},
            code="kind_unknown",
        )


def release_scan(
    release: Release, *, on_folder: Callable[[], None] | None = None
) -> Scan:
    """Read what is on disk for a release now; `on_folder` may raise to stop it.

    Raises IngestError.
    """
    root = Path(release.library.path)
    return scan(root / release.source_path, root, on_folder=on_folder)


def files_store(release: Release, found: Scan) -> None:
    """Replace the stored list of files by what was found."""
    rows = [
        ReleaseFile(
            release=release,
            path=file.path,
            size=file.size,
            mtime_ns=file.mtime_ns,
            ctime_ns=file.ctime_ns,
            kind=file.kind,
            position=position,
            included=file.included,
            note=file.note,
        )
        for position, file in enumerate(found.files)
    ]
    with transaction.atomic():
        release.files.all().delete()
        ReleaseFile.objects.bulk_create(rows, batch_size=500)
        release.name = found.name
        release.file_count = len(found.included)
        release.total_size = sum(file.size for file in found.included)
        release.fingerprint = found.fingerprint
        release.notices = [asdict(notice) for notice in found.notices]
        if not release.kind:
            _guess_kind(release, found)
        release.save(
            update_fields=[
                "name",
                "file_count",
                "total_size",
                "fingerprint",
                "notices",
                "updated_at",
            ]
        )


def _guess_kind(release: Release, found: Scan) -> None:
    """Tell the kind by the files, unless a person has told it since."""
    guess = release_kind(file.path for file in found.included)
    Release.objects.filter(pk=release.pk, kind="").update(kind=guess)
    release.refresh_from_db(fields=["kind"])


def files_changed(release: Release) -> str:
    """A sentence saying what on disk differs from what was prepared, or ""."""
    try:
        found = release_scan(release)
    except AppError as exc:
        return exc.message
    if found.fingerprint == release.fingerprint:
        return ""
    known = {file.path: file for file in release.files.all() if file.included}
    now = {file.path: file for file in found.included}
    for path in sorted(known.keys() - now.keys()):
        return f"{shown(path)} is gone since the release was prepared."
    for path in sorted(now.keys() - known.keys()):
        return f"{shown(path)} is new since the release was prepared."
    for path, file in sorted(now.items()):
        if (file.size, file.mtime_ns) != (known[path].size, known[path].mtime_ns):
            return f"{shown(path)} was changed after the release was prepared."
    return "The files changed after the release was prepared."


def files_untouched(release: Release) -> bool:
    """Whether surely nothing wrote to the files since they were prepared.

    A program can change bytes and set the time of change back, but not the time at
    which the file's entry changed. Rights and links change that too, so it is no proof
    of a change: the bytes have to be read again to tell.
    """
    try:
        found = release_scan(release)
    except AppError:
        return False
    now = {file.path: file.ctime_ns for file in found.included}
    known = {file.path: file.ctime_ns for file in release.files.all() if file.included}
    return found.fingerprint == release.fingerprint and now == known
