"""Figures as JSON or CSV: the filters and numbers of the analytics page."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api import ErrorSerializer, RolePermissions
from common.lists import refuse, refuse_unknown
from releases.models import Release
from uploads.analytics import tracker_figures
from uploads.analytics.download import csv_records
from uploads.analytics.figures import Report, report
from uploads.analytics.scope import NOBODY, PERIODS, scope_of
from uploads.analytics.tables import Table
from uploads.analytics.tables.courses import proof_table, settled_table, times_table
from uploads.analytics.tables.makers import templates_table
from uploads.analytics.tables.outcomes import (
    errors_table,
    history_table,
    trackers_table,
    tries_table,
)
from uploads.api.figures import (
    ErrorsOut,
    HistoryOut,
    TemplatesOut,
    TrackerFiguresOut,
)
from uploads.models import Upload

FILTERS = [
    OpenApiParameter(
        "period",
        enum=PERIODS,
        description="Days up to today, all, or custom: from `from` to `to`. 30 if "
        "nothing is said; custom if one of the two is.",
    ),
    OpenApiParameter("from", description="The first day, such as 2026-01-31."),
    OpenApiParameter("to", description="The last day; today if it is left out."),
    OpenApiParameter("tracker", description="Slug."),
    OpenApiParameter("kind", enum=Release.Kind.values),
    OpenApiParameter(
        "person", description=f"Id of who approved; {NOBODY}: a rule, or who is gone."
    ),
    OpenApiParameter("version", description="Id of a template version."),
]
SPLIT = OpenApiParameter(
    "split", enum=["1"], description="1: a row for each tracker, named in `tracker`."
)


class CSVRenderer(BaseRenderer):
    """Rows as CSV, asked for by `?format=csv` or the Accept header."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> str:
        """A list of rows, or the one of a failure."""
        return csv_records(data if isinstance(data, list) else [data])


class ByFormat(DefaultContentNegotiation):
    """As elsewhere by the header, and by `?format=` for addresses that are shared."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        """Raises 404 for a format that there is not."""
        wanted = request.query_params.get("format", format_suffix)
        chosen: tuple[BaseRenderer, str] = super().select_renderer(
            request, renderers, wanted
        )
        return chosen


class FiguresView(APIView):
    """What all figures share."""

    queryset = Upload.objects.none()
    permission_classes = [RolePermissions]
    renderer_classes = [JSONRenderer, CSVRenderer]
    content_negotiation_class = ByFormat
    parameters: ClassVar[Sequence[OpenApiParameter]] = FILTERS

    def asked(self, request: Request) -> dict[str, str]:
        """What is looked at. Raises ValidationError for a name that nothing reads."""
        known = [one.name for one in self.parameters]
        refuse_unknown(request.query_params, [*known, "format"])
        return request.query_params.dict()


class TrackerFiguresView(FiguresView):
    """How uploads went, tracker by tracker."""

    @extend_schema(
        parameters=FILTERS,
        responses={200: TrackerFiguresOut(many=True), 400: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        """Counted from the uploads and attempts themselves."""
        scope = scope_of(self.asked(request))
        found = report(scope, parts=("times",))
        present = [
            asdict(one)
            for one in tracker_figures(scope.tracker.pk if scope.tracker else None)
        ]
        period = _by_tracker(found)
        nothing = _of_nothing()
        return Response(
            [{**row, **period.get(row["tracker"], nothing)} for row in present]
        )


def _by_tracker(found: Report) -> dict[str, dict[str, Any]]:
    """Slug → the columns of every table that has a row for each tracker."""
    rows: dict[str, dict[str, Any]] = {}
    for table, prefix in (
        (trackers_table(found), "attempts_"),
        (tries_table(found), ""),
        (times_table(found), ""),
        (settled_table(found), ""),
        (proof_table(found), "proof_"),
    ):
        shared = {"succeeded", "failed", "put_off", "unknown"}
        for record in table.records():
            row = rows.setdefault(record.pop("tracker"), {})
            for key, value in record.items():
                named = prefix == "proof_" or key in shared
                row[prefix + key if named else key] = value
    return rows


def _of_nothing() -> dict[str, Any]:
    names = list(TrackerFiguresOut().fields)
    counted = names[names.index("attempts") :]
    fields = TrackerFiguresOut().fields
    return {
        name: 0 if isinstance(fields[name], serializers.IntegerField) else None
        for name in counted
    }


class TableView(FiguresView):
    """One table of the page."""

    make: ClassVar[Callable[..., Table]]
    parts: ClassVar[tuple[str, ...]] = ()
    parameters = (*FILTERS, SPLIT)

    def answer(self, request: Request) -> Response:
        """Its rows as column → value."""
        given = self.asked(request)
        split = given.get("split", "") == "1"
        if given.get("split", "") not in ("", "1"):
            raise refuse("split", "Say 1 for a row for each tracker, or leave it out.")
        found = report(scope_of(given), split=split, parts=self.parts)
        return Response(type(self).make(found, split=split).records())


class HistoryView(TableView):
    """How attempts ended, over time."""

    make = staticmethod(history_table)
    parts = ("history",)

    @extend_schema(
        parameters=[*FILTERS, SPLIT],
        responses={200: HistoryOut(many=True), 400: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        """Day by day, from 32 days on week by week, from 121 on month by month."""
        return self.answer(request)


class ErrorsView(TableView):
    """What went wrong, by outcome and error code."""

    make = staticmethod(errors_table)

    @extend_schema(
        parameters=[*FILTERS, SPLIT],
        responses={200: ErrorsOut(many=True), 400: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        """The most frequent first."""
        return self.answer(request)


class TemplatesView(TableView):
    """How attempts ended, by template version."""

    make = staticmethod(templates_table)
    parts = ("makers",)

    @extend_schema(
        parameters=[*FILTERS, SPLIT],
        responses={200: TemplatesOut(many=True), 400: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        """By name."""
        return self.answer(request)
