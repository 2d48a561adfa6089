"""After a backup was brought back: what seems unsent may have been sent since."""

from uploads.models import Upload
from uploads.services.recovery import claim_free
from uploads.states import UploadStatus

FINISHED = (UploadStatus.SUCCESS, UploadStatus.CANCELLED)


def uploads_ask_first() -> int:
    """Let every unfinished upload ask its tracker before it sends; gives how many.

    Drafts and failed ones as well: whoever approves or retries them next cannot know
    that this was done already. Call it while no worker runs.
    """
    claimed = Upload.objects.filter(status=UploadStatus.UPLOADING)
    for pk, worker, claimed_at in claimed.values_list("pk", "claimed_by", "claimed_at"):
        claim_free(pk, worker, claimed_at)
    Upload.objects.filter(status=UploadStatus.UNKNOWN).update(
        claimed_by="", claimed_at=None, not_before=None, looks=0
    )
    return Upload.objects.exclude(status__in=FINISHED).update(
        ask_first=True, said_absent=False
    )
