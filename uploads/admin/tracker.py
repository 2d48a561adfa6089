"""Trackers with what their uploads say: the last success, and the figures."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.deleting import kept
from common.ids import is_id
from releases.admin.readonly import page_link
from trackers.admin.tracker import BaseTrackerAdmin
from trackers.models import Tracker
from uploads.analytics import tracker_figures
from uploads.models import Upload
from uploads.states import UploadStatus


@admin.register(Tracker)
class TrackerAdmin(BaseTrackerAdmin):
    """The whole page of a tracker."""

    list_display = (*BaseTrackerAdmin.list_display, "last_success")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tracker]:
        """Also when the newest successful upload ended."""
        newest = Upload.objects.filter(
            tracker=OuterRef("pk"), status=UploadStatus.SUCCESS
        ).order_by("-pk")
        return (
            super()
            .get_queryset(request)
            .annotate(succeeded_at=Subquery(newest.values("finished_at")[:1]))
        )

    @admin.display(description=gettext_lazy("Last success"), ordering="succeeded_at")
    def last_success(self, tracker: Any) -> str:
        """When, linked to what was sent there."""
        if tracker.succeeded_at is None:
            return _("never")
        url = reverse("admin:uploads_upload_changelist")
        return format_html(
            '<a class="hd-link" href="{}?tracker__id__exact={}">{}</a>',
            *(
                url,
                tracker.pk,
                date_format(localtime(tracker.succeeded_at), "DATETIME_FORMAT"),
            ),
        )

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """One with uploads stays. They may be many, so they are not all read."""
        rows = Upload.objects.filter(tracker__in=[one.pk for one in objs])
        names = ("release__title", "release__name", "tracker__name")
        named = rows.select_related("release", "tracker").only(*names)
        found = kept(named.order_by("-pk"), page_link)
        if found:
            return [], {}, set(), found
        return super().get_deleted_objects(objs, request)

    def page_context(self, request: HttpRequest, object_id: str) -> dict[str, Any]:
        """Also how its uploads went."""
        context = super().page_context(request, object_id)
        if not is_id(object_id) or not request.user.has_perm("uploads.view_upload"):
            return context
        with timezone.override(None):  # its days are those of Herald's time zone
            figures = tracker_figures(int(object_id))
        html = render_to_string(
            "admin/uploads/tracker_figures.html",
            {"figures": figures, "tracker_id": object_id},
        )
        return {**context, "upload_figures": html}
