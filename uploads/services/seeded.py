"""Which torrent of an upload is seeded, and whether its bytes are known."""

from common.errors import AppError
from releases.services.ingest import files_untouched
from releases.services.torrents import ENGINE
from releases.torrents.metainfo import derive, infohash, read_torrent, strip
from trackers.errors import TrackerError
from trackers.models import Credential
from trackers.services.adapters import adapter_open
from trackers.services.budgets import budget_take
from trackers.services.choosing import credential_choose
from trackers.services.credentials import credential_heed
from trackers.types import Action, Capability, UploadResult
from uploads.errors import SeedingWaits
from uploads.models import Upload


def seeding_torrent(upload: Upload) -> bytes:
    """The torrent to seed, with the account's announce URL.

    A site that changed the info dictionary is asked for its own file, once.
    """
    credential = upload.credential
    credential = credential or credential_choose(upload.tracker, upload.approved_by_id)
    if credential is None:
        raise AppError(
            f"{upload.tracker} has no usable credential, and so no announce URL to "
            "seed with. Add one, then check again.",
            code="credential_missing",
        )
    with adapter_open(upload.tracker, credential) as adapter:
        announce = adapter.announce_url()
        if upload.site_infohash == upload.infohash:
            frozen = bytes(upload.torrent_file or b"")
        elif upload.site_torrent:
            frozen = bytes(upload.site_torrent)
        elif Capability.DOWNLOAD_TORRENT in adapter.capabilities:
            frozen = _download(upload, credential)
        else:
            frozen = bytes(upload.torrent_file or b"")
    seen = read_torrent(frozen)
    return derive(frozen, announce=announce, source=seen.source, private=seen.private)


def is_hashed_by_us(upload: Upload, content: bytes) -> bool:
    """Whether the files on disk are surely what the torrent says, so that the client
    need not read them again.

    The release may have been hashed anew since, from other bytes, and pieces that came
    with it were not hashed here.
    """
    hashed = upload.torrent
    if (
        hashed is None
        or hashed.engine != ENGINE
        or hashed.fingerprint != upload.release.fingerprint
    ):
        return False
    ours = read_torrent(bytes(upload.torrent_file or b""))
    theirs = read_torrent(content)
    same = (
        ours.piece_length == theirs.piece_length
        and ours.pieces == theirs.pieces
        and ours.files == theirs.files
        and ours.name == theirs.name
    )
    return same and files_untouched(upload.release)


def _download(upload: Upload, credential: Credential) -> bytes:
    wait = budget_take(credential, Action.DOWNLOAD)
    if wait:
        raise SeedingWaits(
            "Waiting for the tracker's request budget to fetch its torrent.",
            code="budget",
        )
    sent = UploadResult(
        remote_id=upload.remote_id,
        url=upload.remote_url,
        infohash=upload.site_infohash,
    )
    try:
        with adapter_open(upload.tracker, credential) as adapter:
            content = adapter.download_torrent(sent)
    except TrackerError as exc:
        credential_heed(credential, exc)
        raise
    frozen = strip(content)
    Upload.objects.filter(pk=upload.pk).update(
        site_torrent=frozen, site_infohash=infohash(frozen)
    )
    return frozen
