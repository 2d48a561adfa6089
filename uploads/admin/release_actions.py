"""Deciding on releases: approve, reject, and what became of it."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from common.errors import AppError
from common.ids import ids_of, is_id
from common.permissions import require
from releases.admin.acting import MOST_SENTENCES, actor_id, told, told_each, typed
from releases.admin.release import BaseReleaseAdmin
from releases.admin.release_views import DECIDE
from releases.models import Release
from releases.services.saved_views import view_query
from uploads.admin.confirming import confirmation
from uploads.admin.panels import any_moving, live_uploads, panels
from uploads.errors import UploadError
from uploads.models import Upload
from uploads.services.approval import ApprovalReport, release_approve, release_reject
from uploads.services.approving_many import uploads_approve
from uploads.services.rejecting import upload_reject

MOST_AT_ONCE = 100
# Each is a field of the form, of which Django takes a thousand.
MOST_UPLOADS = 850
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
        one = self.admin_site.admin_view(require_POST(self.reject_one_view))
        many = self.admin_site.admin_view(require_POST(self.approve_chosen_view))
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view),
                name=f"releases_release_{name}",
            )
            for name, view in views.items()
        ]
        own.append(
            path(
                "<int:pk>/reject/<int:upload>/", one, name="releases_release_reject_one"
            )
        )
        own.append(path("approve/", many, name="releases_release_approve_chosen"))
        return [*own, *super().get_urls()]

    def approve_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Approve the chosen drafts, as they were shown."""
        self.release_or_404(request, pk)
        try:
            require(request.user, DECIDE, _("approve uploads"))
            report = _approve(request, pk)
        except AppError as exc:
            messages.error(request, exc.message)
        else:
            names = _(" and ").join(str(one.tracker) for one in report.approved)
            if names:
                done = _("Approved for %(names)s; sending begins.")
                messages.success(request, done % {"names": names})
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
            _("The release is rejected."),
            permission=DECIDE,
            what=_("reject releases"),
        )
        return self.back(pk)

    def reject_one_view(
        self, request: HttpRequest, pk: int, upload: int
    ) -> HttpResponse:
        """Turn one tracker's draft down; the others wait on."""
        self.release_or_404(request, pk)
        get_object_or_404(Upload.objects.only("pk"), pk=upload, release=pk)
        told(
            request,
            lambda: upload_reject(
                upload_id=upload,
                actor_id=actor_id(request),
                note=typed(request, "note", NOTE),
            ),
            _("It is rejected for this tracker. Correct the trackers to take it back."),
            permission=DECIDE,
            what=_("reject uploads"),
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

    @admin.action(description=gettext_lazy("Approve …"), permissions=["decide"])
    def approve_chosen(
        self, request: HttpRequest, chosen: QuerySet[Release]
    ) -> HttpResponse | None:
        """Show what would be sent where; that page approves exactly that."""
        releases = self._chosen(request, chosen)
        if releases is None:
            return None
        page = confirmation(releases)
        if len(page.lines) > MOST_UPLOADS:
            many = _(
                "These are %(n)s uploads, and %(most)s fit on one page. Choose fewer "
                "releases."
            )
            numbers = {"n": len(page.lines), "most": MOST_UPLOADS}
            messages.error(request, many % numbers)
            return None
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": ngettext(
                "Approve %(n)s release", "Approve %(n)s releases", len(releases)
            )
            % {"n": len(releases)},
            "opts": self.opts,
            "media": self.media,
            "page": page,
            "query": view_query(request.META.get("QUERY_STRING", "")),
        }
        return TemplateResponse(
            request, "admin/uploads/release/confirm_approve.html", context
        )

    def approve_chosen_view(self, request: HttpRequest) -> HttpResponse:
        """Approve the uploads that were ticked, as they were shown."""
        back = reverse("admin:releases_release_changelist")
        if query := view_query(request.POST.get("query", "")):
            back += f"?{query}"
        try:
            require(request.user, DECIDE, _("approve uploads"))
            report = uploads_approve(
                shown=_ticked(request.POST.getlist("upload")),
                actor_id=actor_id(request),
                note=typed(request, "note", NOTE),
                warnings_read="warnings" in request.POST,
                recordings_compared=ids_of(request.POST.getlist("recording")),
            )
        except AppError as exc:
            messages.error(request, exc.message)
            return HttpResponseRedirect(back)
        if report.approved:
            done = ngettext(
                "%(n)s upload approved; sending begins.",
                "%(n)s uploads approved; sending begins.",
                report.approved,
            )
            messages.success(request, done % {"n": report.approved})
        for sentence in report.left_out[:MOST_SENTENCES]:
            messages.warning(request, sentence)
        rest = len(report.left_out) - MOST_SENTENCES
        if rest > 0:
            more = ngettext(
                "%(n)s more upload is left out.",
                "%(n)s more uploads are left out.",
                rest,
            )
            messages.warning(request, more % {"n": rest})
        return HttpResponseRedirect(back)

    @admin.action(description=gettext_lazy("Reject …"), permissions=["decide"])
    def reject_chosen(
        self, request: HttpRequest, chosen: QuerySet[Release]
    ) -> HttpResponse | None:
        """Ask for the reason, then turn each down."""
        if "confirmed" not in request.POST:
            return self._confirm_rejection(request, chosen)
        told_each(
            request,
            chosen.values_list("pk", flat=True),
            lambda pk: release_reject(
                release_id=pk,
                actor_id=actor_id(request),
                note=typed(request, "note", NOTE),
            ),
            _("rejected."),
            permission=DECIDE,
            what=_("reject releases"),
        )
        return None

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Whether the person's role lets them approve and reject."""
        return request.user.has_perm(DECIDE)

    def _chosen(
        self, request: HttpRequest, chosen: QuerySet[Release]
    ) -> list[Release] | None:
        """The releases without what is heavy; None, and a sentence, if too many."""
        rows = chosen.prefetch_related(None).defer(None)
        rows = rows.defer("metadata", "overrides", "given_torrent", "pictures")
        releases = list(rows[: MOST_AT_ONCE + 1])
        if len(releases) > MOST_AT_ONCE:
            many = _("Choose at most %(most)s releases at a time.")
            messages.error(request, many % {"most": MOST_AT_ONCE})
            return None
        return releases

    def _confirm_rejection(
        self, request: HttpRequest, chosen: QuerySet[Release]
    ) -> HttpResponse | None:
        releases = self._chosen(request, chosen)
        if releases is None:
            return None
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": ngettext(
                "Reject %(n)s release", "Reject %(n)s releases", len(releases)
            )
            % {"n": len(releases)},
            "opts": self.opts,
            "media": self.media,
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
            "releases": releases,
        }
        return TemplateResponse(
            request, "admin/uploads/release/confirm_reject.html", context
        )


def _ticked(values: list[str]) -> dict[int, str]:
    """Upload id → digest of each "id:digest"; one without a digest matches nothing."""
    pairs = [value.partition(":") for value in values]
    return {int(pk): digest or "not shown" for pk, _colon, digest in pairs if is_id(pk)}


def _approve(request: HttpRequest, release_id: int) -> ApprovalReport:
    """Approve what the form names, if it still reads as the form says it did."""
    chosen = ids_of(request.POST.getlist("only") or request.POST.getlist("upload"))
    if not chosen:
        raise UploadError(
            _("No tracker was chosen. Tick at least one, then approve."),
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
