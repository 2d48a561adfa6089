"""The desk of a Herald elsewhere: its API, and patience with the way there.

Each call is safe to repeat, so one whose answer got lost is simply made again.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from common.errors import AppError
from releases.states import ReleaseState
from uploads.cli.connection import Connection
from uploads.cli.desk import NOTE
from uploads.cli.views import (
    DECIDED,
    UNFINISHED,
    ReleaseView,
    TrackerView,
    UploadView,
)
from uploads.cli.wish import Wish
from uploads.states import UploadStatus, is_question

MOST = 100
LOOKS_AT_A_FAILURE = 20
WAITING = (UploadStatus.UPLOADING, UploadStatus.UNKNOWN, UploadStatus.PENDING)


class RemoteDesk:
    """Acts as the person whose token the connection has."""

    def __init__(self, connection: Connection) -> None:
        self._api = connection
        # Release → when it was prepared before it was asked for again.
        self._before: dict[int, str] = {}

    def check(self, wish: Wish) -> None:
        """The token, and the trackers; roles are the server's to check."""
        there = {tracker.slug for tracker in self.trackers()}
        unknown = [slug for slug in wish.trackers if slug not in there]
        if unknown:
            raise AppError(
                f"No active tracker is called {', '.join(unknown)}. "
                f"There are: {', '.join(sorted(there)) or 'none yet'}.",
                code="tracker_unknown",
            )

    def trackers(self) -> list[TrackerView]:
        """The active ones, by name."""
        rows = [row for row in self._rows("trackers/") if row["is_active"]]
        return [
            TrackerView(slug=row["slug"], name=row["name"], kinds=row["kinds"])
            for row in sorted(rows, key=lambda row: str(row["name"]))
        ]

    def inside(self, folder: str) -> list[str]:
        """As the server sees it."""
        wish = {"parent": folder, "preview": True}
        found = self._api.call("POST", "releases/batch/", wish)
        return [str(one["path"]) for one in found["results"]]

    def open(self, wish: Wish) -> ReleaseView:
        """Made, or amended."""
        body = {
            "path": wish.path,
            "kind": wish.kind,
            "asin": wish.asin,
            "trackers": wish.trackers,
        }
        try:
            return _release_view(self._api.call("POST", "releases/", body))
        except AppError as exc:
            if exc.code != "release_exists":
                raise
            pk = int(exc.extra["release"])
        release = self._release(pk)
        if release.state not in (*DECIDED, *UNFINISHED):
            self._amend(release, wish)
        return release

    def _amend(self, release: ReleaseView, wish: Wish) -> None:
        """Say what is new about a release; what changed is prepared again."""
        changes: dict[str, Any] = {}
        if wish.kind and wish.kind != release.kind:
            changes["kind"] = wish.kind
        if wish.trackers and wish.trackers != list(release.targets):
            changes["trackers"] = wish.trackers
        if wish.asin:
            self.edit(release.id, {"asin": wish.asin})
        if changes:
            self._before[release.id] = release.prepared_at
            self._api.call("PATCH", f"releases/{release.id}/", changes)
        elif wish.asin or release.state != ReleaseState.READY:
            self.prepare_again(release.id)

    def _release(self, pk: int) -> ReleaseView:
        return _release_view(self._api.call("GET", f"releases/{pk}/"))

    @contextmanager
    def preparing(self, release_id: int) -> Iterator["RemotePreparing"]:
        """Follow the server's workers."""
        yield RemotePreparing(
            release_id,
            lambda: self._release(release_id),
            before=self._before.pop(release_id, None),
        )

    def prepare_again(self, release_id: int) -> None:
        """Once more, from the files on."""
        self._before[release_id] = self._release(release_id).prepared_at
        path = f"releases/{release_id}/prepare/"
        self._api.call("POST", path, done=("release_preparing",))

    def uploads(self, release_id: int, *, whole: bool = False) -> list[UploadView]:
        """In the order they were drafted."""
        rows = self._rows("uploads/", release=release_id)
        live = [row for row in rows if row["status"] != UploadStatus.CANCELLED]
        if whole:
            live = [self._api.call("GET", f"uploads/{row['id']}/") for row in live]
        return sorted(map(_upload_view, live), key=lambda one: one.id)

    def edit(self, release_id: int, fields: Mapping[str, Any]) -> None:
        """By hand."""
        body = {"fields": dict(fields)}
        self._api.call("PATCH", f"releases/{release_id}/metadata/", body)

    def approve(
        self, release_id: int, digests: Mapping[int, str]
    ) -> tuple[int, list[str]]:
        """As it was shown."""
        body = {
            "note": NOTE,
            "digests": {str(pk): digest for pk, digest in digests.items()},
        }
        path = f"releases/{release_id}/approve/"
        answer = self._api.call("POST", path, body, done=("nothing_to_approve",))
        if answer is None:  # our own call, whose answer got lost, did it
            uploads = [one for one in self.uploads(release_id) if one.id in digests]
            sent = [one for one in uploads if one.status != UploadStatus.DRAFT]
            return len(sent), []
        return len(answer["approved"]), list(answer["left_out"])

    @contextmanager
    def following(self) -> Iterator["RemoteFollowing"]:
        """The server's workers do it."""
        yield RemoteFollowing()

    def queue(self) -> list[UploadView]:
        """The most urgent first."""
        rows = [
            row
            for status in WAITING
            for row in self._rows("uploads/", most=MOST, status=status)
        ]
        rows.sort(key=lambda row: (-row["priority"], row["approved_at"] or ""))
        return [_upload_view(row) for row in rows[:MOST]]

    def newest(self) -> list[UploadView]:
        """The newest first."""
        return [_upload_view(row) for row in self._rows("uploads/", most=MOST)]

    def failed(self) -> tuple[list[int], int]:
        """The oldest first."""
        rows = self._rows("uploads/", status=UploadStatus.FAILED)
        asked = [row["id"] for row in rows if is_question(row["status"], row["reason"])]
        return sorted({row["id"] for row in rows} - set(asked)), len(asked)

    def retry(self, upload_id: int) -> None:
        """As it was approved."""
        path = f"uploads/{upload_id}/retry/"
        try:
            self._api.call("POST", path, done=("upload_not_failed",))
        except AppError as exc:
            if exc.code != "not_found":
                raise
            raise AppError(
                "There is no such upload. See manage.py upload --status.",
                code="upload_unknown",
            ) from exc

    def is_served(self) -> bool:
        """That is the server's affair; it says so on its own pages."""
        return True

    def _rows(
        self, path: str, *, most: int = 0, **query: object
    ) -> list[dict[str, Any]]:
        """All rows of a list, or the first `most`, page after page."""
        address: str | None = f"{path}?{urlencode(query)}" if query else path
        rows: list[dict[str, Any]] = []
        while address:
            page = self._api.call("GET", address)
            rows += page["results"]
            address = page["next"]
            if most and len(rows) >= most:
                return rows[:most]
        return rows


class RemotePreparing:
    """A preparation by a worker of the server."""

    def __init__(
        self, release_id: int, ask: Callable[[], ReleaseView], *, before: str | None
    ) -> None:
        """`before`: when it was prepared last, if it was asked for once more."""
        self._id = release_id
        self._ask = ask
        self._before = before
        self._looks = 0
        self._over = False

    def look(self) -> ReleaseView:
        """How far it is."""
        now = self._ask()
        self._looks += 1
        if now.state in UNFINISHED:
            self._before = None  # it has begun
        ended = (
            self._before is None
            or now.prepared_at != self._before
            # It may have failed again before anybody looked.
            or (now.state == ReleaseState.FAILED and self._looks > LOOKS_AT_A_FAILURE)
        )
        self._over = ended and now.state not in UNFINISHED
        return now

    def is_over(self) -> bool:
        """Whether it came to its end."""
        return self._over

    def interrupted(self) -> str:
        """It goes on without us."""
        return (
            f"Stopped looking. Release {self._id} is prepared on the server; nothing "
            "was approved or sent."
        )


class RemoteFollowing:
    """Nothing is done here between two looks."""

    def step(self) -> None:
        """The server does it."""


def _release_view(row: Mapping[str, Any]) -> ReleaseView:
    names = ("id", "name", "title", "kind", "state", "progress", "error", "targets")
    found = {name: row[name] for name in names}
    return ReleaseView(**found, prepared_at=row["prepared_at"] or "")


def _upload_view(row: Mapping[str, Any]) -> UploadView:
    names = (
        *("id", "release", "release_title", "tracker", "status", "seeding"),
        *("seeding_message", "reason", "priority", "digest", "problems"),
        *("duplicates", "duplicates_checked_at", "duplicates_problem"),
    )
    payload = row.get("payload") or {}
    return UploadView(
        **{name: row[name] for name in names},
        url=row["remote_url"],
        title=str(payload.get("title", "")),
    )
