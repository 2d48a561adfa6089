"""Looking at the queue and retrying from the terminal."""

from django.contrib.auth.models import User
from django.db.models import QuerySet

from common.errors import AppError
from uploads.cli.background import somebody_works
from uploads.cli.output import Output, Row
from uploads.cli.wish import Exit
from uploads.models import Upload
from uploads.questions import ASKED, NOT_ASKED
from uploads.services.queueing import upload_retry
from uploads.states import UploadStatus

WAITING = (UploadStatus.PENDING, UploadStatus.UPLOADING, UploadStatus.UNKNOWN)
COLUMNS = ["Id", "Release", "Tracker", "Status", "Seeding", "Reason or link"]
MOST = 100
LARGEST_ID = 2**63 - 1


def show_queue(out: Output) -> Exit:
    """What is waiting, being sent, or unknown, in the order it will go."""
    rows = Upload.objects.filter(status__in=WAITING)
    ordered = rows.order_by("-priority", "approved_at", "pk")
    return _show("Queue", ordered, "The queue is empty.", out)


def show_status(out: Output) -> Exit:
    """The newest hundred uploads."""
    rows = Upload.objects.order_by("-pk")
    return _show("Uploads", rows, "There are no uploads yet.", out)


def retry(ids: list[int], user: User, out: Output) -> Exit:
    """Retry the given failed uploads, or all of them; says what could not be.

    All are those that ask no question: what may be there needs a person who looks.
    """
    code, retried = Exit.DONE, 0
    for pk in dict.fromkeys(ids) or _failed():
        try:
            _retry(pk, user)
        except AppError as exc:
            out.say(f"{pk}: {exc.message}", event="error", id=pk, code=exc.code)
            code = Exit.FAILED
        else:
            out.say(f"{pk}: retried.", event="retried", id=pk)
            retried += 1
    asked = 0 if ids else Upload.objects.filter(ASKED).count()
    if asked:
        out.say(
            f"{asked} left out: nobody knows whether the tracker has them. Look there, "
            "and answer on their pages.",
            event="questions",
            count=asked,
        )
    elif code == Exit.DONE and not retried:
        out.say("No upload has failed.")
    if retried and not somebody_works():
        out.say(
            "No worker is running, so nothing is sent yet: start one with manage.py "
            "worker.",
            event="no_worker",
        )
    return code


def _failed() -> list[int]:
    rows = Upload.objects.filter(NOT_ASKED, status=UploadStatus.FAILED)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _retry(pk: int, user: User) -> None:
    if not 0 < pk <= LARGEST_ID or not Upload.objects.filter(pk=pk).exists():
        raise AppError(
            "There is no such upload. See manage.py upload --status.",
            code="upload_unknown",
        )
    upload_retry(upload_id=pk, actor_id=user.pk)


def _show(title: str, rows: QuerySet[Upload], empty: str, out: Output) -> Exit:
    uploads = rows.select_related("release", "tracker").defer(
        "payload", "torrent_file", "site_torrent"
    )[:MOST]
    table = [_row(upload) for upload in uploads]
    if table:
        out.table(title, COLUMNS, table)
    else:
        out.say(empty, event="empty")
    return Exit.DONE


def _row(upload: Upload) -> Row:
    why = str(upload.reason.get("message", "")) or upload.seeding_message
    return Row(
        [
            str(upload.pk),
            str(upload.release),
            upload.tracker.slug,
            upload.get_status_display(),
            upload.get_seeding_display() if upload.seeding else "",
            upload.remote_url or why,
        ],
        {
            "event": "upload",
            "id": upload.pk,
            "release": upload.release_id,
            "title": str(upload.release),
            "tracker": upload.tracker.slug,
            "status": upload.status,
            "seeding": upload.seeding,
            "priority": upload.priority,
            "url": upload.remote_url,
            "reason": why,
        },
    )
