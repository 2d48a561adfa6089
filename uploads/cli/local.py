"""The desk on this machine: service calls, and the workers' part where none is."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

from common.errors import AppError
from common.permissions import require
from common.worker import leave
from releases.errors import ReleaseError
from releases.models import Release
from releases.services.amending import release_amend
from releases.services.batch import batch_paths
from releases.services.claims import releases_recover
from releases.services.ingest import release_create
from releases.services.prepare import prepare_request, release_prepare
from releases.services.remerge import release_override
from releases.states import ReleaseState
from trackers.models import Tracker
from trackers.selectors import trackers_for
from uploads.cli.background import BackgroundCall, LocalWorker, somebody_works
from uploads.cli.desk import NOTE
from uploads.cli.views import (
    DECIDED,
    UNFINISHED,
    ReleaseView,
    TrackerView,
    UploadView,
)
from uploads.cli.wish import Wish
from uploads.duplicates import asking_words, checked_at, duplicates_of
from uploads.models import Upload
from uploads.questions import ASKED, NOT_ASKED
from uploads.services.approval import release_approve
from uploads.services.queueing import upload_retry
from uploads.states import UploadStatus

WAITING = (UploadStatus.PENDING, UploadStatus.UPLOADING, UploadStatus.UNKNOWN)
RETRY = ("uploads.drive_upload", "retry uploads")
MOST = 100
LARGEST_ID = 2**63 - 1


class LocalDesk:
    """Acts as one user of this Herald."""

    def __init__(self, user: User) -> None:
        self._user = user

    def check(self, wish: Wish) -> None:
        """The role, and the trackers."""
        require(self._user, "releases.prepare_release", "prepare releases")
        if wish.yes and not wish.dry_run:
            require(self._user, "uploads.approve_upload", "approve uploads")
        trackers_for(wish.trackers, wish.kind)

    def trackers(self) -> list[TrackerView]:
        """The active ones, by name."""
        rows = Tracker.objects.filter(is_active=True).order_by("name")
        return [
            TrackerView(slug=row.slug, name=row.name, kinds=tuple(row.kinds))
            for row in rows
        ]

    def inside(self, folder: str) -> list[str]:
        """Folders and files, of a library or of a folder in one."""
        require(self._user, "releases.prepare_release", "prepare releases")
        return batch_paths(str(Path(folder).absolute()))

    def open(self, wish: Wish) -> ReleaseView:
        """Made, or amended."""
        try:
            release = release_create(
                path=wish.path,
                kind=wish.kind,
                asin=wish.asin,
                targets=wish.trackers,
                torrent_file=wish.torrent_file,
                actor_id=self._user.pk,
            )
        except ReleaseError as exc:
            if exc.code != "release_exists":
                raise
            release = _amended(int(exc.extra["release"]), wish)
        return _release_view(release)

    @contextmanager
    def preparing(self, release_id: int) -> Iterator["LocalPreparing"]:
        """Prepare in this process, or follow the worker that was quicker."""
        preparing = LocalPreparing(release_id)
        try:
            yield preparing
        except KeyboardInterrupt:
            # It goes back to new; a worker, or the next call, begins again.
            leave()
            preparing.wait()
            raise

    def prepare_again(self, release_id: int) -> None:
        """Once more, from the files on."""
        prepare_request(release_id)

    def uploads(self, release_id: int, *, whole: bool = False) -> list[UploadView]:
        """In the order they were drafted."""
        rows = Upload.objects.filter(release_id=release_id)
        live = rows.exclude(status=UploadStatus.CANCELLED).order_by("pk")
        return _upload_views(live, whole=whole)

    def edit(self, release_id: int, fields: Mapping[str, Any]) -> None:
        """By hand."""
        require(self._user, "releases.change_release", "edit metadata")
        release_override(
            release_id=release_id, changes=dict(fields), actor_id=self._user.pk
        )

    def approve(
        self, release_id: int, digests: Mapping[int, str]
    ) -> tuple[int, list[str]]:
        """As it was shown."""
        require(self._user, "uploads.approve_upload", "approve uploads")
        report = release_approve(
            release_id=release_id, actor_id=self._user.pk, note=NOTE, digests=digests
        )
        return len(report.approved), report.left_out

    @contextmanager
    def following(self) -> Iterator["LocalFollowing"]:
        """Until what is being sent here is answered."""
        with LocalWorker() as worker:
            yield LocalFollowing(worker)

    def queue(self) -> list[UploadView]:
        """The most urgent first."""
        require(self._user, "uploads.view_upload", "see uploads")
        rows = Upload.objects.filter(status__in=WAITING)
        return _upload_views(rows.order_by("-priority", "approved_at", "pk")[:MOST])

    def newest(self) -> list[UploadView]:
        """The newest first."""
        require(self._user, "uploads.view_upload", "see uploads")
        return _upload_views(Upload.objects.order_by("-pk")[:MOST])

    def failed(self) -> tuple[list[int], int]:
        """The oldest first."""
        require(self._user, *RETRY)
        rows = Upload.objects.filter(NOT_ASKED, status=UploadStatus.FAILED)
        pks = list(rows.order_by("pk").values_list("pk", flat=True))
        return pks, Upload.objects.filter(ASKED).count()

    def retry(self, upload_id: int) -> None:
        """As it was approved."""
        require(self._user, *RETRY)
        known = 0 < upload_id <= LARGEST_ID
        if not known or not Upload.objects.filter(pk=upload_id).exists():
            raise AppError(
                "There is no such upload. See manage.py upload --status.",
                code="upload_unknown",
            )
        upload_retry(upload_id=upload_id, actor_id=self._user.pk)

    def is_served(self) -> bool:
        """Whether a worker shows signs of life."""
        return somebody_works()


class LocalPreparing:
    """A preparation in a thread of this process, or in a worker's."""

    def __init__(self, release_id: int) -> None:
        self._release_id = release_id
        self._over = False
        self._start()

    def _start(self) -> None:
        self._call = BackgroundCall(lambda: release_prepare(self._release_id))
        self._call.start()

    def look(self) -> ReleaseView:
        """How far it is; begins again what a dead worker left."""
        is_over = self._call.is_over()
        release = Release.objects.get(pk=self._release_id)
        self._over = is_over and release.state not in UNFINISHED
        if self._over:
            return _release_view(release)
        if self._call.failed:
            raise AppError(
                "Preparation cannot go on because of an error inside Herald. The "
                "log has the details; look at the database first.",
                code="internal",
            )
        if is_over and (releases_recover() or release.state == ReleaseState.NEW):
            self._start()
        return _release_view(release)

    def is_over(self) -> bool:
        """Whether it came to its end."""
        return self._over

    def interrupted(self) -> str:
        """It was stopped, and nothing else happened."""
        return "Stopped. Nothing was approved or sent."

    def wait(self) -> None:
        """Until this process has let go of it."""
        self._call.wait()


class LocalFollowing:
    """Starts to work in this process once no worker is about."""

    def __init__(self, worker: LocalWorker) -> None:
        self._worker = worker

    def step(self) -> None:
        """Look for workers, and begin where there are none."""
        if not self._worker.works and not somebody_works():
            self._worker.start()


def _amended(release_id: int, wish: Wish) -> Release:
    # Whoever prepared it before may have died over it.
    releases_recover()
    release = Release.objects.get(pk=release_id)
    if release.state in DECIDED:
        return release
    release_amend(
        release_id=release_id,
        kind=wish.kind,
        asin=wish.asin,
        targets=wish.trackers or None,
        torrent_file=wish.torrent_file,
    )
    if release.state != ReleaseState.PREPARING:
        prepare_request(release_id)
    release.refresh_from_db()
    return release


def _release_view(release: Release) -> ReleaseView:
    return ReleaseView(
        id=release.pk,
        name=release.name,
        title=release.title,
        kind=release.kind,
        state=release.state,
        progress=release.progress,
        error=release.error,
    )


def _upload_views(rows: QuerySet[Upload], *, whole: bool = False) -> list[UploadView]:
    heavy = ("torrent_file", "site_torrent", *(() if whole else ("payload",)))
    of_release = ("metadata", "overrides", "given_torrent", "notices")
    found = (
        rows.select_related("tracker", "release", "duplicate_search")
        .defer(*heavy, "duplicate_search__answers")
        .defer(*(f"release__{name}" for name in of_release))
    )
    return [
        UploadView(
            id=row.pk,
            release=row.release_id,
            release_title=str(row.release),
            tracker=row.tracker.slug,
            status=row.status,
            seeding=row.seeding,
            seeding_message=row.seeding_message,
            url=row.remote_url,
            reason=row.reason,
            priority=row.priority,
            digest=row.digest,
            title=str(row.payload.get("title", "")) if whole else "",
            problems=row.problems,
            duplicates=duplicates_of(row),
            duplicates_checked_at=at.isoformat() if (at := checked_at(row)) else None,
            duplicates_problem=asking_words(row),
        )
        for row in found
    ]
