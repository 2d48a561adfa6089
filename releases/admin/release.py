"""Releases in the admin: adding one, and the review page.

What a tracker gets belongs to uploads, which knows releases and not the other way
round: uploads/admin/release.py adds its panels to this class and registers it.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import AppError
from common.figures import size_text
from releases.admin import review
from releases.admin.acting import actor_id, told
from releases.admin.edit_rows import edit_rows
from releases.admin.field_change import field_change
from releases.admin.keys import REVIEW
from releases.admin.release_changes import fetching_context
from releases.admin.release_forms import ReleaseAddForm, ReleaseCorrectForm
from releases.admin.release_many import ReleaseMany
from releases.admin.release_views import CHANGE, DECIDE, PREPARE, cover_url
from releases.admin.timeline import timeline
from releases.metadata.vocabulary import VOCABULARY
from releases.models import Library, Release
from releases.services.amending import release_correct
from releases.services.ingest import release_create
from releases.states import ReleaseState

CLOSED = (ReleaseState.APPROVED, ReleaseState.PUBLISHED, ReleaseState.REJECTED)


class BaseReleaseAdmin(ReleaseMany):
    """Everything about a release but its uploads."""

    review_template = "admin/releases/release/review.html"

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A path becomes a release, and its page opens."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ReleaseAddForm(
            request.POST or None,
            request.FILES or None,
            trackers=self.tracker_choices(),
        )
        if request.method == "POST" and form.is_valid():
            release = self._create(request, form)
            if release is not None:
                self.log_addition(request, release, [{"added": {}}])
                messages.success(
                    request,
                    _("%(release)s was added and is being prepared.")
                    % {"release": release},
                )
                return self.back(release.pk)
        context = {
            **self.admin_site.each_context(request),
            **(extra_context or {}),
            "title": _("Add release"),
            "opts": self.opts,
            "form": form,
            "libraries": Library.objects.all(),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/releases/release/add.html", context)

    def _create(self, request: HttpRequest, form: ReleaseAddForm) -> Release | None:
        given = form.cleaned_data
        try:
            return release_create(
                path=given["path"],
                kind=given["kind"],
                asin=given["asin"],
                targets=given.get("trackers", []),
                torrent_file=given["torrent_file"],
                actor_id=actor_id(request),
            )
        except AppError as exc:
            form.refuse(exc)
            return None

    def get_urls(self) -> list[URLPattern]:
        """Also where trackers and kind, and single fields, are corrected."""
        view = self.admin_site.admin_view(require_POST(self.correct_view))
        field = self.admin_site.admin_view(require_POST(self.field_view))
        return [
            path("<int:pk>/correct/", view, name="releases_release_correct"),
            path("<int:pk>/field/<slug:name>/", field, name="releases_release_field"),
            *super().get_urls(),
        ]

    def field_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Set one field by hand, leave it out, or let the sources speak again.

        What is refused comes back with the page, as it was typed.
        """
        release = self.release_or_404(request, pk)
        if name not in VOCABULARY:
            raise Http404(_("There is no such field."))
        try:
            done = field_change(request, release, name)
        except AppError as exc:
            messages.error(request, exc.message)
            refused = review.Refused(
                name=name,
                message=exc.message,
                text=request.POST.get("value"),
                overtaken=exc.code == "edit_outdated",
            )
            return self._page(request, str(pk), refused=refused)
        messages.success(request, done)
        return self.back(pk, tab=f"field-{name}")

    def correct_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Other trackers or another kind; the release is prepared again."""
        release = self.release_or_404(request, pk)
        form = ReleaseCorrectForm(
            request.POST, release=release, trackers=self.tracker_choices()
        )
        if not form.is_valid():
            messages.error(
                request,
                _("That choice is not there any more. Look again, then choose."),
            )
            return self.back(pk)
        given = form.cleaned_data
        queued = told(
            request,
            lambda: release_correct(
                release_id=pk,
                kind=given["kind"],
                targets=given["trackers"],
                actor_id=actor_id(request),
            ),
            _("Trackers and kind are stored; the release is prepared again."),
            permission=PREPARE,
            what=_("prepare releases"),
        )
        return self.back(pk, "?queued=1" if queued else "")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The review page. Nothing is saved here: each button has its own address."""
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self._page(request, object_id, extra=extra_context)

    def _page(
        self,
        request: HttpRequest,
        object_id: str,
        *,
        refused: review.Refused | None = None,
        extra: dict[str, Any] | None = None,
    ) -> HttpResponse:
        release = self.get_object(request, object_id)
        if release is None:
            messages.error(
                request,
                _("There is no release %(id)s any more.") % {"id": object_id[:20]},
            )
            return HttpResponseRedirect(reverse("admin:releases_release_changelist"))
        context = {
            **self.admin_site.each_context(request),
            **self.review_context(request, release, refused),
            **(extra or {}),
        }
        return TemplateResponse(request, self.review_template, context)

    def review_context(
        self,
        request: HttpRequest,
        release: Release,
        refused: review.Refused | None = None,
    ) -> dict[str, Any]:
        """What the page shows of the release itself, and what the person may do."""
        queued = bool(request.GET.get("queued")) and release.state not in review.WORKING
        files = review.files_of(release)
        can_prepare = (
            not queued
            and release.state not in review.WORKING
            and release.state not in CLOSED[:2]
        )
        return {
            **self.progress_context(request, release, queued=queued),
            "title": str(release),
            "opts": self.opts,
            "object": release,
            "tone": review.TONES[release.state],
            "cover_url": cover_url(release),
            "cover": review.cover_facts(release.cover),
            "facts": review.facts_line(release),
            **review.field_parts(release, refused),
            "notices": [
                one for one in release.notices if one != release.other_recording
            ],
            "edits": edit_rows(release),
            "line": timeline(release, files),
            "pictures": review.picture_rows(release),
            "files": review.file_rows(files),
            "keys": REVIEW,
            **fetching_context(release, request.GET),
            "sources": review.source_rows(release),
            "torrents": review.torrent_rows(release),
            "events": release.events.select_related("actor"),
            "size": size_text(release.total_size),
            "may_edit": request.user.has_perm(CHANGE)
            and release.state not in review.WORKING,
            "can_prepare": can_prepare,
            "can_delete": release.state == ReleaseState.FAILED
            and self.has_delete_permission(request, release),
            "correct_form": ReleaseCorrectForm(
                release=release, trackers=self.tracker_choices()
            )
            if can_prepare
            else None,
            "can_reopen": release.state in CLOSED,
            "may_decide": request.user.has_perm(DECIDE),
        }

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A release takes its records along, which nobody may delete by themselves."""
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        own = {Release._meta.verbose_name}
        return found, counts, {name for name in lacking if name in own}, protected
