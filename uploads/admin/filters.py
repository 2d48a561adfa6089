"""What waits for a person, as filters of the lists and of the dashboard's counts."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from releases.models import Release
from releases.states import ReleaseState
from uploads.admin.look import outcome_words
from uploads.models import Upload
from uploads.questions import ASKED, NOT_ASKED
from uploads.states import Outcome, UploadStatus

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class QuestionFilter(admin.SimpleListFilter):
    """Failed uploads of which only a person can say whether they are there."""

    title = _("question")
    parameter_name = "question"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
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

    title = _("cause")
    parameter_name = "cause"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """How an attempt may end, and the one that was asked for."""
        wanted = request.GET.get(self.parameter_name, "")
        codes = {outcome.value for outcome in Outcome} - {Outcome.SUCCESS.value}
        codes |= {wanted} if wanted else set()
        return [(code, outcome_words(code)) for code in sorted(codes)]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Upload]
    ) -> QuerySet[Upload]:
        """Those with the code."""
        code = self.value()
        if not code:
            return queryset
        # As the index has it; uncast, SQLite would read what is looked for as JSON.
        cause = Cast(KT("reason__code"), TextField())
        return queryset.alias(cause=cause).filter(cause=code)


class ApprovableFilter(admin.SimpleListFilter):
    """Ready releases, by whether there is a draft to approve, or only ones with errors."""

    title = _("can be approved")
    parameter_name = "approvable"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
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
    """Ready releases with a draft that can be approved, or all of whose drafts have errors.

    One without drafts is neither: there is nothing to approve, and nothing to correct.
    The few that are blocked are found once, in an index of the drafts.
    """
    drafts = Upload.objects.filter(status=UploadStatus.DRAFT).order_by()
    sound = drafts.filter(errors=0).exclude(digest="")
    ready = rows.filter(state=ReleaseState.READY)
    if not blocked:
        return ready.filter(Exists(sound.filter(release=OuterRef("pk"))))
    wrong = drafts.filter(
        ~Exists(sound.filter(release=OuterRef("release"))), errors__gt=0
    )
    return ready.filter(pk__in=wrong.values("release_id"))
