"""What a person may do with an upload: retry, cancel, prioritise."""

from django.db import transaction

from common import clock
from common.queue import enqueue
from releases.services.moves import release_lock
from uploads.errors import UploadError
from uploads.models import Upload
from uploads.services.approval import SEND_TASK
from uploads.services.moves import upload_move, upload_note
from uploads.services.success import publish_when_complete
from uploads.states import UploadStatus, is_question

LOWEST, HIGHEST = -100, 100


def upload_retry(*, upload_id: int, actor_id: int | None = None) -> None:
    """Send a failed upload again, as approved. Raises UploadError when it may not."""
    upload = Upload.objects.select_related("release", "tracker").get(pk=upload_id)
    if upload.status != UploadStatus.FAILED:
        raise UploadError(
            f"The upload to {upload.tracker} is {upload.get_status_display().lower()}; "
            "only a failed one can be retried.",
            code="upload_not_failed",
        )
    if is_question(upload.status, upload.reason):
        raise UploadError(
            f"Nobody knows whether {upload.tracker} has this upload. Look there, and "
            "answer on the upload's page.",
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
            f"What would be sent to {upload.tracker} was never approved. Approve it on "
            "the release's page.",
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
                why="Cancelled by hand.",
                actor_id=actor_id,
                not_before=None,
                finished_at=clock.now(),
            ):
                publish_when_complete(upload.release_id)
                return
    upload.refresh_from_db(fields=["status"])
    raise UploadError(
        f"The upload to {upload.tracker} is {upload.get_status_display().lower()} and "
        "cannot be cancelled any more.",
        code="upload_not_cancellable",
    )


def upload_prioritise(
    *, upload_id: int, priority: int, actor_id: int | None = None
) -> None:
    """Set how urgent an upload is; higher goes first. Raises UploadError."""
    if not LOWEST <= priority <= HIGHEST:
        raise UploadError(
            f"A priority lies between {LOWEST} and {HIGHEST}.", code="priority_invalid"
        )
    rows = Upload.objects.filter(pk=upload_id)
    with transaction.atomic():
        before, status = rows.values_list("priority", "status").get()
        if before == priority:
            return
        rows.update(priority=priority)
        upload_note(
            upload_id,
            status,
            status,
            why=f"Priority {before} → {priority}.",
            actor_id=actor_id,
        )
