"""Read queries on decisions."""

from django.utils.translation import gettext as _

from releases.models import Release
from uploads.models import Approval, RuleCheck, Upload
from uploads.states import UploadStatus


def approver(upload: Upload) -> str:
    """Who approved what an upload says, a person or a rule; "" while nobody has."""
    if not upload.approved_digest:
        return ""
    rows = Approval.objects.filter(
        release_id=upload.release_id, decision=Approval.Decision.APPROVED
    )
    key = str(upload.pk)
    for approval in rows.select_related("actor"):
        if approval.digests.get(key) == upload.approved_digest:
            return approval.by
    return ""


def rules_said(release: Release) -> list[str]:
    """Why no rule approved what the release says now, tracker by tracker."""
    check = RuleCheck.objects.filter(release=release, revision=release.revision).first()
    return list(check.reasons) if check else []


def why_nothing(release: Release) -> str:
    """Why there is no draft to approve: somebody was quicker, or there never was one."""
    last = (
        release.approvals.filter(decision=Approval.Decision.APPROVED, void_at=None)
        .select_related("actor")
        .first()
    )
    if last is None:
        if release.uploads.filter(status=UploadStatus.SUCCESS).exists():
            return _(
                "There is nothing left to approve: it is on every tracker already. "
                "Prepare it again, and it counts as published."
            )
        return _("There is no draft to approve here. Prepare the release first.")
    who = _("%(who)s has approved this already; there is nothing left to approve.")
    live = release.uploads.exclude(status=UploadStatus.CANCELLED)
    if not live.exclude(status=UploadStatus.SUCCESS).exists():
        rest = _("It is on every tracker.")
    else:
        rest = _("Its uploads are on their way.")
    return f"{who % {'who': last.by}} {rest}"
