"""Libraries: the folders that Herald may read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from common.deleting import kept
from releases.admin.readonly import page_link
from releases.admin.watch import without_candidates
from releases.models import Library, Release


class LibraryForm(forms.ModelForm):  # type: ignore[type-arg]
    """The model's own check says what is wrong with the paths."""

    class Meta:
        model = Library
        fields = ("name", "path", "torrent_client", "client_path")


@admin.register(Library)
class LibraryAdmin(ModelAdmin):
    """Libraries, how many releases lie in each, and who seeds them."""

    form = LibraryForm
    list_display = ("name", "path", "releases_cell", "torrent_client", "client_path")
    list_select_related = ("torrent_client",)
    search_fields = ("name", "path")
    ordering = ("name",)
    fields = ("name", "path", "torrent_client", "client_path")

    class Media:
        css = {"all": ["admin/herald/release.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Library]:
        """Libraries with the number of their releases."""
        rows: QuerySet[Library] = super().get_queryset(request)
        return rows.annotate(release_count=Count("releases"))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A library takes its watch folders along, and what was seen in them.

        One with releases stays. They may be many, so they are not all read.
        """
        rows = Release.objects.filter(library__in=[one.pk for one in objs])
        found = kept(rows.only("title", "name").order_by("-pk"), page_link)
        if found:
            return [], {}, set(), found
        return without_candidates(super().get_deleted_objects(objs, request))

    @admin.display(description=_("Releases"), ordering="release_count")
    def releases_cell(self, library: Any) -> SafeString | int:
        """How many releases lie in it, linked to them."""
        if not library.release_count:
            return 0
        url = reverse("admin:releases_release_changelist")
        return format_html(
            '<a class="hd-link" href="{}?library__id__exact={}">{}</a>',
            *(url, library.pk, library.release_count),
        )
