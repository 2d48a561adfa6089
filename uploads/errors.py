"""What can be wrong with an action on an upload."""

from common.errors import AppError
from releases.clients.errors import ClientError


class UploadError(AppError):
    """An action on an upload that cannot be done."""

    code = "upload_error"


APPROVAL_ENDED = "The release was changed after its approval. Approve it again."


class AccountPaused(UploadError):
    """The account of an upload was paused while a worker was about to send it."""

    code = "credential_paused"


class ApprovalEnded(UploadError):
    """The approval of an upload ended while a worker was about to send it."""

    code = "approval_void"

    def __init__(self) -> None:
        super().__init__(APPROVAL_ENDED)


class ClaimLost(UploadError):
    """The upload is another thread's or worker's by now; this one sends nothing."""

    code = "claim_lost"

    def __init__(self) -> None:
        super().__init__("Another worker took this upload over; nothing was sent.")


class SeedingWaits(ClientError):
    """Something must be waited for before the client can be asked."""

    code = "seeding_waits"
    temporary = True
