"""Decisions, moves and signs of life: to look at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.admin import chip
from releases.admin.readonly import (
    HEAVY_OF_RELEASE,
    ReadOnlyAdmin,
    page_link,
    pretty_json,
)
from releases.searching import few_or_query, releases_found_once
from uploads.admin.look import HEAVY
from uploads.admin.record_filters import DaysFilter, PersonFilter
from uploads.models import Approval, Heartbeat, Upload, UploadEvent
from uploads.models.upload import state_word


class ApproverFilter(PersonFilter):
    """Who decided."""

    title = _("decided by")
    column = "actor"


@admin.register(Approval)
class ApprovalAdmin(ReadOnlyAdmin):
    """Who decided what, about which exact payloads."""

    list_display = (
        *("release_cell", "decision_cell", "by_cell", "note"),
        *("decided_at", "void_at", "void_reason"),
    )
    list_display_links = ("decided_at",)  # the first column is a link of its own
    list_filter = ("decision", ApproverFilter, ("decided_at", DaysFilter))
    list_filter_submit = True
    search_fields = ("release__title",)
    search_help_text = _("Title or name of the release")
    list_select_related = ("release", "actor", "rule")
    deferred = (*HEAVY_OF_RELEASE, "forms")
    ordering = ("-pk",)
    fields = (
        *("release_cell", "decision_cell", "by_cell", "note", "decided_at"),
        *("void_at", "void_reason", "digests_cell", "rule_cell"),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Approval], search_term: str
    ) -> tuple[QuerySet[Approval], bool]:
        """Decisions about releases with every word."""
        if not search_term.strip():
            return queryset, False
        found = releases_found_once(request, search_term)
        return queryset.filter(release__in=found), False

    @admin.display(description=_("Release"), ordering="release__title")
    def release_cell(self, approval: Approval) -> SafeString:
        """The release, with a link to its page."""
        return page_link(approval.release)

    @admin.display(description=_("Decision"), ordering="decision")
    def decision_cell(self, approval: Approval) -> SafeString:
        """Approved, rejected, or approved and void since."""
        if approval.void_at is not None:
            ended = gettext("%(decision)s, void")
            return chip(ended % {"decision": approval.get_decision_display()}, "warn")
        tone = "good" if approval.decision == Approval.Decision.APPROVED else "bad"
        return chip(approval.get_decision_display(), tone)

    @admin.display(description=_("By"), ordering="actor__username")
    def by_cell(self, approval: Approval) -> SafeString:
        """The person, or the rule."""
        if approval.rule_id is None:
            return format_html("{}", approval.by)
        return page_link(approval.rule, approval.by)

    @admin.display(description=_("The rule's conditions then"))
    def rule_cell(self, approval: Approval) -> SafeString | str:
        """What the rule asked for when it decided."""
        snapshot = approval.rule_snapshot
        return pretty_json(snapshot) if snapshot else "—"

    @admin.display(description=_("Digests, by upload"))
    def digests_cell(self, approval: Approval) -> SafeString:
        """What was frozen."""
        return pretty_json(approval.digests)


class NewStateFilter(admin.SimpleListFilter):
    """The state moved to. Asking the rows for those there are would read them all."""

    title = _("new state")
    parameter_name = "new"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every state."""
        return list(Upload.Status.choices)

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[UploadEvent]
    ) -> QuerySet[UploadEvent]:
        """Moves to that state."""
        return queryset.filter(new=self.value()) if self.value() else queryset


@admin.register(UploadEvent)
class UploadEventAdmin(ReadOnlyAdmin):
    """One move of an upload between states."""

    list_display = (
        *("upload_cell", "old_cell", "new_cell"),
        *("reason", "actor", "created_at"),
    )
    list_display_links = ("new_cell",)  # the first column is a link of its own
    list_filter = (NewStateFilter, "upload__tracker", ("created_at", DaysFilter))
    list_filter_submit = True
    search_fields = ("upload__release__title",)
    search_help_text = _("Title or name of the release")
    list_select_related = ("upload__release", "upload__tracker", "actor")
    deferred = tuple(f"upload__{column}" for column in HEAVY)
    ordering = ("-pk",)
    fields = list_display

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[UploadEvent], search_term: str
    ) -> tuple[QuerySet[UploadEvent], bool]:
        """Moves of the uploads of releases with every word."""
        if not search_term.strip():
            return queryset, False
        found = releases_found_once(request, search_term)
        uploads = few_or_query(Upload.objects.filter(release__in=found))
        return queryset.filter(upload__in=uploads), False

    @admin.display(description=_("Upload"), ordering="upload__release__title")
    def upload_cell(self, event: UploadEvent) -> SafeString:
        """The upload, with a link to its page."""
        return page_link(event.upload)

    @admin.display(description=_("old"), ordering="old")
    def old_cell(self, event: UploadEvent) -> str:
        """The state it left; a dash where it had none."""
        return state_word(event.old) or self.get_empty_value_display()

    @admin.display(description=_("new"), ordering="new")
    def new_cell(self, event: UploadEvent) -> str:
        """The state it moved to."""
        return state_word(event.new)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    """When each worker process last showed that it lives."""

    list_display = ("worker", "seen_at")
    search_fields = ("worker",)
    ordering = ("-seen_at",)
    fields = ("worker", "seen_at")
