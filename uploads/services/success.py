"""What follows once a tracker has an upload: the link, the seeding, the release."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from common import clock
from common.queue import enqueue
from releases.models import Release, ReleaseEvent
from releases.services.ingest import files_changed
from releases.services.lifecycle import (
    REOPENED,
    release_mark_published,
    release_mark_waiting,
)
from releases.services.moves import release_lock
from releases.states import ReleaseState
from trackers.types import Finding
from uploads.models import Upload
from uploads.services.moves import upload_move
from uploads.states import Seeding, UploadStatus

SEED_TASK = "uploads.tasks.follow_seeding"
# An edit brings a release back from these; its last upload may be on its way still.
CLOSED = (ReleaseState.PUBLISHED, ReleaseState.APPROVED)


def upload_succeeded(
    upload: Upload,
    *,
    remote_id: str,
    url: str,
    infohash: str,
    old: UploadStatus,
    why: str,
    actor_id: int | None = None,
    warnings: Sequence[str] = (),
    evidence: Sequence[Finding] = (),
) -> bool:
    """Move an upload to success, queue the proof of seeding, and tell the release.

    `infohash` is the site's, or "" when the site did not say; `evidence` is what the
    tracker was asked. False when another
    process was quicker.
    """
    now = clock.now()
    reason: dict[str, Any] = {"code": "success", "message": why}
    if warnings:
        reason["warnings"] = list(warnings)
    with transaction.atomic():
        release_lock(upload.release_id)
        moved = upload_move(
            upload.pk,
            old,
            UploadStatus.SUCCESS,
            why=why,
            actor_id=actor_id,
            evidence=evidence,
            reason=reason,
            remote_id=remote_id[:100],
            remote_url=url[:500],
            site_infohash=infohash,
            claimed_by="",
            claimed_at=None,
            not_before=None,
            misses=0,
            finished_at=now,
            seeding=Seeding.WAITING,
            seeding_due_at=now,
            seeding_message="",
        )
        if moved:
            publish_when_complete(upload.release_id)
            enqueue(SEED_TASK, upload_id=upload.pk)
    return moved


def is_complete(release_id: int) -> bool:
    """Whether every live upload of a release succeeded, and there is one."""
    live = Upload.objects.filter(release_id=release_id).exclude(
        status=UploadStatus.CANCELLED
    )
    return set(live.order_by().values_list("status", flat=True)) == {
        UploadStatus.SUCCESS
    }


def publish_when_complete(
    release_id: int, old: ReleaseState = ReleaseState.APPROVED
) -> None:
    """A release in state `old` is published when every live upload succeeded."""
    with transaction.atomic():
        # The last two may end at the same moment: here the second sees the first.
        release_lock(release_id)
        if is_complete(release_id):
            release_mark_published(release_id=release_id, old=old)


def publish_again(release_id: int) -> None:
    """Publish a release that was edited after its approval, and is on every tracker.

    Not one that a person reopened, who will add a tracker to it, say; nor one whose
    files changed: it waits for its next preparation, and its history says so.
    """
    ready = Release.objects.filter(pk=release_id, state=ReleaseState.READY)
    release = ready.select_related("library").first()
    last = release.events.order_by("-pk").first() if release else None
    if release is None or last is None or not is_complete(release_id):
        return
    if last.old not in CLOSED or last.reason == REOPENED:
        return
    changed = files_changed(release)
    if changed:
        release_mark_waiting(release_id=release_id, why=changed)
    else:
        publish_when_complete(release_id, ReleaseState.READY)


def complete_publish() -> list[int]:
    """Publish every release that has nothing left to do.

    One that is ready counts when it was prepared and nothing was left to approve;
    whoever reopens a published one may have more in mind. Gives those that an edit
    brought back and left nothing to do in: their files have to be looked at first.
    """
    live = Upload.objects.filter(release=OuterRef("pk")).exclude(
        status=UploadStatus.CANCELLED
    )
    events = ReleaseEvent.objects.filter(release=OuterRef("pk")).order_by("-pk")
    rows = Release.objects.alias(why=events.values("reason")[:1]).annotate(
        came_from=events.values("old")[:1]
    )
    complete = rows.filter(
        Exists(live),
        ~Exists(live.exclude(status=UploadStatus.SUCCESS)),
        Q(state=ReleaseState.APPROVED)
        | Q(state=ReleaseState.READY, came_from=ReleaseState.PREPARING)
        | Q(state=ReleaseState.READY, came_from__in=CLOSED) & ~Q(why=REOPENED),
    )
    edited = []
    for pk, state, came_from in complete.order_by().values_list(
        "pk", "state", "came_from"
    ):
        if state == ReleaseState.READY and came_from in CLOSED:
            edited.append(pk)
        else:
            publish_when_complete(pk, ReleaseState(state))
    return edited
