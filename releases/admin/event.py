"""The history of releases: to look at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from releases.admin.readonly import HEAVY_OF_RELEASE, ReadOnlyAdmin, page_link
from releases.models import Release, ReleaseEvent
from releases.models.event import state_text


class NewStateFilter(admin.SimpleListFilter):
    """The state that a release came into."""

    title = _("new")
    parameter_name = "new"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every state, as the list has them."""
        return [(state, state_text(state)) for state in Release.State.values]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ReleaseEvent]
    ) -> QuerySet[ReleaseEvent]:
        """The moves into it."""
        return queryset.filter(new=self.value()) if self.value() else queryset


@admin.register(ReleaseEvent)
class ReleaseEventAdmin(ReadOnlyAdmin):
    """One move of a release between states."""

    list_display = (
        *("release_cell", "old_cell", "new_cell", "reason", "actor", "created_at"),
    )
    list_display_links = ("new_cell",)  # the first column is a link of its own
    list_filter = (NewStateFilter, "created_at")
    search_fields = ("release__title", "reason")
    deferred = HEAVY_OF_RELEASE
    list_select_related = ("release", "actor")
    ordering = ("-pk",)
    fields = ("release_cell", "old_cell", "new_cell", "reason", "actor", "created_at")

    @admin.display(description=_("Release"), ordering="release__title")
    def release_cell(self, event: ReleaseEvent) -> SafeString:
        """The release, with a link to its page."""
        return page_link(event.release)

    @admin.display(description=_("old"), ordering="old")
    def old_cell(self, event: ReleaseEvent) -> str:
        """The state before; a dash where there was none."""
        return event.old_text or self.get_empty_value_display()

    @admin.display(description=_("new"), ordering="new")
    def new_cell(self, event: ReleaseEvent) -> str:
        """The state after."""
        return event.new_text
