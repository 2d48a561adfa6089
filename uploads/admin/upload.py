"""Uploads in the admin: the queue as a list, and a page for each."""

import re
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.figures import size_text
from common.ids import is_id
from common.spoken import spoken
from releases.admin.copies import copies_mark
from releases.admin.readonly import page_link, page_url, pretty_json
from releases.searching import releases_found_once
from trackers.models import Credential
from trackers.permissions import credential_sees
from uploads.admin.filters import CauseFilter, QuestionFilter
from uploads.admin.look import (
    HEAVY,
    SEEDING_ALERTS,
    is_moving,
    reason_lines,
    remote_link,
    seeding_chip,
    seeding_place,
    status_chip,
)
from uploads.admin.panels import form_rows, previews
from uploads.admin.question import question
from uploads.admin.record_filters import (
    DaysFilter,
    UploadPersonFilter,
    VersionFilter,
)
from uploads.admin.timeline import timeline
from uploads.admin.upload_actions import UploadActions
from uploads.admin.upload_views import DRIVE
from uploads.models import Upload
from uploads.selectors import approver
from uploads.services.answering import FINDABLE
from uploads.states import UploadStatus, is_question

CANCELLABLE = (UploadStatus.DRAFT, UploadStatus.PENDING, UploadStatus.FAILED)


@admin.register(Upload)
class UploadAdmin(UploadActions):
    """The queue: one release on its way to one tracker."""

    list_display = (
        *("release_cell", "tracker", "status_cell", "seeding_cell", "link_cell"),
        *("reason_cell", "tries_cell", "next_cell", "priority"),
    )
    list_display_links = None
    list_filter = (
        "status",
        QuestionFilter,
        CauseFilter,
        "seeding",
        "tracker",
        "kind",
        UploadPersonFilter,
        VersionFilter,
        ("created_at", DaysFilter),
        ("finished_at", DaysFilter),
        ("seeding_confirmed_at", DaysFilter),
    )
    list_filter_submit = True
    list_fullwidth = True
    list_select_related = ("release", "tracker")
    search_fields = ("release__title",)
    search_help_text = gettext_lazy("Title, name or whole infohash")
    ordering = ("-pk",)
    actions = ("retry_chosen", "cancel_chosen", "prioritise_chosen", "check_seeding")
    fields = ("release", "tracker", "status")
    deferred = HEAVY

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Upload], search_term: str
    ) -> tuple[QuerySet[Upload], bool]:
        """Uploads of releases with every word, found among the releases first."""
        if re.fullmatch(r"\s*[0-9a-fA-F]{40}\s*", search_term):
            wanted = search_term.strip().lower()
            hashes = Q(infohash=wanted) | Q(site_infohash=wanted)
            return queryset.filter(hashes), False
        if not search_term.strip():
            return queryset, False
        found = releases_found_once(request, search_term)
        return queryset.filter(release__in=found), False

    @admin.display(description=gettext_lazy("Release"), ordering="release__title")
    def release_cell(self, upload: Upload) -> SafeString:
        """The release's name, with a link to this upload's page."""
        name, path = str(upload.release), upload.release.source_path
        cell = format_html(
            '<span class="hd-clip" title="{}">{}</span>', name, page_link(upload, name)
        )
        if not upload.release.is_copy:
            return cell
        # Not clipped: copies often differ at the end only.
        both = '<span class="hd-copy">{}<span class="hd-path hd-where">{}</span></span>'
        return format_html(both, cell, path)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list; releases with the same title show their folders."""
        response: HttpResponse = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data:
            shown = response.context_data.get("cl")
            copies_mark(one.release for one in (shown.result_list if shown else ()))
        return response

    @admin.display(description=gettext_lazy("Status"), ordering="status")
    def status_cell(self, upload: Upload) -> SafeString:
        """The status as a coloured label."""
        return status_chip(upload)

    @admin.display(description=gettext_lazy("Reason"))
    def reason_cell(self, upload: Upload) -> SafeString:
        """Why it stands where it stands."""
        return format_html(
            '<span class="hd-clip" title="{0}">{0}</span>',
            spoken(str(upload.reason.get("message", ""))),
        )

    @admin.display(description=gettext_lazy("Failed tries"), ordering="tries")
    def tries_cell(self, upload: Upload) -> int:
        """How many tries in a row ended without an upload."""
        return upload.tries

    @admin.display(description=gettext_lazy("Next try"), ordering="not_before")
    def next_cell(self, upload: Upload) -> str:
        """Not before then; a dash where it may go at once or not at all."""
        if upload.not_before is None:
            return "—"
        return date_format(localtime(upload.not_before), "j M Y, H:i:s")

    @admin.display(description=gettext_lazy("Seeding"), ordering="seeding")
    def seeding_cell(self, upload: Upload) -> SafeString:
        """The proof of seeding."""
        return seeding_chip(upload)

    @admin.display(description=gettext_lazy("Link"))
    def link_cell(self, upload: Upload) -> SafeString | str:
        """The upload's page on the tracker."""
        return remote_link(upload, _("Open")) or "—"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The upload's page. Nothing is saved here: each button has its own address."""
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        upload = self._with_all(object_id)
        if upload is None:
            gone = _("There is no upload %(number)s any more.")
            messages.error(request, gone % {"number": object_id[:20]})
            return HttpResponseRedirect(reverse("admin:uploads_upload_changelist"))
        context = {
            **self.admin_site.each_context(request),
            **self.page_context(request, upload),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/uploads/upload/page.html", context)

    def _with_all(self, object_id: str) -> Upload | None:
        rows: QuerySet[Upload] = (
            Upload.objects.select_related(
                *("release__library__torrent_client", "tracker", "credential"),
                "torrent",
                "template_version__template",
            )
            .defer("torrent_file", "site_torrent", "release__given_torrent")
            .defer("release__metadata", "torrent__pieces", "torrent__files")
        )
        return rows.filter(pk=object_id).first() if is_id(object_id) else None

    def page_context(self, request: HttpRequest, upload: Upload) -> dict[str, Any]:
        """What the page shows, and what the person may do."""
        may_drive = request.user.has_perm(DRIVE)
        torrent = upload.payload.get("torrent", {})
        return {
            "title": str(upload),
            "opts": self.opts,
            "media": self.media,
            "object": upload,
            "upload": upload,
            "chip": status_chip(upload),
            "seeding": seeding_chip(upload),
            "seeding_tone": SEEDING_ALERTS.get(upload.seeding, ""),
            "seeding_at": seeding_place(upload),
            "reason": reason_lines(upload),
            "remote": remote_link(upload, upload.remote_url),
            "release_url": page_url(upload.release),
            "tracker_url": page_url(upload.tracker),
            "version_url": page_url(upload.template_version),
            "credential_url": _account_url(request, upload.credential),
            "torrent_size": size_text(torrent["size"]) if torrent else "",
            "form": form_rows(upload),
            "previews": previews(upload),
            "payload": pretty_json(upload.payload),
            "question": question(upload),
            "typed_link": request.GET.get("link", "")[:500],
            "approved_by": approver(upload),
            "timeline": timeline(upload),
            "moving": is_moving(upload),
            "may_drive": may_drive,
            "can_retry": may_drive
            and upload.status == UploadStatus.FAILED
            and not is_question(upload.status, upload.reason),
            "can_cancel": may_drive and upload.status in CANCELLABLE,
            "can_mark": may_drive and upload.status in FINDABLE,
            "can_check": may_drive and upload.status == UploadStatus.SUCCESS,
            "can_prioritise": may_drive and upload.status == UploadStatus.PENDING,
        }


def _account_url(request: HttpRequest, account: Credential | None) -> str:
    """The account's page, for those who may open it."""
    if account is None or not credential_sees(request.user, account):
        return ""
    return page_url(account)
