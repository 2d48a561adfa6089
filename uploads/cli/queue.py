"""Looking at the queue and retrying from the terminal."""

from collections.abc import Sequence

from common.errors import AppError
from uploads.cli.desk import Desk
from uploads.cli.output import Output, Row
from uploads.cli.views import UploadView
from uploads.cli.wish import Exit

COLUMNS = ["Id", "Release", "Tracker", "Status", "Seeding", "Reason or link"]


def show_queue(desk: Desk, out: Output) -> Exit:
    """What is waiting, being sent, or unknown, in the order it will go."""
    return _show("Queue", desk.queue(), "The queue is empty.", out)


def show_status(desk: Desk, out: Output) -> Exit:
    """The newest hundred uploads."""
    return _show("Uploads", desk.newest(), "There are no uploads yet.", out)


def retry(ids: Sequence[int], desk: Desk, out: Output) -> Exit:
    """Retry the given failed uploads, or all of them; says what could not be.

    All are those that ask no question: what may be there needs a person who looks.
    """
    code, retried = Exit.DONE, 0
    all_failed, asked = ([], 0) if ids else desk.failed()
    for pk in dict.fromkeys(ids) or all_failed:
        try:
            desk.retry(pk)
        except AppError as exc:
            if exc.code in ("forbidden", "server_unreachable"):
                raise
            out.say(f"{pk}: {exc.message}", event="error", id=pk, code=exc.code)
            code = Exit.FAILED
        else:
            out.say(f"{pk}: retried.", event="retried", id=pk)
            retried += 1
    if asked:
        out.say(
            f"{asked} left out: nobody knows whether the tracker has them. Look there, "
            "and answer on their pages.",
            event="questions",
            count=asked,
        )
    elif code == Exit.DONE and not retried:
        out.say("No upload has failed.")
    if retried and not desk.is_served():
        out.say(
            "No worker is running, so nothing is sent yet: start one with manage.py "
            "worker.",
            event="no_worker",
        )
    return code


def _show(title: str, uploads: Sequence[UploadView], empty: str, out: Output) -> Exit:
    if uploads:
        out.table(title, COLUMNS, [_row(upload) for upload in uploads])
    else:
        out.say(empty, event="empty")
    return Exit.DONE


def _row(upload: UploadView) -> Row:
    why = str(upload.reason.get("message", "")) or upload.seeding_message
    return Row(
        [
            str(upload.id),
            upload.release_title,
            upload.tracker,
            upload.status_words,
            upload.seeding_words,
            upload.url or why,
        ],
        {
            "event": "upload",
            **upload.facts,
            "title": upload.release_title,
            "priority": upload.priority,
            "reason": why,
        },
    )
