"""Decisions, moves and signs of life: to look at."""

from django.contrib import admin
from django.utils.safestring import SafeString

from common.admin import chip
from releases.admin.readonly import (
    HEAVY_OF_RELEASE,
    ReadOnlyAdmin,
    page_link,
    pretty_json,
)
from uploads.admin.look import HEAVY
from uploads.models import Approval, Heartbeat, UploadEvent


@admin.register(Approval)
class ApprovalAdmin(ReadOnlyAdmin):
    """Who decided what, about which exact payloads."""

    list_display = (
        *("release_cell", "decision_cell", "actor", "note"),
        *("decided_at", "void_at", "void_reason"),
    )
    list_display_links = ("decided_at",)  # the first column is a link of its own
    list_filter = ("decision", "decided_at")
    search_fields = ("release__title", "note", "actor__username")
    list_select_related = ("release", "actor")
    deferred = HEAVY_OF_RELEASE
    ordering = ("-pk",)
    fields = (
        *("release_cell", "decision_cell", "actor", "note", "decided_at"),
        *("void_at", "void_reason", "digests_cell"),
    )

    @admin.display(description="Release", ordering="release__title")
    def release_cell(self, approval: Approval) -> SafeString:
        """The release, with a link to its page."""
        return page_link(approval.release)

    @admin.display(description="Decision", ordering="decision")
    def decision_cell(self, approval: Approval) -> SafeString:
        """Approved, rejected, or approved and void since."""
        if approval.void_at is not None:
            return chip(f"{approval.get_decision_display()}, void", "warn")
        tone = "good" if approval.decision == Approval.Decision.APPROVED else "bad"
        return chip(approval.get_decision_display(), tone)

    @admin.display(description="Digests, by upload")
    def digests_cell(self, approval: Approval) -> SafeString:
        """What was frozen."""
        return pretty_json(approval.digests)


@admin.register(UploadEvent)
class UploadEventAdmin(ReadOnlyAdmin):
    """One move of an upload between states."""

    list_display = ("upload_cell", "old", "new", "reason", "actor", "created_at")
    list_display_links = ("new",)  # the first column is a link of its own
    list_filter = ("new", "upload__tracker", "created_at")
    search_fields = ("upload__release__title", "reason")
    list_select_related = ("upload__release", "upload__tracker", "actor")
    deferred = tuple(f"upload__{column}" for column in HEAVY)
    ordering = ("-pk",)
    fields = ("upload_cell", "old", "new", "reason", "actor", "created_at")

    @admin.display(description="Upload", ordering="upload__release__title")
    def upload_cell(self, event: UploadEvent) -> SafeString:
        """The upload, with a link to its page."""
        return page_link(event.upload)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    """When each worker process last showed that it lives."""

    list_display = ("worker", "seen_at")
    search_fields = ("worker",)
    ordering = ("-seen_at",)
    fields = ("worker", "seen_at")
