"""The list of releases: light rows, kept current while they are worked on."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from unfold.views import ChangeList

from common.admin import STYLES, chip
from common.figures import size_text
from common.ids import ids_of
from common.paging import RoughPaginator
from releases.admin import review
from releases.admin.acting import told_each
from releases.admin.copies import copies_mark
from releases.admin.keys import INBOX
from releases.admin.release_views import PREPARE, cover_url
from releases.admin.saved_views import SavedViews
from releases.listing import fold
from releases.models import Release
from releases.searching import few_or_query
from releases.services.prepare import prepare_request

MOST_POLLED = 100
# Nothing that only the page of one release shows.
HEAVY = (
    *("metadata", "overrides", "given_torrent", "notices", "targets", "pictures"),
    "search_text",
)


FEW = 500  # as many are found at once, whatever else is asked of them


class ReleaseChangeList(ChangeList):
    """Rows without their heavy columns."""

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> QuerySet[Release]:
        """What the list shows, with what its cells need."""
        rows = super().get_queryset(request, exclude_parameters)
        found: QuerySet[Release] = self.model_admin.rows(rows)
        return found


class ReleaseList(SavedViews):
    """The list, its cells and its bulk action."""

    list_display: tuple[str, ...] = (
        *("title_cell", "state_cell", "size_cell", "library", "age_cell"),
    )
    list_display_links = None
    list_filter: tuple[Any, ...] = (
        "state",
        "kind",
        "library",
        "created_at",
    )
    list_select_related = ("library",)
    list_per_page = 30  # as many as are drawn in a blink, and approved at once
    list_fullwidth = True
    search_fields = ("search_text",)
    search_help_text = gettext_lazy("Title, author, narrator, ASIN or path")
    ordering = ("-created_at", "-pk")
    show_full_result_count = False
    paginator = RoughPaginator
    actions: Sequence[Any] = ("prepare_again",)
    list_before_template = "admin/releases/release/parts/list_top.html"

    class Media:
        css = {"all": [STYLES, "admin/herald/inbox.css"]}
        js = ["admin/herald/keys.js", "admin/herald/inbox.js"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Our list, which reads light rows."""
        return ReleaseChangeList

    def rows(self, rows: QuerySet[Release]) -> QuerySet[Release]:
        """Rows for the list, without what is heavy."""
        return rows.defer(*HEAVY)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Release], search_term: str
    ) -> tuple[QuerySet[Release], bool]:
        """Those in which every word occurs, whatever its case and accents."""
        words = fold(search_term).split()
        if not words:
            return queryset, False
        wanted = Q()
        for word in words:
            wanted &= Q(search_text__contains=word)
        # Looked for once and by themselves, so that an index is read and not the rows.
        found = few_or_query(Release.objects.filter(wanted), FEW)
        return queryset.filter(
            wanted if isinstance(found, QuerySet) else Q(pk__in=found)
        ), False

    def get_urls(self) -> list[URLPattern]:
        """Also the list's own fragment."""
        rows = self.admin_site.admin_view(require_GET(self.rows_view))
        return [
            path("rows/", rows, name="releases_release_rows"),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("Release"), ordering="title")
    def title_cell(self, release: Release) -> str:
        """Cover, title and people."""
        return render_to_string(
            "admin/releases/release/parts/title_cell.html",
            {
                "release": release,
                "cover_url": cover_url(release),
            },
        )

    @admin.display(description=gettext_lazy("Size"), ordering="total_size")
    def size_cell(self, release: Release) -> SafeString:
        """Bytes for people; nothing before the files were looked at."""
        if not release.file_count:
            return format_html('<span class="hd-dash">{}</span>', "—")
        return format_html(
            '<span class="hd-nowrap">{}</span>', size_text(release.total_size)
        )

    @admin.display(description=gettext_lazy("Age"), ordering="created_at")
    def age_cell(self, release: Release) -> SafeString:
        """How long ago it was added; the moment is in its title."""
        return format_html(
            '<time class="hd-nowrap" datetime="{}" title="{}">{}</time>',
            release.created_at.isoformat(),
            formats.date_format(localtime(release.created_at), "DATETIME_FORMAT"),
            timesince(release.created_at, depth=1),
        )

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def state_cell(self, release: Release) -> SafeString:
        """The state, and how far the preparation is."""
        return live_cell("state", release, self.state_html(release))

    def state_html(self, release: Release) -> SafeString:
        """What stands in that cell now."""
        if release.state not in review.WORKING:
            said = str(release.error.get("message", ""))
            tone = review.TONES[release.state]
            return chip(release.get_state_display(), tone, title=said)
        return render_to_string(
            "admin/releases/release/parts/state_cell.html",
            {
                "release": release,
                "tone": review.TONES[release.state],
                "progress": review.progress_facts(release),
            },
        )

    def cells(self, release: Release) -> dict[str, SafeString]:
        """What stands in the cells that change while a release is worked on."""
        return {"state": self.state_html(release)}

    def is_moving(self, release: Release) -> bool:
        """Whether its row should be looked at again in a moment."""
        return release.state in review.WORKING

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list; while rows are in preparation, it keeps them current."""
        response: HttpResponse = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data:
            shown = response.context_data.get("cl")
            copies_mark(shown.result_list if shown else ())
            response.context_data["moving_ids"] = [
                release.pk
                for release in (shown.result_list if shown else ())
                if self.is_moving(release)
            ]
            response.context_data |= self.views_context(request)
            response.context_data["keys"] = INBOX
        return response

    def rows_view(self, request: HttpRequest) -> HttpResponse:
        """The changing cells of the releases named in `ids`, to be swapped in."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        wanted = ids_of(request.GET.get("ids", "").split(","))
        found = self.rows(self.get_queryset(request)).filter(
            pk__in=wanted[:MOST_POLLED]
        )
        cells = [
            (f"{name}-{release.pk}", html)
            for release in found
            for name, html in self.cells(release).items()
        ]
        moving = [one.pk for one in found if self.is_moving(one)]
        return render(
            request,
            "admin/releases/release/parts/rows.html",
            {"cells": cells, "moving_ids": moving},
        )

    @admin.action(description=gettext_lazy("Prepare again"), permissions=["prepare"])
    def prepare_again(self, request: HttpRequest, chosen: QuerySet[Release]) -> None:
        """Queue a preparation of each."""
        told_each(
            request,
            chosen.values_list("pk", flat=True),
            prepare_request,
            _("queued for preparation."),
            permission=PREPARE,
            what=_("prepare releases"),
        )

    def has_prepare_permission(self, request: HttpRequest) -> bool:
        """Whether the person's role lets them prepare."""
        return request.user.has_perm(PREPARE)


def live_cell(name: str, release: Release, html: SafeString) -> SafeString:
    """A cell that `rows_view` can fill anew."""
    return format_html(
        '<span id="{}-{}" class="hd-cell">{}</span>', name, release.pk, html
    )
