"""Many drafts of many releases, approved at once as one page named them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from common.errors import AppError
from releases.metadata.recording import OTHER_RECORDING
from uploads.errors import UploadError
from uploads.models import Upload
from uploads.services.approval import release_approve

_OF_RELEASE = ("release__title", "release__name", "release__notices")


@dataclass(kw_only=True)
class BulkReport:
    """How many uploads were approved, and which were left out and why (sentences)."""

    approved: int = 0
    left_out: list[str] = field(default_factory=list)


def uploads_approve(
    *,
    shown: Mapping[int, str],
    actor_id: int | None,
    note: str = "",
    warnings_read: bool = False,
    recordings_compared: Collection[int] = (),
) -> BulkReport:
    """Approve exactly the drafts in `shown`, upload id → the digest that was shown.

    Whoever decides on many at once says so for what a single page makes hard to
    overlook: `warnings_read` for drafts with warnings, `recordings_compared` (release
    ids) where the catalogue may mean another recording. Without it they are left
    out. One release's trouble stops no other. Raises UploadError when nothing was
    chosen.
    """
    if not shown:
        raise UploadError(
            _("No upload was chosen. Tick at least one, then approve."),
            code="nothing_chosen",
        )
    report = BulkReport()
    chosen = defaultdict[int, list[int]](list)
    rows = list(
        Upload.objects.filter(pk__in=shown)
        .select_related("release", "tracker")
        .only("problems", "tracker__name", *_OF_RELEASE)
        .order_by("pk")
    )
    for upload in rows:
        unsaid = _unsaid(upload, warnings_read, recordings_compared)
        if unsaid:
            report.left_out.append(f"{upload}: {unsaid}")
        else:
            chosen[upload.release_id].append(upload.pk)
    names = {upload.release_id: str(upload.release) for upload in rows}
    for release_id, ids in chosen.items():
        try:
            done = release_approve(
                release_id=release_id,
                actor_id=actor_id,
                note=note,
                upload_ids=ids,
                digests={pk: shown[pk] for pk in ids},
            )
        except AppError as exc:
            report.left_out.append(f"{names[release_id]}: {exc.message}")
            continue
        report.approved += len(done.approved)
        report.left_out += [f"{names[release_id]}: {one}" for one in done.left_out]
    return report


def _unsaid(
    upload: Upload, warnings_read: bool, recordings_compared: Collection[int]
) -> str:
    """What the person did not say and should have; "" when nothing is missing."""
    codes = {problem["code"] for problem in upload.problems}
    doubtful = upload.release.other_recording is not None
    if doubtful and upload.release_id not in recordings_compared:
        return _(
            "it may be another recording. Compare it, and tick that you did, "
            "or approve it on its own page."
        )
    if codes - {OTHER_RECORDING} and not warnings_read:
        return _("it has warnings. Read them, and tick that you did.")
    return ""
