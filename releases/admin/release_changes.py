"""What can be taken back, asked again and chosen on a release's page."""

from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.ids import ids_of
from releases.admin.acting import actor_id, told
from releases.admin.release_views import (
    CHANGE,
    PREPARE,
    ReleaseViews,
    picture_response,
)
from releases.models import MetadataRecord, Release
from releases.services.covers import cover_choose, picture_path
from releases.services.edits import release_undo
from releases.services.refetch import ALL, refetch_request

MOST_POLLS = 45  # two seconds apart


class ReleaseChanges(ReleaseViews):
    """The addresses for undoing, asking sources again, and choosing a cover."""

    def get_urls(self) -> list[URLPattern]:
        """Each has its own."""
        views = {
            "undo": require_POST(self.undo_view),
            "refetch": require_POST(self.refetch_view),
            "fetched": require_GET(self.fetched_view),
            "choose_cover": require_POST(self.choose_cover_view),
            "picture": require_GET(self.picture_view),
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

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the newest change back, if it is the one that was shown."""
        self.release_or_404(request, pk)
        shown = ids_of([request.POST.get("edit", "")])
        told(
            request,
            lambda: release_undo(
                release_id=pk,
                edit_id=shown[0] if shown else 0,
                actor_id=actor_id(request),
            ),
            _("The change is undone."),
            permission=CHANGE,
            what=_("edit metadata"),
        )
        return self.back(pk, tab="metadata")

    def refetch_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask one source again, or all of them."""
        release = self.release_or_404(request, pk)
        prepares: list[bool] = []
        asked = told(
            request,
            lambda: prepares.append(
                refetch_request(release_id=pk, source=request.POST.get("source", ALL))
            ),
            "",
            permission=PREPARE,
            what=_("ask metadata sources"),
        )
        if not asked:
            return self.back(pk, tab="sources")
        if prepares[0]:
            return self.back(pk, "?queued=1")
        return self.back(pk, f"?fetching={newest_record(release)}", tab="sources")

    def fetched_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Whether the answer is there; then the page is loaded anew."""
        release = self.release_or_404(request, pk)
        context = fetching_context(release, request.GET)
        if context["fetching"]:
            part = "admin/releases/release/parts/fetching.html"
            return render(request, part, {**context, "release": release})
        response = HttpResponse()
        url = reverse("admin:releases_release_change", args=[pk])
        response["HX-Redirect"] = f"{url}?fetched=1#sources"
        return response

    def choose_cover_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Another of the pictures is the cover."""
        self.release_or_404(request, pk)
        told(
            request,
            lambda: cover_choose(release_id=pk, sha256=request.POST.get("sha256", "")),
            _("The cover is chosen."),
            permission=CHANGE,
            what=_("choose covers"),
        )
        return self.back(pk, tab="cover")

    def picture_view(self, request: HttpRequest, pk: int) -> FileResponse:
        """One of the pictures to choose from, by the beginning of its digest."""
        release = self.release_or_404(request, pk)
        wanted = request.GET.get("v", "")
        for picture in release.pictures:
            file: Path | None = picture_path(picture)
            if wanted and picture["sha256"] == wanted and file is not None:
                return picture_response(file, picture.get("mime", ""))
        raise Http404(_("This release has no such picture."))


def newest_record(release: Release) -> int:
    """The id of the newest answer of any source; 0 for none."""
    rows = MetadataRecord.objects.filter(release=release).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def fetching_context(release: Release, query: Any) -> dict[str, Any]:
    """What the fragment needs that waits for an answer.

    `fetching` is 0 when nothing is waited for, or it is there; `quiet` is set when
    it takes so long that probably no worker runs.
    """
    waits = ids_of([query.get("fetching", "")])
    polls = ids_of([query.get("n", "")])
    number = polls[0] if polls else 0
    since = waits[0] if waits else 0
    return {
        "fetching": since if since and newest_record(release) == since else 0,
        "polls": number + 1,
        "quiet": number >= MOST_POLLS,
    }
