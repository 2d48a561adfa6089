"""Deliberately broken builds: the matrix must find each of them.

They are patched into the forked workers; nothing of Herald is edited.
"""

from collections.abc import Callable

import requests

import uploads.tasks
from trackers.adapters.http import HttpTrackerAdapter
from uploads.services.moves import upload_move
from uploads.states import UploadStatus


def sending_written_late() -> None:
    """The `sending` row is written after the request instead of before it."""
    right = HttpTrackerAdapter.send_upload

    def send_upload(
        self: HttpTrackerAdapter,
        request: requests.Request,
        on_sending: Callable[[], None] | None,
    ) -> requests.Response:
        response = right(self, request, None)
        if on_sending is not None:
            on_sending()
        return response

    HttpTrackerAdapter.send_upload = send_upload  # type: ignore[method-assign]


def settling_skipped() -> None:
    """What is unknown is due again at once, without asking the tracker."""

    def upload_settle(upload_id: int) -> None:
        upload_move(
            upload_id,
            UploadStatus.UNKNOWN,
            UploadStatus.PENDING,
            why="Sent again without a question.",
            not_before=None,
            ask_first=False,
        )

    uploads.tasks.upload_settle = upload_settle  # type: ignore[attr-defined]


BROKEN: dict[str, Callable[[], None]] = {
    "sending-late": sending_written_late,
    "no-settling": settling_skipped,
}
