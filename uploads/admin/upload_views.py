"""What a person may do with one upload: the targets of its page's buttons."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from common.errors import AppError
from common.redact import redact_url
from releases.admin.acting import actor_id, told, typed
from releases.admin.readonly import ReadOnlyAdmin, page_url
from uploads.admin.duplicates import duplicate_rows
from uploads.admin.question import what_is_sent
from uploads.admin.request import request_of
from uploads.errors import UploadError
from uploads.models import Upload
from uploads.services.answering import (
    LinkUnchecked,
    upload_mark_there,
    upload_send_again,
)
from uploads.services.queueing import (
    HIGHEST,
    LOWEST,
    upload_cancel,
    upload_prioritise,
    upload_retry,
)
from uploads.services.seeding import seeding_restart
from uploads.states import is_question

LINK = 500
DRIVE = "uploads.drive_upload"


class UploadViews(ReadOnlyAdmin):
    """The addresses below an upload."""

    def get_urls(self) -> list[URLPattern]:
        """The torrent, and the buttons' targets."""
        views = {
            "torrent": require_GET(self.torrent_view),
            "duplicates": require_GET(self.duplicates_view),
            "retry": require_POST(self.retry_view),
            "cancel": require_POST(self.cancel_view),
            "there": require_POST(self.there_view),
            "again": require_http_methods(["GET", "POST"])(self.again_view),
            "seeding": require_POST(self.seeding_view),
            "prioritise": require_POST(self.prioritise_view),
        }
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view),
                name=f"uploads_upload_{name}",
            )
            for name, view in views.items()
        ]
        request = path(
            "<int:pk>/attempts/<int:number>/request/",
            self.admin_site.admin_view(require_GET(self.request_view)),
            name="uploads_upload_request",
        )
        return [request, *own, *super().get_urls()]

    def request_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """What an attempt sent, field by field and without secrets."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = Upload.objects.select_related("tracker").defer("site_torrent")
        upload = get_object_or_404(rows, pk=pk)
        attempt = get_object_or_404(upload.attempts.defer("answer"), number=number)
        sent = request_of(upload, attempt)
        told = sent if isinstance(sent, str) else ""
        return render(
            request,
            "admin/uploads/upload/parts/request.html",
            {"sent": sent, "told": told},
        )

    def duplicates_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What is there already, looked at again while the tracker is asked."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = Upload.objects.select_related("tracker", "duplicate_search")
        light = rows.defer(
            *("payload", "torrent_file", "site_torrent", "duplicate_search__answers")
        )
        shown = duplicate_rows(get_object_or_404(light, pk=pk))
        template = "admin/uploads/release/duplicates.html"
        return TemplateResponse(request, template, {"duplicates": shown})

    def torrent_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The tracker's torrent without its announce URL, which is a secret."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        upload = get_object_or_404(Upload, pk=pk)
        if not upload.torrent_file:
            raise Http404(_("This upload has no torrent yet."))
        response = HttpResponse(
            bytes(upload.torrent_file), content_type="application/x-bittorrent"
        )
        name = upload.payload.get("torrent", {}).get("name", "") or f"{pk}.torrent"
        header = content_disposition_header(as_attachment=True, filename=name)
        response["Content-Disposition"] = header or "attachment"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def retry_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a failed upload again."""
        return self._drive(
            request,
            pk,
            lambda: upload_retry(upload_id=pk, actor_id=actor_id(request)),
            _("The upload is queued again."),
            _("retry uploads"),
        )

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give an upload up."""
        return self._drive(
            request,
            pk,
            lambda: upload_cancel(upload_id=pk, actor_id=actor_id(request)),
            _("The upload is cancelled. Prepare the release again for a new draft."),
            _("cancel uploads"),
        )

    def there_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A person found it on the tracker, and pastes its link.

        When that cannot be checked now, a second page asks whether they saw it.
        """
        unchecked: list[LinkUnchecked] = []
        wrong: list[str] = []

        def mark() -> None:
            try:
                upload_mark_there(
                    upload_id=pk,
                    link=typed(request, "url", LINK),
                    seen="seen" in request.POST,
                    actor_id=actor_id(request),
                )
            except LinkUnchecked as exc:
                unchecked.append(exc)
                raise
            except AppError:
                wrong.append(request.POST.get("url", "").strip())
                raise

        done = _("The upload counts as done; its seeding is checked next.")
        answer = self._drive(request, pk, mark, done, _("mark uploads as there"))
        if wrong and len(wrong[0]) <= LINK and redact_url(wrong[0]) == wrong[0]:
            # What was typed comes back to be corrected; a secret does not.
            page = reverse("admin:uploads_upload_change", args=[pk])
            return HttpResponseRedirect(f"{page}?{urlencode({'link': wrong[0]})}")
        if not unchecked:
            return answer
        return self._page(request, pk, "seen", link=typed(request, "url", LINK))

    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A person did not find it: say what would be sent, then send it."""
        if request.method == "POST":
            return self._drive(
                request,
                pk,
                lambda: upload_send_again(upload_id=pk, actor_id=actor_id(request)),
                _("The upload is queued again. The tracker is asked once more first."),
                _("send uploads again"),
            )
        if not request.user.has_perm(DRIVE):
            raise PermissionDenied
        upload = get_object_or_404(Upload.objects.select_related("tracker"), pk=pk)
        if not is_question(upload.status, upload.reason):
            messages.error(request, _("Nothing is asked about this upload any more."))
            return HttpResponseRedirect(page_url(upload))
        return self._page(request, pk, "again", sent=what_is_sent(upload))

    def _page(
        self, request: HttpRequest, pk: int, name: str, **more: object
    ) -> HttpResponse:
        """A page between a button and what it does."""
        upload = get_object_or_404(
            Upload.objects.select_related("release", "tracker"), pk=pk
        )
        context = {
            **self.admin_site.each_context(request),
            "title": str(upload),
            "opts": self.opts,
            "media": self.media,
            "upload": upload,
            **more,
        }
        return TemplateResponse(request, f"admin/uploads/upload/{name}.html", context)

    def seeding_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Look at the seeding again from the start."""
        return self._drive(
            request,
            pk,
            lambda: restart_seeding(pk, actor_id(request)),
            _("The seeding is checked again within seconds."),
            _("check seeding"),
        )

    def prioritise_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Set how urgent it is."""
        return self._drive(
            request,
            pk,
            lambda: upload_prioritise(
                upload_id=pk,
                priority=parse_priority(request.POST.get("priority", "")),
                actor_id=actor_id(request),
            ),
            _("The priority is set."),
            _("prioritise uploads"),
        )

    def _drive(
        self,
        request: HttpRequest,
        pk: int,
        call: Callable[[], object],
        done: str,
        what: str,
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        get_object_or_404(Upload.objects.only("pk"), pk=pk)
        told(request, call, done, permission=DRIVE, what=what)
        return HttpResponseRedirect(reverse("admin:uploads_upload_change", args=[pk]))


def restart_seeding(upload_id: int, actor: int | None) -> None:
    """Look at the seeding again. Raises UploadError when it is not on the tracker."""
    if not seeding_restart(upload_id, actor_id=actor):
        raise UploadError(
            _("Only an upload that succeeded can be seeding."), code="upload_not_done"
        )


def parse_priority(text: str) -> int:
    """The number a person typed. Raises UploadError."""
    try:
        number: int = forms.IntegerField().clean(text)
    except forms.ValidationError as exc:
        raise UploadError(
            _("A priority is a whole number between %(lowest)s and %(highest)s.")
            % {"lowest": LOWEST, "highest": HIGHEST},
            code="priority_invalid",
        ) from exc
    return number
