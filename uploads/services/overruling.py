"""Whether a person has decided about a release, so that no rule may.

What people did counts also when their accounts are gone.
"""

from django.db.models import Q

from releases.models import Release
from releases.services.lifecycle import REOPENED
from releases.states import ReleaseState
from uploads.models import UploadEvent
from uploads.states import UploadStatus

CLOSED = (ReleaseState.APPROVED, ReleaseState.PUBLISHED, ReleaseState.REJECTED)
CANCELLED = "Cancelled by hand."


def person_decided(release: Release) -> bool:
    """Whether somebody approved or rejected it, took that back, or gave an upload up."""
    if release.approvals.filter(rule_snapshot={}).exists():
        return True
    by_hand = Q(actor__isnull=False)
    taken_back = release.events.filter(
        by_hand | Q(reason=REOPENED), old__in=CLOSED, new=ReleaseState.READY
    )
    cancelled = UploadEvent.objects.filter(
        by_hand | Q(reason=CANCELLED),
        upload__release=release,
        new=UploadStatus.CANCELLED,
    )
    return taken_back.exists() or cancelled.exists()
