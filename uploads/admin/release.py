"""Releases with their uploads: readiness in the list, panels and approval on the page."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.ids import is_id
from releases.admin.readonly import page_url
from releases.admin.release import BaseReleaseAdmin
from releases.admin.release_list import live_cell
from releases.admin.review import Refused
from releases.models import Release
from releases.states import ReleaseState
from trackers.selectors import tracker_choices
from uploads.admin.approved_before import approved_before
from uploads.admin.filters import ApprovableFilter
from uploads.admin.history import history_context, page_number
from uploads.admin.inbox_filters import (
    FoundFilter,
    MakerFilter,
    TrackerFilter,
    WaitingFilter,
)
from uploads.admin.look import is_moving
from uploads.admin.panels import any_moving, live_uploads, panels
from uploads.admin.readiness import readiness_chip, with_readiness
from uploads.admin.release_actions import ReleaseActions
from uploads.history import release_history
from uploads.models import Upload
from uploads.selectors import rules_said
from uploads.services.heartbeat import heartbeat_age
from uploads.states import UploadStatus

QUIET_SECONDS = 60
NO_UPLOADS = SafeString('<span class="hd-muted hd-dash">—</span>')


@admin.register(Release)
class ReleaseAdmin(ReleaseActions):
    """The whole release page, and the list with one label per tracker."""

    list_display = (
        *("title_cell", "state_cell", "trackers_cell"),
        *("size_cell", "library", "age_cell"),
    )
    review_template = "admin/uploads/release/review.html"
    list_filter = (
        WaitingFilter,
        *BaseReleaseAdmin.list_filter,
        ApprovableFilter,
        FoundFilter,
        TrackerFilter,
        MakerFilter,
    )
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
        """Also each row's uploads, in one query for the whole list and one for the
        trackers."""
        uploads = with_readiness(Upload.objects.order_by("tracker__name"))
        return (
            super()
            .rows(rows)
            .prefetch_related(Prefetch("uploads", uploads, to_attr="live_uploads"))
        )

    @admin.display(description=gettext_lazy("Trackers"))
    def trackers_cell(self, release: Release) -> SafeString:
        """One label per tracker: how its upload stands."""
        return live_cell("trackers", release, self.trackers_html(release))

    def trackers_html(self, release: Release) -> SafeString:
        """What stands in that cell now."""
        uploads = [
            (one.tracker.name, readiness_chip(one, release.revision))
            for one in getattr(release, "live_uploads", ())
        ]
        pair = '<span class="hd-pair"><span class="hd-muted">{}</span>{}</span>'
        return format_html_join("", pair, uploads) or NO_UPLOADS

    def cells(self, release: Release) -> dict[str, SafeString]:
        """Also the trackers' labels change while a release is worked on."""
        return {**super().cells(release), "trackers": self.trackers_html(release)}

    def is_moving(self, release: Release) -> bool:
        """Also while an upload is on its way."""
        return super().is_moving(release) or any(
            is_moving(one) for one in getattr(release, "live_uploads", ())
        )

    def built_in_views(self, request: HttpRequest) -> list[tuple[str, str]]:
        """What people look for most."""
        return [
            *super().built_in_views(request),
            (_("Waiting for me"), "waiting=me"),
            (_("Errors"), "found=errors"),
            (_("Duplicates"), "found=duplicates"),
            (_("On their way"), f"state__exact={ReleaseState.APPROVED}"),
            (_("Failed"), f"state__exact={ReleaseState.FAILED}"),
        ]

    def tracker_choices(self) -> list[tuple[str, str]]:
        """The active trackers."""
        return tracker_choices()

    def review_context(
        self, request: HttpRequest, release: Release, refused: Refused | None = None
    ) -> dict[str, Any]:
        """Also what each tracker gets, and whether it may be approved."""
        uploads = list(live_uploads(release))
        shown = panels(release, uploads, approved_before(release, uploads))
        context = super().review_context(request, release, refused)
        return {
            **context,
            "panels": shown,
            "ticks": sum(panel.can_approve for panel in shown),
            "can_approve": any(panel.can_approve for panel in shown),
            "can_reject": release.state == ReleaseState.READY,
            "show_live": any(
                panel.is_stale or panel.upload.status != UploadStatus.DRAFT
                for panel in shown
            ),
            "moving": any_moving(release, uploads) and not context["working"],
            "approvals": release.approvals.select_related("actor").defer("forms"),
            "rules_said": rules_said(release),
            "workers_quiet": workers_quiet(),
        }


def workers_quiet() -> bool:
    """Whether no worker showed a sign of life lately, so that nothing will move."""
    age = heartbeat_age()
    return age is None or age > QUIET_SECONDS
