"""Attempts: to look at. They are the record that figures are made from."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from releases.admin.readonly import ReadOnlyAdmin, page_link
from releases.searching import few_or_query, releases_found_once
from uploads.admin.look import HEAVY, outcome_chip
from uploads.admin.record_filters import (
    DaysFilter,
    ErrorFilter,
    OutcomeFilter,
    PersonFilter,
    ResultFilter,
    SettledFilter,
    TryFilter,
    VersionFilter,
)
from uploads.models import Upload, UploadAttempt


@admin.register(UploadAttempt)
class UploadAttemptAdmin(ReadOnlyAdmin):
    """One try at an upload."""

    list_display = (
        *("attempt_cell", "upload_cell", "tracker", "phase", "outcome_cell"),
        *("error_code", "http_status", "duration_cell", "started_at"),
    )
    list_display_links = None
    list_filter = (
        *(
            ResultFilter,
            ("outcome", OutcomeFilter),
            "phase",
            ErrorFilter,
            TryFilter,
            "tracker",
        ),
        *("kind", PersonFilter, VersionFilter, SettledFilter),
        ("started_at", DaysFilter),
    )
    list_filter_submit = True
    search_fields = ("upload__release__title",)
    search_help_text = gettext_lazy("Title or name of the release")
    list_select_related = ("upload__release", "tracker")
    ordering = ("-started_at", "-pk")
    deferred = ("answer", *(f"upload__{column}" for column in HEAVY))
    fields = (
        *("upload_cell", "tracker", "number", "phase", "outcome_cell"),
        *("error_code", "message", "decision", "http_status", "answer_cell"),
        *(
            "kind",
            "approver",
            "worker",
            "credential_cell",
            "version_cell",
            "duration_cell",
        ),
        *("started_at", "sending_at", "answered_at", "finished_at"),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[UploadAttempt], search_term: str
    ) -> tuple[QuerySet[UploadAttempt], bool]:
        """Attempts of releases with every word, found among the releases first."""
        if not search_term.strip():
            return queryset, False
        found = releases_found_once(request, search_term)
        uploads = few_or_query(Upload.objects.filter(release__in=found))
        return queryset.filter(upload__in=uploads), False

    @admin.display(description=gettext_lazy("Attempt"))
    def attempt_cell(self, attempt: UploadAttempt) -> SafeString:
        """Which try it was, with a link to its page and the site's answer."""
        return page_link(attempt, _("No. %(n)s") % {"n": attempt.number})

    @admin.display(description=gettext_lazy("Upload"))
    def upload_cell(self, attempt: UploadAttempt) -> SafeString:
        """The upload, with a link to its page."""
        return page_link(attempt.upload, str(attempt.upload.release))

    @admin.display(description=gettext_lazy("Outcome"))
    def outcome_cell(self, attempt: UploadAttempt) -> SafeString:
        """How it ended."""
        return outcome_chip(attempt.outcome)

    @admin.display(description=gettext_lazy("Took"))
    def duration_cell(self, attempt: UploadAttempt) -> str:
        """From the claim to the end."""
        if attempt.finished_at is None:
            return "—"
        seconds = (attempt.finished_at - attempt.started_at).total_seconds()
        return f"{number_format(seconds, 2)} s"

    @admin.display(description=gettext_lazy("Answer, redacted"))
    def answer_cell(self, attempt: UploadAttempt) -> SafeString:
        """What the site said."""
        return format_html('<pre class="hd-pre">{}</pre>', attempt.answer or "—")

    @admin.display(description=gettext_lazy("Credential"))
    def credential_cell(self, attempt: UploadAttempt) -> SafeString:
        """Whose account was used; its values are never shown."""
        account = attempt.credential
        if account is not None and account.owner_id is not None:
            return format_html("{}", account)  # its page is its owner's
        return page_link(account)

    @admin.display(description=gettext_lazy("Template version"))
    def version_cell(self, attempt: UploadAttempt) -> SafeString:
        """What the texts were made from."""
        return page_link(attempt.template_version)
