"""A decision of a person or of a rule, frozen with the digests of what was shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common import clock
from common.queue import enqueue
from releases.models import Release
from releases.models.event import state_text
from releases.services.ingest import files_changed
from releases.services.lifecycle import (
    release_files_changed,
    release_mark_approved,
    release_mark_rejected,
)
from releases.services.moves import release_lock
from releases.states import ReleaseState
from uploads.errors import UploadError
from uploads.models import Approval, ApprovalRule, Upload
from uploads.selectors import why_nothing
from uploads.services.moves import upload_move
from uploads.services.overruling import person_decided
from uploads.services.success import is_complete
from uploads.states import UploadStatus

SEND_TASK = "uploads.tasks.work"
UNSETTLED = (
    UploadStatus.PENDING,
    UploadStatus.UPLOADING,
    UploadStatus.UNKNOWN,
    UploadStatus.FAILED,
)
BY_RULE = "Approved by rule"
APPROVABLE = (ReleaseState.READY, ReleaseState.APPROVED, ReleaseState.PUBLISHED)


@dataclass(kw_only=True)
class ApprovalReport:
    """What an approval started, and what it left out and why (sentences)."""

    approved: list[Upload] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def release_approve(
    *,
    release_id: int,
    actor_id: int | None,
    note: str = "",
    upload_ids: Iterable[int] | None = None,
    digests: Mapping[int, str] | None = None,
    rule: ApprovalRule | None = None,
) -> ApprovalReport:
    """Approve drafts of a release and queue them.

    `upload_ids` limits it to these drafts; `digests` are what the person was shown,
    upload id → digest: a draft that reads otherwise by now is refused. Without
    `upload_ids` it is what was shown, and all drafts only where neither is given.
    Drafts with errors are left out. A `rule` stands in an actor's place, and only
    where no person has decided before. Raises UploadError when nothing could be
    approved.
    """
    release = Release.objects.select_related("library").get(pk=release_id)
    if release.state not in APPROVABLE:
        raise UploadError(
            _(
                "This release is %(state)s; only a ready one can be approved. Prepare "
                "it first."
            )
            % {"state": state_text(release.state)},
            code="release_not_ready",
        )
    changed = files_changed(release)
    if changed:
        release_files_changed(release_id=release.pk, reason=changed, actor_id=actor_id)
        raise UploadError(
            changed + " " + _("It is being prepared again; approve what it says then."),
            code="release_changed",
        )
    if upload_ids is None:
        upload_ids = digests  # nobody agreed to a draft that came up meanwhile
    drafts = _drafts(release, upload_ids)
    report = _sort(release, drafts, digests or {})
    if not report.approved:
        raise UploadError(
            " ".join(report.left_out) or why_nothing(release),
            code="nothing_to_approve",
        )
    _approve(release, report, actor_id, note, rule)
    return report


def _drafts(release: Release, upload_ids: Iterable[int] | None) -> list[Upload]:
    rows = Upload.objects.filter(
        release=release, status=UploadStatus.DRAFT
    ).select_related("tracker")
    if upload_ids is not None:
        rows = rows.filter(pk__in=list(upload_ids))
    return list(rows.defer("torrent_file", "site_torrent").order_by("pk"))


def _sort(
    release: Release, drafts: list[Upload], digests: Mapping[int, str]
) -> ApprovalReport:
    report = ApprovalReport()
    for upload in drafts:
        name = upload.tracker.name
        shown = digests.get(upload.pk)
        if upload.release_revision != release.revision:
            report.left_out.append(
                _("%(name)s is left out: it is being rendered again. Try in a moment.")
                % {"name": name}
            )
        elif not upload.digest or upload.has_errors:
            report.left_out.append(
                _("%(name)s is left out: its problems must be solved first.")
                % {"name": name}
            )
        elif shown is not None and shown != upload.digest:
            report.left_out.append(_changed(name))
        else:
            report.approved.append(upload)
    return report


def _changed(name: str) -> str:
    return _(
        "%(name)s is left out: it was changed while you were looking. Look at it again "
        "and approve once more."
    ) % {"name": name}


def _check_rule(release: Release, rule: ApprovalRule) -> None:
    """Raise UploadError unless the rule may decide still; the release is locked."""
    if person_decided(release):
        raise UploadError(
            "A person has decided about this release, so no rule approves it.",
            code="rule_overruled",
        )
    same = ApprovalRule.objects.select_for_update().filter(
        pk=rule.pk, is_active=True, updated_at=rule.updated_at
    )
    if not same:
        raise UploadError(
            f"The rule {rule} was changed at this very moment, so it approves nothing.",
            code="rule_changed",
        )


def _approve(
    release: Release,
    report: ApprovalReport,
    actor_id: int | None,
    note: str,
    rule: ApprovalRule | None,
) -> None:
    why = f"{BY_RULE} {rule}." if rule else "Approved."
    with transaction.atomic():
        held = release_lock(release.pk)
        if (held.state, held.revision) != (release.state, release.revision):
            raise UploadError(
                _("The release changed at this very moment. Look at it again."),
                code="release_changed",
            )
        if rule is not None:
            _check_rule(release, rule)
        if held.state == ReleaseState.READY:
            release_mark_approved(release_id=release.pk, actor_id=actor_id, reason=why)
        taken = _take(report, actor_id, why)
        Approval.objects.create(
            release=release,
            actor_id=actor_id,
            rule=rule,
            rule_snapshot=rule.conditions if rule else {},
            decision=Approval.Decision.APPROVED,
            note=note,
            digests={str(upload.pk): upload.digest for upload in taken},
            forms={str(upload.pk): upload.payload.get("form", []) for upload in taken},
        )
        enqueue(SEND_TASK)


def _take(report: ApprovalReport, actor_id: int | None, why: str) -> list[Upload]:
    """Make those due that read still as they were seen; the others are left out.

    Raises UploadError when none does.
    """
    now = clock.now()
    seen, report.approved = report.approved, []
    for upload in seen:
        moved = upload_move(
            upload.pk,
            UploadStatus.DRAFT,
            UploadStatus.PENDING,
            why=why,
            actor_id=actor_id,
            only_if={"digest": upload.digest},
            approved_digest=upload.digest,
            approved_at=now,
            approved_by_id=actor_id,
            reason={},
        )
        if moved:
            report.approved.append(upload)
        else:
            report.left_out.append(_changed(upload.tracker.name))
    if not report.approved:
        raise UploadError(" ".join(report.left_out), code="nothing_to_approve")
    return report.approved


def release_reject(*, release_id: int, actor_id: int | None, note: str = "") -> None:
    """Turn a ready release down. Raises UploadError when that says nothing."""
    with transaction.atomic():
        if is_complete(release_id):
            raise UploadError(
                _(
                    "There is nothing left to reject: it is on every tracker already. "
                    "Prepare it again, and it counts as published."
                ),
                code="nothing_to_reject",
            )
        if not release_mark_rejected(
            release_id=release_id, actor_id=actor_id, note=note
        ):
            raise UploadError(
                _("Only a ready release can be rejected."), code="release_not_ready"
            )
        Approval.objects.create(
            release_id=release_id,
            actor_id=actor_id,
            decision=Approval.Decision.REJECTED,
            note=note,
        )


def approvals_void(release_id: int, reason: str) -> None:
    """End what was approved and has not succeeded: it must be approved again."""
    now = clock.now()
    with transaction.atomic():
        Approval.objects.filter(
            release_id=release_id,
            decision=Approval.Decision.APPROVED,
            void_at=None,
        ).update(void_at=now, void_reason=reason[:500])
        uploads = Upload.objects.filter(release_id=release_id)
        # Also what is under way: it can neither begin to send any more nor try again.
        uploads.filter(status__in=UNSETTLED).update(
            approved_digest="", approved_at=None, approved_by=None
        )
        unapproved_void(uploads, reason)


def unapproved_void(uploads: QuerySet[Upload], reason: str) -> None:
    """Make drafts of those uploads that wait or failed and whose approval ended."""
    ended = uploads.filter(
        status__in=(UploadStatus.PENDING, UploadStatus.FAILED), approved_digest=""
    )
    for pk, status in ended.order_by().values_list("pk", "status"):
        upload_void(pk, status, reason)


def upload_void(upload_id: int, old: str, why: str) -> bool:
    """Back to a draft, which is rendered again and needs a new approval."""
    return upload_move(
        upload_id,
        old,
        UploadStatus.DRAFT,
        why=why,
        **void_columns(why),
    )


def void_columns(why: str) -> dict[str, Any]:
    """What an upload is without its approval, besides its status."""
    return {
        "approved_digest": "",
        "approved_at": None,
        "approved_by": None,
        "not_before": None,
        "finished_at": None,
        "tries": 0,
        "misses": 0,
        "reason": {"code": "approval_void", "message": why},
    }
