"""Uploads made with another template than their tracker uses by now."""

from django.db.models import F, OuterRef, QuerySet, Subquery

from releases.states import ReleaseState
from trackers.models import TemplateVersion
from uploads.models import Upload
from uploads.states import UploadStatus

OPEN = (UploadStatus.DRAFT, UploadStatus.PENDING, UploadStatus.FAILED)
RENDERED = (
    ReleaseState.READY,
    ReleaseState.APPROVED,
    ReleaseState.PUBLISHED,
    ReleaseState.REJECTED,
)


def template_outdated() -> QuerySet[Upload]:
    """Uploads whose template has a newer version, or was replaced by another one.

    Those whose template could not be used at all wait for a person instead.
    """
    versions = TemplateVersion.objects.filter(
        template__choices__tracker=OuterRef("tracker"),
        template__choices__kind=OuterRef("release__kind"),
    )
    newest = Subquery(versions.order_by("-number").values("pk")[:1])
    return (
        Upload.objects.alias(newest=newest)
        .exclude(template_version=None)
        .exclude(newest=None)
        .exclude(template_version=F("newest"))
    )


def uploads_to_render() -> QuerySet[Upload]:
    """Those of them that are not on their way: their releases are rendered again."""
    return template_outdated().filter(status__in=OPEN, release__state__in=RENDERED)
