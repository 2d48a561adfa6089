"""Before anything is sent: is it still what was approved, and is it surely not there?"""

from datetime import timedelta

from django.db import transaction

from common import clock
from releases.services.ingest import files_changed
from releases.services.lifecycle import release_files_changed
from releases.services.moves import release_lock
from releases.states import ReleaseState
from releases.torrents.metainfo import derive, read_torrent
from trackers.adapters.base import TrackerAdapter
from trackers.registry import get_adapter_class
from trackers.types import Capability, UploadPayload
from uploads.errors import APPROVAL_ENDED, UploadError
from uploads.models import Upload, UploadEvent
from uploads.payloads import payload_digest, payload_load
from uploads.services.approval import upload_void
from uploads.services.claiming import claimed_move, upload_put_back
from uploads.services.drafting import drafts_renew
from uploads.services.outdated import template_outdated
from uploads.states import Outcome, UploadStatus

RENDER_SECONDS = 60.0
APPROVED = (ReleaseState.APPROVED, ReleaseState.PUBLISHED)


def upload_ready(upload: Upload) -> bool:
    """Whether a claimed upload may be sent; if not, it was moved where it belongs.

    Raises UploadError when what would be sent was not approved.
    """
    release = upload.release
    if (
        not upload.approved_digest
        or release.state not in APPROVED
        or release.revision != upload.release_revision
    ):
        approval_ended(upload)
        return False
    if upload.approved_digest != upload.digest:
        raise UploadError(
            "What would be sent is not what was approved. Approve it again.",
            code="not_as_approved",
        )
    changed = files_changed(release)
    if changed:
        _release_changed(upload, changed)
        return False
    if template_outdated().filter(pk=upload.pk).exists():
        _template_changed(upload)
        return False
    return not _asked_first(upload)


def approval_ended(upload: Upload) -> None:
    """A claimed upload whose approval ended: a draft again."""
    with transaction.atomic():
        if upload_put_back(upload, why=APPROVAL_ENDED, code="approval_void"):
            upload_void(upload.pk, UploadStatus.PENDING, APPROVAL_ENDED)


def _release_changed(upload: Upload, changed: str) -> None:
    with transaction.atomic():
        release_lock(upload.release_id)
        upload_put_back(upload, why=changed, code="release_changed")
        release_files_changed(release_id=upload.release_id, reason=changed)


def _template_changed(upload: Upload) -> None:
    """Render again what another template made: if it still reads the same, it is due.

    Held meanwhile, so that no worker takes it before that is known.
    """
    if not upload_put_back(
        upload,
        why="Its template has changed, so it is rendered again before it is sent.",
        code="template_changed",
        not_before=clock.now() + timedelta(seconds=RENDER_SECONDS),
    ):
        return
    drafts_renew(upload.release_id)
    Upload.objects.filter(
        pk=upload.pk, status=UploadStatus.PENDING, reason__code="template_changed"
    ).exclude(template_version=upload.template_version).update(
        not_before=None, reason={}
    )


def _asked_first(upload: Upload) -> bool:
    """Whether the tracker is asked instead: nobody knows how an earlier try ended."""
    if upload.ask_first:
        return _ask(upload, "It may have been sent before, so the tracker is asked.")
    # Also an upload that was cancelled while nobody knew, and drafted anew.
    last = (
        UploadEvent.objects.filter(
            upload__release=upload.release_id,
            upload__tracker=upload.tracker_id,
            old=UploadStatus.UNKNOWN,
        )
        .exclude(new=UploadStatus.UNKNOWN)
        .order_by("-pk")
        .first()
    )
    if last is None or last.new != UploadStatus.FAILED:
        return False
    family = get_adapter_class(upload.tracker.family)
    if Capability.SEARCH not in family.capabilities:
        return False  # whoever pressed Retry has looked
    return _ask(
        upload, "An earlier try may have been stored, so the tracker is asked first."
    )


def _ask(upload: Upload, why: str) -> bool:
    claimed_move(
        upload,
        UploadStatus.UNKNOWN,
        why=why,
        reason={"code": Outcome.UNKNOWN.value, "message": why},
        not_before=clock.now(),
        looks=0,
    )
    return True


def approved_payload(upload: Upload, adapter: TrackerAdapter) -> UploadPayload:
    """The approved payload, with the account's announce URL in the torrent.

    Raises UploadError when the stored payload is not the approved one.
    """
    stored, frozen = upload.payload, bytes(upload.torrent_file or b"")
    if payload_digest(stored, frozen) != upload.approved_digest:
        raise UploadError(
            "The stored payload does not match its approved digest. Prepare the "
            "release again and approve it.",
            code="not_as_approved",
        )
    # The tracker's row may have another source flag by now; the approved one stands.
    approved = read_torrent(frozen)
    content = derive(
        frozen,
        announce=adapter.announce_url(),
        source=approved.source,
        private=approved.private,
    )
    payload = payload_load(stored, content)
    form = [[name, value] for name, value in adapter.form_fields(payload)]
    if form != stored["form"]:
        raise UploadError(
            "This version of Herald would send other form fields than were approved. "
            "Prepare the release again and approve it.",
            code="not_as_approved",
        )
    return payload
