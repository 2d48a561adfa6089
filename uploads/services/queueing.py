"""What a person may do with an upload: retry, cancel, prioritise, send now."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from common import clock
from common.queue import enqueue
from releases.services.moves import release_lock
from uploads.errors import UploadError
from uploads.models import Upload
from uploads.models.upload import state_word
from uploads.services.approval import SEND_TASK
from uploads.services.moves import upload_move, upload_note
from uploads.services.overruling import CANCELLED
from uploads.services.success import publish_when_complete
from uploads.states import UploadStatus, is_question

LOWEST, HIGHEST = -100, 100


def _named(upload: Upload) -> dict[str, str]:
    return {"tracker": str(upload.tracker), "state": state_word(upload.status)}


def upload_retry(*, upload_id: int, actor_id: int | None = None) -> None:
    """Send a failed upload again, as approved. Raises UploadError when it may not."""
    upload = Upload.objects.select_related("release", "tracker").get(pk=upload_id)
    if upload.status != UploadStatus.FAILED:
        raise UploadError(
            _(
                "The upload to %(tracker)s is %(state)s; only a failed one can be "
                "retried."
            )
            % _named(upload),
            code="upload_not_failed",
        )
    if is_question(upload.status, upload.reason):
        raise UploadError(
            _(
                "Nobody knows whether %(tracker)s has this upload. Look there, and "
                "answer on the upload's page."
            )
            % _named(upload),
            code="upload_question",
        )
    approved_check(upload)
    moved = upload_move(
        upload.pk,
        UploadStatus.FAILED,
        UploadStatus.PENDING,
        why="Retried by hand.",
        actor_id=actor_id,
        tries=0,
        misses=0,
        looks=0,
        not_before=None,
        finished_at=None,
        reason={},
    )
    if moved:
        enqueue(SEND_TASK)


def approved_check(upload: Upload) -> None:
    """Raise UploadError unless what would be sent is what was approved."""
    if not upload.digest or upload.approved_digest != upload.digest:
        raise UploadError(
            _(
                "What would be sent to %(tracker)s was never approved. Approve it on "
                "the release's page."
            )
            % _named(upload),
            code="not_as_approved",
        )


def upload_cancel(*, upload_id: int, actor_id: int | None = None) -> None:
    """Give an upload up. Raises UploadError when it is being sent or was sent."""
    upload = Upload.objects.select_related("tracker").get(pk=upload_id)
    with transaction.atomic():
        release_lock(upload.release_id)
        for old in (UploadStatus.DRAFT, UploadStatus.PENDING, UploadStatus.FAILED):
            if upload_move(
                upload.pk,
                old,
                UploadStatus.CANCELLED,
                why=CANCELLED,
                actor_id=actor_id,
                not_before=None,
                finished_at=clock.now(),
            ):
                publish_when_complete(upload.release_id)
                return
    upload.refresh_from_db(fields=["status"])
    raise UploadError(
        _("The upload to %(tracker)s is %(state)s and cannot be cancelled any more.")
        % _named(upload),
        code="upload_not_cancellable",
    )


def upload_prioritise(
    *, upload_id: int, priority: int, actor_id: int | None = None
) -> None:
    """Set how urgent an upload is; higher goes first. Raises UploadError."""
    if not LOWEST <= priority <= HIGHEST:
        raise UploadError(
            _("A priority lies between %(lowest)s and %(highest)s.")
            % {"lowest": LOWEST, "highest": HIGHEST},
            code="priority_invalid",
        )
    with transaction.atomic():
        row = Upload.objects.select_for_update().only("status", "priority")
        before = row.get(pk=upload_id)
        Upload.objects.filter(pk=upload_id).update(priority=priority)
        if before.priority != priority:
            priority_note(before, priority, actor_id)


def priority_note(before: Upload, priority: int, actor_id: int | None) -> None:
    """Record that an upload became more or less urgent; its status stays."""
    upload_note(
        before.pk,
        before.status,
        before.status,
        why=f"Priority {before.priority} → {priority}.",
        actor_id=actor_id,
    )


def upload_send_now(*, upload_id: int, actor_id: int | None = None) -> None:
    """Let a waiting upload wait no longer, and go before all others.

    The tracker's request budget and its places still count. Raises UploadError.
    """
    with transaction.atomic():
        rows = Upload.objects.filter(status=UploadStatus.PENDING)
        row = rows.select_for_update().only("status", "priority").filter(pk=upload_id)
        upload = row.first()
        if upload is None:
            raise UploadError(
                _(
                    "Only an upload that waits can be sent now; this one does not wait "
                    "any more."
                ),
                code="upload_not_waiting",
            )
        first = rows.exclude(pk=upload_id).aggregate(most=Max("priority"))["most"]
        priority = max(upload.priority, min(HIGHEST, (first or 0) + 1))
        rows.filter(pk=upload_id).update(not_before=None, reason={}, priority=priority)
        upload_note(
            upload_id,
            UploadStatus.PENDING,
            UploadStatus.PENDING,
            why="Sent now, by hand: it waits no longer, and goes first.",
            actor_id=actor_id,
        )
        enqueue(SEND_TASK)
