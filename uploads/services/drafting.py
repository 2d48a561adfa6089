"""Drafts: a row for each tracker, renewed whenever the release changes."""

from typing import Any

from django.db import IntegrityError, transaction

from common.errors import AppError
from releases.models import Release
from trackers.models import TemplateVersion, Tracker
from trackers.selectors import trackers_for
from uploads.models import Upload
from uploads.services.approval import void_columns
from uploads.services.contents import content_missing, contents_build
from uploads.services.moves import upload_move, upload_note
from uploads.services.searching import search_want
from uploads.services.success import publish_again
from uploads.states import FROZEN, UploadStatus


def drafts_make(release_id: int) -> list[Upload]:
    """Make or renew the draft for every tracker the release is meant for.

    What is being sent or was sent stays untouched. One tracker's trouble becomes a
    problem on its own draft and never another's.
    """
    release = Release.objects.select_related("library").get(pk=release_id)
    trackers = trackers_for(release.targets, release.kind)
    uploads = [_row(release, tracker) for tracker in trackers]
    open_ones = [upload for upload in uploads if upload.status not in FROZEN]
    contents = contents_build(release, [upload.tracker for upload in open_ones])
    for upload in open_ones:
        changes = contents[upload.tracker_id]
        made_from = {"release_revision": release.revision, "kind": release.kind}
        _store(upload, {**changes, **made_from})
        upload.refresh_from_db()
        if upload.status == UploadStatus.DRAFT:
            search_want(upload)
    _drop_unwanted(release, trackers)
    return uploads


def drafts_renew(release_id: int) -> None:
    """Make the drafts again in the background.

    Where that is impossible for all of them, each says why and cannot be approved.
    """
    try:
        drafts_make(release_id)
    except Release.DoesNotExist:
        return  # deleted since somebody asked for it
    except AppError as exc:
        release = Release.objects.get(pk=release_id)
        changes = {**content_missing(exc), "release_revision": release.revision}
        Upload.objects.filter(release=release, status=UploadStatus.DRAFT).update(
            **changes
        )
    publish_again(release_id)


def edited_publish(release_id: int) -> None:
    """Publish a release that an edit left with nothing to do, if that is all of it.

    A tracker that never had an upload is drafted first: the nudge to do so may be what
    got lost. One whose upload was given up since gets no other.
    """
    release = Release.objects.filter(pk=release_id).only("targets", "kind").first()
    if release is None:
        return  # deleted since somebody asked for it
    rows = Upload.objects.filter(release=release)
    had = set(rows.order_by().values_list("tracker_id", flat=True))
    try:
        wanted = trackers_for(release.targets, release.kind)
    except AppError:
        wanted = []  # one was switched off; what is sent is sent
    if all(tracker.pk in had for tracker in wanted):
        publish_again(release_id)
    else:
        drafts_renew(release_id)


def _drop_unwanted(release: Release, trackers: list[Tracker]) -> None:
    """Cancel drafts for trackers the release is no longer meant for."""
    unwanted = Upload.objects.filter(
        release=release, status=UploadStatus.DRAFT
    ).exclude(tracker__in=trackers)
    for pk in unwanted.values_list("pk", flat=True):
        upload_move(
            pk,
            UploadStatus.DRAFT,
            UploadStatus.CANCELLED,
            why="The release is no longer meant for this tracker.",
        )


def _row(release: Release, tracker: Tracker) -> Upload:
    live = (
        Upload.objects.filter(release=release, tracker=tracker)
        .exclude(status=UploadStatus.CANCELLED)
        .select_related("tracker", "template_version__template")
    )
    known = live.first()
    if known is not None:
        return known
    # What may be there since before a restore is so after a cancelled draft as well.
    earlier = Upload.objects.filter(release=release, tracker=tracker, ask_first=True)
    try:
        with transaction.atomic():
            upload = Upload.objects.create(
                release=release,
                tracker=tracker,
                kind=release.kind,
                ask_first=earlier.exists(),
            )
            upload_note(upload.pk, "", UploadStatus.DRAFT, why="Drafted.")
    except IntegrityError:
        return live.get()
    return upload


def _store(upload: Upload, changes: dict[str, Any]) -> None:
    """Write a draft's content; a pending or failed row becomes a draft again only
    when what it says has changed.

    What was made from a later state of the release, meanwhile, stays.
    """
    same = bool(upload.digest) and upload.digest == changes["digest"]
    keep = same and upload.status in (UploadStatus.PENDING, UploadStatus.FAILED)
    why = _what_changed(upload, changes.get("template_version"))
    if not keep and upload.status != UploadStatus.DRAFT:
        changes |= {"status": UploadStatus.DRAFT, **void_columns(why)}
    with transaction.atomic():
        written = (
            Upload.objects.filter(pk=upload.pk, status=upload.status)
            .exclude(status__in=FROZEN)
            .filter(release_revision__lte=changes["release_revision"])
            .update(**changes)
        )
        if written and "status" in changes:
            upload_note(
                upload.pk,
                upload.status,
                UploadStatus.DRAFT,
                why=why,
            )


def _what_changed(upload: Upload, new: TemplateVersion | None) -> str:
    """Why an upload needs approval again: its template, if that is another one."""
    old = upload.template_version
    if old is None or new is None or old == new:
        return "What it would send has changed; it needs approval again."
    was = f"v{old.number}" if old.template_id == new.template_id else str(old)
    return f"{new} replaced {was}; it needs approval again."
