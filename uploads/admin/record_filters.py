"""Filters of attempts and uploads: what the bars of the analytics page lead to."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter

from common.ids import is_id
from trackers.models import TemplateVersion
from uploads.admin.look import outcome_words
from uploads.analytics.counting import (
    AGAIN,
    ASKED,
    FOUND,
    between,
    settled_attempts,
)
from uploads.analytics.results import (
    FAILED,
    PUT_OFF,
    RESULTS,
    SUCCEEDED,
    UNKNOWN,
    outcomes_of,
)
from uploads.analytics.scope import EARLIEST, LATEST, NOBODY
from uploads.models import ErrorTally

RESULT_NAMES = {
    SUCCEEDED: _("Succeeded"),
    FAILED: _("Failed"),
    PUT_OFF: _("Put off"),
    UNKNOWN: _("Unknown"),
}
SETTLED_NAMES = {
    FOUND: _("Found there"),
    AGAIN: _("Sent again"),
    ASKED: _("Asked a person"),
}
ENDED, LATER = "ended", "4"
LATELY = timedelta(days=100)
TRY_NAMES = {"1": _("First"), "2": _("Second"), "3": _("Third"), LATER: _("Later")}
Rows = QuerySet[Any]


class ResultFilter(admin.SimpleListFilter):
    """How an attempt counts in the figures."""

    title = _("result")
    parameter_name = "result"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The four results, and all of them."""
        return [*RESULT_NAMES.items(), (ENDED, _("Ended, however"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        """Attempts whose outcome counts as that."""
        if self.value() == ENDED:
            return queryset.exclude(outcome="")
        if self.value() not in RESULTS:
            return queryset
        return queryset.filter(outcome__in=outcomes_of(str(self.value())))


class OutcomeFilter(admin.ChoicesFieldListFilter):
    """How an attempt ended, in words."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        """The choices; their addresses have the codes."""
        for choice in super().choices(changelist):
            yield {**choice, "display": outcome_words(str(choice["display"]))}


class TryFilter(admin.SimpleListFilter):
    """The first, second, third or a later attempt of its upload."""

    title = _("try")
    parameter_name = "try"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Which try."""
        return list(TRY_NAMES.items())

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        """Attempts with that number."""
        if self.value() == LATER:
            return queryset.filter(number__gte=int(LATER))
        if self.value() in TRY_NAMES:
            return queryset.filter(number=int(str(self.value())))
        return queryset


class ErrorFilter(admin.SimpleListFilter):
    """The error code. Those on offer are the ones that the last tallies know."""

    title = _("error code")
    parameter_name = "error"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Codes that have occurred of late."""
        months = {"span": ErrorTally.Span.MONTH, "start__gte": localdate() - LATELY}
        codes = (
            ErrorTally.objects.filter(**months)
            .exclude(error_code="")
            .order_by("error_code")
            .values_list("error_code", flat=True)
            .distinct()
        )
        return [*((code, code) for code in codes), (NOBODY, _("None"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        """Attempts with that code, or without any."""
        if not self.value():
            return queryset
        code = "" if self.value() == NOBODY else self.value()
        return queryset.filter(error_code=code)


class PersonFilter(admin.SimpleListFilter):
    """Who approved it."""

    title = _("approved by")
    parameter_name = "person"
    column = "approver"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Everybody, and nobody."""
        people = User.objects.filter(is_staff=True).order_by("username")
        names = people.values_list("pk", "username")
        return [*((str(pk), name) for pk, name in names), (NOBODY, _("Nobody"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        """Rows with that person."""
        value = self.value() or ""
        if value == NOBODY:
            return queryset.filter(**{f"{self.column}__isnull": True})
        return queryset.filter(**{self.column: value}) if is_id(value) else queryset


class UploadPersonFilter(PersonFilter):
    """Who approved an upload last."""

    column = "approved_by"


class VersionFilter(admin.SimpleListFilter):
    """The template version that the texts were made from."""

    title = _("template version")
    parameter_name = "version"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every version, by name."""
        rows = TemplateVersion.objects.order_by("template__name", "-number")
        names = rows.values_list("pk", "template__name", "number")
        return [(str(pk), f"{name} v{number}") for pk, name, number in names]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        """Rows with that version."""
        value = self.value() or ""
        if value == NOBODY:
            return queryset.filter(template_version__isnull=True)
        return queryset.filter(template_version=value) if is_id(value) else queryset


class DaysFilter(RangeDateFilter):
    """From one day to another, both included, in Herald's time zone; latest first."""

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        """Rows of these days; a day that cannot be read narrows nothing."""
        first, last = (
            day_of(self.used_parameters.get(f"{self.parameter_name}_{end}"))
            for end in ("from", "to")
        )
        if first is None and last is None:
            return queryset
        column = str(self.field_path)
        days = between(column, first or EARLIEST, last or LATEST)
        # In the order of an index: by number, all that came later would be read first.
        return queryset.filter(days).order_by(f"-{column}", "-pk")


class SettledFilter(admin.SimpleListFilter):
    """Attempts whose unknown outcome was settled, how, and on which days."""

    title = _("settled")
    parameter_name = "settled"

    def __init__(
        self, request: HttpRequest, params: Any, model: Any, model_admin: Any
    ) -> None:
        self.days = [
            day_of((params.pop(f"settled_{end}", None) or [None])[-1])
            for end in ("from", "to")
        ]
        super().__init__(request, params, model, model_admin)

    def expected_parameters(self) -> list[str | None]:
        """Its own parameter, and the days."""
        return ["settled", "settled_from", "settled_to"]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """How it was settled."""
        return list(SETTLED_NAMES.items())

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        """Attempts that were settled like this."""
        if self.value() not in SETTLED_NAMES:
            return queryset
        first, last = self.days[0] or EARLIEST, self.days[1] or LATEST
        settled = settled_attempts(str(self.value()), first, last)
        return queryset.filter(pk__in=settled.values("pk"))


def day_of(text: Any) -> date | None:
    """A day such as 2026-01-31; None for whatever cannot be one."""
    try:
        found = parse_date(str(text or ""))
    except ValueError:
        return None
    return found if found and EARLIEST <= found < LATEST else None
