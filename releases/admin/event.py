"""The history of releases: to look at."""

from django.contrib import admin
from django.utils.safestring import SafeString

from releases.admin.readonly import HEAVY_OF_RELEASE, ReadOnlyAdmin, page_link
from releases.models import ReleaseEvent


@admin.register(ReleaseEvent)
class ReleaseEventAdmin(ReadOnlyAdmin):
    """One move of a release between states."""

    list_display = ("release_cell", "old", "new", "reason", "actor", "created_at")
    list_display_links = ("new",)  # the first column is a link of its own
    list_filter = ("new", "created_at")
    search_fields = ("release__title", "reason")
    deferred = HEAVY_OF_RELEASE
    list_select_related = ("release", "actor")
    ordering = ("-pk",)
    fields = ("release_cell", "old", "new", "reason", "actor", "created_at")

    @admin.display(description="Release", ordering="release__title")
    def release_cell(self, event: ReleaseEvent) -> SafeString:
        """The release, with a link to its page."""
        return page_link(event.release)
