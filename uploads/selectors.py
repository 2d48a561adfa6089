"""Read queries on decisions."""

from releases.models import Release
from uploads.models import Approval, RuleCheck, Upload


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
