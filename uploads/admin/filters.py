"""What waits for a person, as filters of the lists and of the dashboard's counts."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import HttpRequest

from releases.models import Release
from releases.states import ReleaseState
from uploads.models import Upload
from uploads.questions import ASKED, NOT_ASKED
from uploads.states import Outcome, UploadStatus

# SQLite cannot look into lists of JSON. Both databases write it like this, and a quote
# inside of a text is escaped.
ERROR = '"severity": "error"'
YES_NO = [("yes", "Yes"), ("no", "No")]


class QuestionFilter(admin.SimpleListFilter):
    """Failed uploads of which only a person can say whether they are there."""

    title = "question"
    parameter_name = "question"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Asked or not."""
        return YES_NO

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Upload]
    ) -> QuerySet[Upload]:
        """The questions, or everything else."""
        if self.value() == "yes":
            return queryset.filter(ASKED)
        return queryset.filter(NOT_ASKED) if self.value() == "no" else queryset


class CauseFilter(admin.SimpleListFilter):
    """Uploads by the code of the reason behind their status."""

    title = "cause"
    parameter_name = "cause"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """How an attempt may end, and the one that was asked for."""
        wanted = request.GET.get(self.parameter_name, "")
        codes = {outcome.value for outcome in Outcome} - {Outcome.SUCCESS.value}
        return [
            (code, code) for code in sorted(codes | ({wanted} if wanted else set()))
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Upload]
    ) -> QuerySet[Upload]:
        """Those with the code."""
        code = self.value()
        if not code:
            return queryset
        # As the index has it.
        return queryset.alias(cause=KT("reason__code")).filter(cause=code)


class ApprovableFilter(admin.SimpleListFilter):
    """Ready releases, by whether their errors leave anything to approve."""

    title = "can be approved"
    parameter_name = "approvable"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """It can or it cannot."""
        return YES_NO

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Release]
    ) -> QuerySet[Release]:
        """Ready ones only, in both cases."""
        if self.value() not in ("yes", "no"):
            return queryset
        return ready_releases(queryset, blocked=self.value() == "no")


def ready_releases(rows: QuerySet[Release], *, blocked: bool) -> QuerySet[Release]:
    """Ready releases all of whose drafts have errors, or those with anything else."""
    drafts = Upload.objects.filter(
        release=OuterRef("pk"), status=UploadStatus.DRAFT
    ).alias(said=Cast("problems", TextField()))
    errors = Exists(drafts.filter(said__contains=ERROR))
    sound = Exists(drafts.exclude(said__contains=ERROR))
    ready = rows.filter(state=ReleaseState.READY)
    if blocked:
        return ready.filter(errors, ~sound)
    return ready.exclude(errors & ~sound)
