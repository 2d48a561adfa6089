"""Releases with their uploads: readiness in the list, panels and approval on the page."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.ids import is_id
from releases.admin.readonly import page_url
from releases.admin.release import BaseReleaseAdmin
from releases.admin.release_list import live_cell
from releases.models import Release
from releases.states import ReleaseState
from trackers.models import Tracker
from uploads.admin.filters import ApprovableFilter
from uploads.admin.history import history_context, page_number
from uploads.admin.look import is_moving, status_chip
from uploads.admin.panels import any_moving, live_uploads, panels
from uploads.admin.release_actions import ReleaseActions
from uploads.history import release_history
from uploads.models import Upload
from uploads.services.heartbeat import heartbeat_age
from uploads.states import UploadStatus

QUIET_SECONDS = 60


class TrackerFilter(admin.SimpleListFilter):
    """Releases with an upload to one tracker."""

    title = "tracker"
    parameter_name = "tracker"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every tracker that there is."""
        return list(Tracker.objects.values_list("slug", "name"))

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Release]
    ) -> QuerySet[Release]:
        """Those with a live upload there."""
        if not self.value():
            return queryset
        uploads = Upload.objects.filter(
            release=OuterRef("pk"), tracker__slug=self.value()
        ).exclude(status=UploadStatus.CANCELLED)
        return queryset.filter(Exists(uploads))


@admin.register(Release)
class ReleaseAdmin(ReleaseActions):
    """The whole release page, and the list with one label per tracker."""

    list_display = (
        *("title_cell", "state_cell", "trackers_cell", "library", "created_at"),
    )
    review_template = "admin/uploads/release/review.html"
    list_filter = (*BaseReleaseAdmin.list_filter, ApprovableFilter, TrackerFilter)
    actions = ("prepare_again", "approve_chosen", "reject_chosen")

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """All that happened to the release and its uploads, and who did it."""
        if not self.has_view_permission(request) or not is_id(object_id):
            raise PermissionDenied
        release = get_object_or_404(Release.objects.only("title", "name"), pk=object_id)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("History of %(release)s") % {"release": release},
            "back": page_url(release),
            **history_context(request, release_history(release, page_number(request))),
        }
        return TemplateResponse(request, "admin/uploads/history.html", context)

    def rows(self, rows: QuerySet[Release]) -> QuerySet[Release]:
        """Also each row's uploads, in one query for the whole list."""
        uploads = (
            Upload.objects.exclude(status=UploadStatus.CANCELLED)
            .select_related("tracker")
            .defer("payload", "torrent_file", "site_torrent", "duplicates")
            .order_by("tracker__name")
        )
        return (
            super()
            .rows(rows)
            .prefetch_related(Prefetch("uploads", uploads, to_attr="live_uploads"))
        )

    @admin.display(description="Trackers")
    def trackers_cell(self, release: Release) -> SafeString:
        """One label per tracker: how its upload stands."""
        return live_cell("trackers", release, self.trackers_html(release))

    def trackers_html(self, release: Release) -> SafeString:
        """What stands in that cell now."""
        uploads = [
            (one.tracker.name, status_chip(one), one)
            for one in getattr(release, "live_uploads", ())
        ]
        return render_to_string(
            "admin/uploads/release/trackers_cell.html",
            {"release": release, "uploads": uploads},
        )

    def cells(self, release: Release) -> dict[str, SafeString]:
        """Also the trackers' labels change while a release is worked on."""
        return {**super().cells(release), "trackers": self.trackers_html(release)}

    def is_moving(self, release: Release) -> bool:
        """Also while an upload is on its way."""
        return super().is_moving(release) or any(
            is_moving(one) for one in getattr(release, "live_uploads", ())
        )

    def tracker_choices(self) -> list[tuple[str, str]]:
        """The active trackers."""
        return list(Tracker.objects.filter(is_active=True).values_list("slug", "name"))

    def review_context(self, request: HttpRequest, release: Release) -> dict[str, Any]:
        """Also what each tracker gets, and whether it may be approved."""
        uploads = list(live_uploads(release))
        shown = panels(release, uploads)
        context = super().review_context(request, release)
        return {
            **context,
            "panels": shown,
            "can_approve": any(panel.can_approve for panel in shown),
            "can_reject": release.state == ReleaseState.READY,
            "show_live": any(
                panel.is_stale or panel.upload.status != UploadStatus.DRAFT
                for panel in shown
            ),
            "moving": any_moving(release, uploads) and not context["working"],
            "approvals": release.approvals.select_related("actor"),
            "workers_quiet": workers_quiet(),
        }


def workers_quiet() -> bool:
    """Whether no worker showed a sign of life lately, so that nothing will move."""
    age = heartbeat_age()
    return age is None or age > QUIET_SECONDS
