"""What can be seen and done on a release's page, apart from its uploads."""

from functools import partial
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from unfold.admin import ModelAdmin

from common.errors import AppError
from common.ids import is_id
from common.permissions import require
from releases.admin import review
from releases.admin.acting import actor_id, told
from releases.admin.field_text import from_text
from releases.admin.refused import refused_keep
from releases.errors import ReleaseError
from releases.metadata.validate import clean_overrides
from releases.metadata.vocabulary import VOCABULARY
from releases.models import Release
from releases.services.covers import SUFFIXES, cover_path
from releases.services.lifecycle import release_reopen
from releases.services.prepare import prepare_cancel, prepare_request
from releases.services.remerge import release_override

PREPARE = "releases.prepare_release"
CHANGE = "releases.change_release"
DECIDE = "uploads.approve_upload"


class ReleaseViews(ModelAdmin):
    """The addresses below a release: cover, progress, and the buttons' targets."""

    def get_urls(self) -> list[URLPattern]:
        """The release's own addresses, before those of the admin."""
        views = {
            "cover": require_GET(self.cover_view),
            "progress": require_GET(self.progress_view),
            "prepare": require_POST(self.prepare_view),
            "cancel": require_POST(self.cancel_view),
            "reopen": require_POST(self.reopen_view),
        }
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
                "<int:pk>/field/<slug:name>/",
                self.admin_site.admin_view(require_POST(self.field_view)),
                name="releases_release_field",
            )
        )
        return [*own, *super().get_urls()]

    def release_or_404(self, request: HttpRequest, pk: int) -> Release:
        """The release, if the person may see it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Release.objects.select_related("library"), pk=pk)

    def back(self, pk: int, query: str = "", tab: str = "") -> HttpResponseRedirect:
        """To the release's page."""
        url = reverse("admin:releases_release_change", args=[pk])
        return HttpResponseRedirect(url + query + (f"#{tab}" if tab else ""))

    def cover_view(self, request: HttpRequest, pk: int) -> FileResponse:
        """The cover as it was found; its address changes when it does."""
        release = self.release_or_404(request, pk)
        file = cover_path(release)
        if file is None:
            raise Http404(_("This release has no cover."))
        return picture_response(file, release.cover.get("mime", ""))

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How far the preparation is; sends the page to its new face when it ended."""
        release = self.release_or_404(request, pk)
        seen = request.GET.get("seen", "")
        waits = bool(request.GET.get("queued")) and seen == last_event(release)
        if release.state not in review.WORKING and not waits:
            response = HttpResponse()
            response["HX-Redirect"] = reverse(
                "admin:releases_release_change", args=[pk]
            )
            return response
        return render(
            request,
            "admin/releases/release/parts/progress.html",
            self.progress_context(request, release, queued=waits),
        )

    def progress_context(
        self, request: HttpRequest, release: Release, *, queued: bool
    ) -> dict[str, Any]:
        """What the fragment that polls itself needs."""
        return {
            "release": release,
            "working": release.state in review.WORKING or queued,
            "queued": queued,
            "seen": last_event(release),
            "progress": review.progress_facts(release),
            "may_prepare": request.user.has_perm(PREPARE),
        }

    def prepare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Queue a preparation."""
        self.release_or_404(request, pk)
        queued = told(
            request,
            lambda: prepare_request(pk, actor_id=actor_id(request)),
            "",
            permission=PREPARE,
            what=_("prepare releases"),
        )
        return self.back(pk, "?queued=1" if queued else "")

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask a running preparation to stop."""
        self.release_or_404(request, pk)
        told(
            request,
            lambda: prepare_cancel(pk, actor_id=actor_id(request)),
            _("The preparation stops within a moment."),
            permission=PREPARE,
            what=_("cancel preparations"),
        )
        return self.back(pk)

    def reopen_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take an approval or rejection back."""
        self.release_or_404(request, pk)
        told(
            request,
            lambda: release_reopen(release_id=pk, actor_id=actor_id(request)),
            _("The release is open again. What was not sent yet needs approval again."),
            permission=DECIDE,
            what=_("reopen releases"),
        )
        return self.back(pk)

    def field_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Set one field by hand, leave it out, or let the sources speak again."""
        release = self.release_or_404(request, pk)
        if name not in VOCABULARY:
            raise Http404(_("There is no such field."))
        try:
            require(request.user, CHANGE, _("edit metadata"))
            done = _change_field(request, release, name)
        except AppError as exc:
            messages.error(request, exc.message)
            refused_keep(request, pk, name, exc.message)
        else:
            messages.success(request, done)
        return self.back(pk, tab=f"field-{name}")


def picture_response(file: Path, mime: str) -> FileResponse:
    """A stored picture, which came from somewhere: shown, and never run."""
    if mime not in SUFFIXES:
        raise Http404(_("This is no picture that a page shows."))
    try:
        content = file.open("rb")
    except OSError as exc:
        raise Http404(_("The picture's file is not there any more.")) from exc
    response = FileResponse(content, content_type=mime)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=86400"
    return response


def cover_url(release: Release) -> str:
    """The cover's address, "" when there is none; it changes with the picture."""
    if not release.cover.get("file"):
        return ""
    url = reverse("admin:releases_release_cover", args=[release.pk])
    return f"{url}?v={int(release.updated_at.timestamp())}"


def last_event(release: Release) -> str:
    """The newest event's id as text: it changes whenever the state does."""
    return str(release.events.order_by("-pk").values_list("pk", flat=True).first())


def _change_field(request: HttpRequest, release: Release, name: str) -> str:
    """Do what the pressed button says; gives the sentence of success."""
    spec, entry = VOCABULARY[name], release.metadata.get(name) or {}
    action = request.POST.get("action", "save")
    mark = request.POST.get("seen")
    override = partial(
        release_override,
        release_id=release.pk,
        seen=None if mark is None else {name: mark},
        actor_id=actor_id(request),
    )
    if action == "revert":
        override(changes={}, revert=[name])
        return _("%(field)s comes from the sources again.") % {"field": spec.label}
    if action == "leave_out":
        override(changes={name: None})
        return _("%(field)s is left out.") % {"field": spec.label}
    if action.startswith("take"):
        value = _alternative(entry, action.removeprefix("take"))
    else:
        value = from_text(spec, request.POST.get("value", ""), entry.get("value"))
    if value in ("", []):
        raise ReleaseError(
            _("%(field)s is empty. Write a value, or press “Leave out”.")
            % {"field": spec.label},
            code="value_missing",
        )
    override(changes=clean_overrides({name: value}))
    return _("%(field)s is changed.") % {"field": spec.label}


def _alternative(entry: dict[str, Any], number: str) -> Any:
    alternatives = entry.get("alternatives", [])
    if not is_id(number) or int(number) >= len(alternatives):
        raise ReleaseError(
            _("That alternative is not there any more. Look at the field again."),
            code="alternative_gone",
        )
    return alternatives[int(number)]["value"]
