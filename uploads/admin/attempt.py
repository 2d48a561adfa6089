"""Attempts: to look at. They are the record that figures are made from."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from releases.admin.readonly import ReadOnlyAdmin, page_link
from uploads.admin.look import HEAVY, outcome_chip
from uploads.models import UploadAttempt


@admin.register(UploadAttempt)
class UploadAttemptAdmin(ReadOnlyAdmin):
    """One try at an upload."""

    list_display = (
        *("upload_cell", "tracker_cell", "number", "phase", "outcome_cell"),
        *("error_code", "http_status", "duration_cell", "started_at"),
    )
    list_display_links = ("number",)  # the first column is a link of its own
    list_filter = ("outcome", "phase", "upload__tracker", "started_at")
    search_fields = ("upload__release__title", "error_code", "message")
    list_select_related = ("upload__release", "upload__tracker")
    ordering = ("-pk",)
    deferred = ("answer", *(f"upload__{column}" for column in HEAVY))
    fields = (
        *("upload_cell", "tracker_cell", "number", "phase", "outcome_cell"),
        *("error_code", "message", "decision", "http_status", "answer_cell"),
        *("worker", "credential_cell", "version_cell", "duration_cell"),
        *("started_at", "sending_at", "answered_at", "finished_at"),
    )

    @admin.display(description="Upload", ordering="upload__release__title")
    def upload_cell(self, attempt: UploadAttempt) -> SafeString:
        """The upload, with a link to its page."""
        return page_link(attempt.upload, str(attempt.upload.release))

    @admin.display(description="Tracker", ordering="upload__tracker__name")
    def tracker_cell(self, attempt: UploadAttempt) -> str:
        """Where it was sent."""
        return str(attempt.upload.tracker)

    @admin.display(description="Outcome", ordering="outcome")
    def outcome_cell(self, attempt: UploadAttempt) -> SafeString:
        """How it ended."""
        return outcome_chip(attempt.outcome)

    @admin.display(description="Took")
    def duration_cell(self, attempt: UploadAttempt) -> str:
        """From the claim to the end."""
        if attempt.finished_at is None:
            return "—"
        return f"{(attempt.finished_at - attempt.started_at).total_seconds():.2f} s"

    @admin.display(description="Answer, redacted")
    def answer_cell(self, attempt: UploadAttempt) -> SafeString:
        """What the site said."""
        return format_html('<pre class="hd-pre">{}</pre>', attempt.answer or "—")

    @admin.display(description="Credential")
    def credential_cell(self, attempt: UploadAttempt) -> SafeString:
        """Whose account was used; its values are never shown."""
        account = attempt.credential
        if account is not None and account.owner_id is not None:
            return format_html("{}", account)  # its page is its owner's
        return page_link(account)

    @admin.display(description="Template version")
    def version_cell(self, attempt: UploadAttempt) -> SafeString:
        """What the texts were made from."""
        return page_link(attempt.template_version)
