"""The seam: what the command asks of Herald, on this machine or on a server."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from uploads.cli.views import ReleaseView, TrackerView, UploadView
from uploads.cli.wish import Wish

NOTE = "Approved on the command line."


class Preparing(Protocol):
    """A preparation that is followed. Leaving it by Ctrl-C stops what runs here."""

    def look(self) -> ReleaseView:
        """The release as it is now. Raises AppError when that cannot go on."""

    def is_over(self) -> bool:
        """Whether the last look saw its end."""

    def interrupted(self) -> str:
        """What Ctrl-C led to, as a sentence."""


class Desk(Protocol):
    """Everything that `manage.py upload` does. Each call may raise AppError."""

    def check(self, wish: Wish) -> None:
        """Raise AppError for what the person may not do, or a tracker not there."""

    def trackers(self) -> Sequence[TrackerView]:
        """The active trackers."""

    def inside(self, folder: str) -> Sequence[str]:
        """Paths of what could be releases in a folder."""

    def open(self, wish: Wish) -> ReleaseView:
        """The release of the wished path: made, or amended and to be prepared again.

        One that is approved is given as it is.
        """

    def preparing(self, release_id: int) -> AbstractContextManager[Preparing]:
        """Follow a preparation."""

    def prepare_again(self, release_id: int) -> None:
        """Queue another preparation."""

    def uploads(self, release_id: int, *, whole: bool = False) -> Sequence[UploadView]:
        """The uploads of a release that are not cancelled; `whole` with their titles."""

    def edit(self, release_id: int, fields: Mapping[str, Any]) -> None:
        """Insist on values of metadata."""

    def approve(
        self, release_id: int, digests: Mapping[int, str]
    ) -> tuple[int, Sequence[str]]:
        """Approve what was shown, id → digest; how many, and what was left out."""

    def following(self) -> AbstractContextManager["Following"]:
        """Follow what was approved."""

    def queue(self) -> Sequence[UploadView]:
        """What waits or is being sent, in the order it will go; a hundred at most."""

    def newest(self) -> Sequence[UploadView]:
        """The newest hundred uploads."""

    def failed(self) -> tuple[Sequence[int], int]:
        """Failed uploads to retry, and how many ask a question instead."""

    def retry(self, upload_id: int) -> None:
        """Send a failed upload again."""

    def is_served(self) -> bool:
        """Whether somebody sends what is queued."""


class Following(Protocol):
    """What is done between two looks at uploads on their way."""

    def step(self) -> None:
        """Do the workers' part where no worker is about."""
