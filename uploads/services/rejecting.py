"""Turning down one tracker's draft, while the others go on."""

from django.db import transaction
from django.utils.translation import gettext as _

from releases.models import Release
from releases.services.amending import release_amend
from releases.services.moves import release_lock
from releases.states import ReleaseState
from trackers.selectors import trackers_for
from uploads.errors import UploadError
from uploads.models import Approval, Upload
from uploads.services.moves import upload_move
from uploads.services.success import publish_when_complete
from uploads.states import UploadStatus


def upload_reject(*, upload_id: int, actor_id: int | None, note: str = "") -> Upload:
    """Cancel a draft, and mean the release no longer for its tracker.

    Otherwise the next change of the release would draft it anew. Raises UploadError
    when it is no draft any more, or the only tracker left.
    """
    light = Upload.objects.select_related("tracker").defer(
        "payload", "torrent_file", "site_torrent"
    )
    upload = light.get(pk=upload_id)
    tracker = upload.tracker
    with transaction.atomic():
        state = release_lock(upload.release_id).state
        release = Release.objects.get(pk=upload.release_id)
        others = [
            one.slug
            for one in trackers_for(release.targets, release.kind)
            if one.pk != tracker.pk
        ]
        if not others:
            raise UploadError(
                _("%(tracker)s is the only tracker left. Reject the release instead.")
                % {"tracker": tracker},
                code="tracker_is_last",
            )
        why = f"Rejected for this tracker. {note}"  # stored: English for everybody
        if not upload_move(
            upload.pk,
            UploadStatus.DRAFT,
            UploadStatus.CANCELLED,
            why=why.strip(),
            actor_id=actor_id,
        ):
            raise UploadError(
                _("%(tracker)s has no draft any more that could be rejected.")
                % {"tracker": tracker},
                code="upload_not_draft",
            )
        release_amend(release_id=release.pk, targets=others)
        Approval.objects.create(
            release=release,
            actor_id=actor_id,
            decision=Approval.Decision.REJECTED,
            note=f"{tracker}. {note}".strip(),
            digests={str(upload.pk): upload.digest},
        )
        if state in (ReleaseState.READY, ReleaseState.APPROVED):
            publish_when_complete(release.pk, ReleaseState(state))
    return upload
