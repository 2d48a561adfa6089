"""What a stream about a release's uploads looks at."""

from typing import Any

from django.db.models import F

from releases.models import Release
from uploads.models import Upload
from uploads.states import Seeding, UploadStatus

MOVING = (UploadStatus.PENDING, UploadStatus.UPLOADING, UploadStatus.UNKNOWN)
UNPROVEN = (Seeding.NONE, Seeding.WAITING, Seeding.ADDED)
COLUMNS = ("id", "status", "reason", "remote_url", "seeding")


def sending_look(release_id: int) -> tuple[dict[str, Any], bool] | None:
    """The release's state and its uploads, and whether all rest; None: it is gone.

    One query, and a second one only for a release without uploads.
    """
    rows = list(
        Upload.objects.filter(release=release_id)
        .exclude(status=UploadStatus.CANCELLED)
        .order_by("pk")
        .values(*COLUMNS, slug=F("tracker__slug"), state=F("release__state"))
    )
    states = [row.pop("state") for row in rows] or list(
        Release.objects.filter(pk=release_id).values_list("state", flat=True)
    )
    if not states:
        return None
    for row in rows:
        row["tracker"] = row.pop("slug")
    settled = not any(is_moving(row["status"], row["seeding"]) for row in rows)
    return {"state": states[0], "settled": settled, "uploads": rows}, settled


def is_moving(status: str, seeding: str) -> bool:
    """Whether an upload goes on without anybody doing something."""
    sent = status == UploadStatus.SUCCESS
    return status in MOVING or (sent and seeding in UNPROVEN)
