"""Deciding on releases: approve, reject, and what became of it."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_POST

from common.errors import AppError
from common.ids import ids_of
from common.permissions import require
from releases.admin.acting import actor_id, told, told_each, typed
from releases.admin.release import BaseReleaseAdmin
from releases.admin.release_views import DECIDE
from releases.models import Release
from uploads.admin.panels import any_moving, live_uploads, panels, panels_by_release
from uploads.errors import UploadError
from uploads.services.approval import (
    ApprovalReport,
    release_approve,
    release_reject,
)

MOST_AT_ONCE = 100
NOTE = 2_000
DIGEST = "digest-"


class ReleaseActions(BaseReleaseAdmin):
    """The addresses and bulk actions by which a person decides."""

    def get_urls(self) -> list[URLPattern]:
        """Approve, reject, and the live state of the uploads."""
        views = {
            "approve": require_POST(self.approve_view),
            "reject": require_POST(self.reject_view),
            "uploads": require_GET(self.uploads_view),
        }
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view),
                name=f"releases_release_{name}",
            )
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def approve_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Approve the chosen drafts, as they were shown."""
        self.release_or_404(request, pk)
        try:
            require(request.user, DECIDE, "approve uploads")
            report = _approve(request, pk)
        except AppError as exc:
            messages.error(request, exc.message)
        else:
            names = " and ".join(str(one.tracker) for one in report.approved)
            if names:
                messages.success(request, f"Approved for {names}; sending begins.")
            for sentence in report.left_out:
                messages.warning(request, sentence)
        return self.back(pk)

    def reject_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Turn the release down."""
        self.release_or_404(request, pk)
        told(
            request,
            lambda: release_reject(
                release_id=pk,
                actor_id=actor_id(request),
                note=typed(request, "note", NOTE),
            ),
            "The release is rejected.",
            permission=DECIDE,
            what="reject releases",
        )
        return self.back(pk)

    def uploads_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How every upload stands; reloads the page when they have settled."""
        release = self.release_or_404(request, pk)
        uploads = list(live_uploads(release))
        if not any_moving(release, uploads):
            response = HttpResponse()
            response["HX-Redirect"] = reverse(
                "admin:releases_release_change", args=[pk]
            )
            return response
        return render(
            request,
            "admin/uploads/release/live.html",
            {"release": release, "panels": panels(release, uploads), "moving": True},
        )

    @admin.action(description="Approve …", permissions=["decide"])
    def approve_chosen(
        self, request: HttpRequest, chosen: QuerySet[Release]
    ) -> HttpResponse | None:
        """Show what would be sent where; then approve exactly that."""
        if "confirmed" not in request.POST:
            return self._confirm(request, chosen, "approve")
        started = 0
        for pk in chosen.values_list("pk", flat=True):
            try:
                require(request.user, DECIDE, "approve uploads")
                report = _approve(request, pk)
            except AppError as exc:
                messages.warning(request, f"Release {pk}: {exc.message}")
                continue
            started += len(report.approved)
            for sentence in report.left_out:
                messages.warning(request, f"Release {pk}: {sentence}")
        if started:
            ending = "" if started == 1 else "s"
            messages.success(
                request, f"{started} upload{ending} approved; sending begins."
            )
        return None

    @admin.action(description="Reject …", permissions=["decide"])
    def reject_chosen(
        self, request: HttpRequest, chosen: QuerySet[Release]
    ) -> HttpResponse | None:
        """Ask for the reason, then turn each down."""
        if "confirmed" not in request.POST:
            return self._confirm(request, chosen, "reject")
        told_each(
            request,
            chosen.values_list("pk", flat=True),
            lambda pk: release_reject(
                release_id=pk,
                actor_id=actor_id(request),
                note=typed(request, "note", NOTE),
            ),
            "rejected.",
            permission=DECIDE,
            what="reject releases",
        )
        return None

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Whether the person's role lets them approve and reject."""
        return request.user.has_perm(DECIDE)

    def _confirm(
        self, request: HttpRequest, chosen: QuerySet[Release], verb: str
    ) -> HttpResponse | None:
        releases = list(chosen.order_by("pk")[: MOST_AT_ONCE + 1])
        if len(releases) > MOST_AT_ONCE:
            messages.error(
                request, f"Choose at most {MOST_AT_ONCE} releases at a time."
            )
            return None
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": f"{verb.capitalize()} {len(releases)} "
            f"release{'' if len(releases) == 1 else 's'}",
            "opts": self.opts,
            "media": self.media,
            "verb": verb,
            "action": f"{verb}_chosen",
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
            "rows": panels_by_release(releases),
        }
        return TemplateResponse(request, "admin/uploads/release/confirm.html", context)


def _approve(request: HttpRequest, release_id: int) -> ApprovalReport:
    """Approve what the form names, if it still reads as the form says it did."""
    chosen = ids_of(request.POST.getlist("upload"))
    if not chosen:
        raise UploadError(
            "No tracker was chosen. Tick at least one, then approve.",
            code="nothing_chosen",
        )
    return release_approve(
        release_id=release_id,
        actor_id=actor_id(request),
        note=typed(request, "note", NOTE),
        upload_ids=chosen,
        digests=_digests(request.POST, chosen),
    )


def _digests(post: QueryDict, chosen: list[int]) -> dict[int, str]:
    """What was shown; a draft without a digest was not, and so never matches."""
    return {pk: post.get(f"{DIGEST}{pk}", "not shown") or "not shown" for pk in chosen}
