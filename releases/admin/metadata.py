"""What sources said: to look at."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.admin import chip
from releases.admin.readonly import (
    HEAVY_OF_RELEASE,
    ReadOnlyAdmin,
    page_link,
    pretty_json,
)
from releases.models import MetadataRecord, ProviderAnswer
from releases.searching import releases_found


@admin.register(MetadataRecord)
class MetadataRecordAdmin(ReadOnlyAdmin):
    """One answer of one source."""

    list_display = ("source", "release_cell", "fetched_at", "outcome_cell")
    list_filter = ("source", "fetched_at")
    search_fields = ("release__title",)
    search_help_text = gettext_lazy("Title or name of the release")
    deferred = ("raw", "fields", *HEAVY_OF_RELEASE)
    list_select_related = ("release",)
    ordering = ("-pk",)
    fields = (
        *("release_cell", "source", "fetched_at", "outcome_cell"),
        *("fields_cell", "notices_cell", "raw_cell"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[MetadataRecord]:
        """Records with their releases, which name them."""
        rows: QuerySet[MetadataRecord] = super().get_queryset(request)
        return rows.select_related("release")

    def get_search_results(
        self,
        request: HttpRequest,
        queryset: QuerySet[MetadataRecord],
        search_term: str,
    ) -> tuple[QuerySet[MetadataRecord], bool]:
        """Answers about releases with every word, found among the releases first."""
        words = search_term.split()
        if not words:
            return queryset, False
        found = releases_found(words)
        return queryset.filter(release__in=found), False

    def get_urls(self) -> list[URLPattern]:
        """Also the raw answer alone, for the release page."""
        raw = self.admin_site.admin_view(self.raw_view)
        own = path("<int:pk>/raw/", raw, name="releases_metadatarecord_raw")
        return [own, *super().get_urls()]

    def raw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The raw answer as text."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        record = get_object_or_404(MetadataRecord, pk=pk)
        return HttpResponse(pretty_json(record.raw))

    @admin.display(description=gettext_lazy("Release"), ordering="release__title")
    def release_cell(self, record: MetadataRecord) -> SafeString:
        """The release, with a link to its page."""
        return page_link(record.release)

    @admin.display(description=gettext_lazy("Outcome"))
    def outcome_cell(self, record: MetadataRecord) -> SafeString:
        """Whether the source answered, or its error's sentence."""
        if record.error:
            return chip(_("error"), "bad", title=str(record.error.get("message", "")))
        return chip(_("answered"), "good")

    @admin.display(description=gettext_lazy("Fields read from it"))
    def fields_cell(self, record: MetadataRecord) -> SafeString:
        """The normalised fields."""
        return pretty_json(record.fields)

    @admin.display(description=gettext_lazy("Notices and error"))
    def notices_cell(self, record: MetadataRecord) -> SafeString | str:
        """What a person should know about it, in sentences; a dash for nothing."""
        told = [record.error, *record.notices] if record.error else record.notices
        lines = format_html_join(
            "",
            '<li>{} <span class="hd-path">{}</span></li>',
            ((one.get("message", ""), one.get("path", "")) for one in told),
        )
        return format_html('<ul class="hd-list">{}</ul>', lines) if lines else "—"

    @admin.display(description=gettext_lazy("Raw answer"))
    def raw_cell(self, record: MetadataRecord) -> SafeString:
        """What the source said, whole."""
        return pretty_json(record.raw)


@admin.register(ProviderAnswer)
class ProviderAnswerAdmin(ReadOnlyAdmin):
    """The cache of metadata services."""

    list_display = ("key", "expires_at")
    deferred = ("value",)
    search_fields = ("key",)
    ordering = ("-expires_at",)
    fields = ("key", "expires_at", "value_cell")

    @admin.display(description=gettext_lazy("Answer"))
    def value_cell(self, answer: ProviderAnswer) -> SafeString:
        """What the service said, whole."""
        return pretty_json(answer.value)
