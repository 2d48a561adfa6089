"""The page of figures: charts with their tables, and both as files."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from releases.models import Release
from trackers.models import TemplateVersion, Tracker
from uploads.admin.look import outcome_words
from uploads.analytics.download import csv_lines
from uploads.analytics.figures import Report, report
from uploads.analytics.scope import NOBODY, Scope, ScopeError, scope_of
from uploads.analytics.tables import Cell, Table, tables_of
from uploads.analytics.tables.types import (
    ATTEMPTS,
    DAY,
    SECONDS,
    SHARE,
    TEXT,
    UPLOADS,
    Column,
)

VIEW = "uploads.view_upload"
# Named like what they stand for on every other page.
COLOURS = {
    "succeeded": "#16803c",
    "failed": "#d23b3b",
    "put_off": "#b7791f",
    "unknown": "#7c5cbf",
    "attempts": "#d23b3b",
    "first": "#16803c",
    "second": "#4d9e2f",
    "third": "#b7791f",
    "later": "#d23b3b",
    "found": "#16803c",
    "sent_again": "#2b6cb0",
    "asked": "#b7791f",
}
OTHERWISE = ("#2b6cb0", "#b7791f")
MODELS = (ATTEMPTS, UPLOADS)
MOST_BARS = 60
FORMATS = ("csv", "json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One table as the page shows it."""

    table: Table
    rows: Sequence[SafeString]
    data: str
    options: str
    download: str
    height: int

    @property
    def has_more(self) -> bool:
        """Whether the chart leaves rows out that the table has."""
        return len(self.table.rows) > MOST_BARS


def analytics_page(request: HttpRequest) -> HttpResponse:
    """Figures of a period, or one table or all of them as a file."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    given = request.GET.dict()
    split = given.get("split") == "1"
    found, problem = _counted(given, split=split)
    scope = found.scope
    wanted = given.get("format", "")
    if wanted in FORMATS and not problem:
        with override(settings.LANGUAGE_CODE):  # programs read them
            tables = tables_of(found, split=split)
            return _file(scope, tables, wanted, given.get("table", ""))
    tables = tables_of(found, split=split)
    query = {
        name: value for name, value in given.items() if name not in ("format", "table")
    }
    lists = {model: reverse(f"admin:{model}_changelist") for model in MODELS}
    context = {
        **admin.site.each_context(request),
        "title": _("Analytics"),
        "scope": scope,
        "split": split,
        "problem": problem,
        "choices": _choices(),
        "given": given,
        "drawn": [_drawn(table, query, lists) for table in tables],
        "is_empty": tables[0].is_empty,
        "json_url": f"?{urlencode({**query, 'format': 'json'})}",
    }
    return TemplateResponse(request, "admin/uploads/analytics.html", context)


def _counted(given: dict[str, str], *, split: bool) -> tuple[Report, str]:
    """The figures, by the days of Herald's time zone whatever the person's own is.

    A filter that cannot be read gives the usual ones, and its sentence.
    """
    problem = ""
    with timezone.override(None):
        try:
            scope = scope_of(given)
        except ScopeError as exc:
            problem, scope = exc.message, scope_of({})
        return report(scope, split=split), problem


def _choices() -> dict[str, Any]:
    versions = TemplateVersion.objects.order_by("template__name", "-number")
    people = User.objects.filter(is_staff=True).order_by("username")
    return {
        "periods": [
            ("7", _("7 days")),
            ("30", _("30 days")),
            ("90", _("90 days")),
            ("365", _("365 days")),
            ("all", _("All")),
            ("custom", _("From – to")),
        ],
        "trackers": list(Tracker.objects.order_by("name").values_list("slug", "name")),
        "kinds": Release.Kind.choices,
        "people": [
            *((str(pk), name) for pk, name in people.values_list("pk", "username")),
            (NOBODY, _("Nobody (a rule)")),
        ],
        "versions": [
            (str(pk), f"{name} v{number}")
            for pk, name, number in versions.values_list(
                "pk", "template__name", "number"
            )
        ],
    }


# --- Cells and charts ----------------------------------------------------------------
def _drawn(table: Table, query: dict[str, str], lists: Mapping[str, str]) -> Drawn:
    asked = {**query, "format": "csv", "table": table.key}
    bars = min(len(table.rows), MOST_BARS)
    return Drawn(
        table=table,
        rows=_rows(table, lists),
        data=json.dumps(_data(table)),
        options=json.dumps(_options(table)),
        download=f"?{urlencode(asked)}",
        height=max(240, 24 * bars + 90) if _lies(table) else 280,
    )


def _lies(table: Table) -> bool:
    """Bars with long names lie on their side."""
    return table.key not in ("history",)


def _rows(table: Table, lists: Mapping[str, str]) -> list[SafeString]:
    """The cells of each row in one piece; `lists` maps models to their addresses."""
    openings = [
        format_html(
            '<td class="{}" data-column="{}">',
            "" if column.kind in (TEXT, DAY) else "hd-number",
            column.key,
        )
        for column in table.columns
    ]
    return [
        format_html_join(
            "",
            "{}{}</td>",
            (
                (opening, _inside(cell, column, lists))
                for opening, cell, column in zip(
                    openings, row, table.columns, strict=True
                )
            ),
        )
        for row in table.rows
    ]


def _inside(cell: Cell, column: Column, lists: Mapping[str, str]) -> str:
    text = cell_text(cell, column.kind)
    if column.key == "outcome":
        text = outcome_words(text)
    if cell.link is None:
        return text
    query = "&".join(f"{name}={_quoted(v)}" for name, v in cell.link.query.items())
    url = f"{lists[cell.link.model]}?{query}"
    return format_html('<a class="hd-link" href="{}">{}</a>', url, text)


# A page has hundreds of links, and few values in them.
_quoted = lru_cache(maxsize=1000)(quote_plus)


def cell_text(cell: Cell, kind: str) -> str:
    """A value for people; a dash for none."""
    if cell.name:
        return cell.name
    value = cell.value
    if value is None:
        return "—"
    if kind == DAY:
        return date_format(date.fromisoformat(str(value)), "j M Y")
    if kind == SHARE:
        return f"{number_format(100 * float(value), 1)} %"
    if kind == SECONDS:
        return f"{number_format(float(value), 2, force_grouping=True)} s"
    return str(value) if kind == TEXT else number_format(value, force_grouping=True)


def _data(table: Table) -> dict[str, Any]:
    places = {column.key: place for place, column in enumerate(table.columns)}
    rows = table.rows[:MOST_BARS]
    return {
        "labels": [cell_text(row[0], table.columns[0].kind) for row in rows],
        "datasets": [
            {
                "label": table.columns[places[key]].title,
                "column": key,
                "data": [row[places[key]].value or None for row in rows],
                "backgroundColor": COLOURS.get(key, OTHERWISE[number % 2]),
                "maxBarThickness": 40,
                # A failure among thousands is a bar that can still be hit; nothing is
                # none.
                "minBarLength": 3,
                **({"stack": "all"} if table.stacked else {}),
            }
            for number, key in enumerate(table.drawn)
        ],
    }


def _options(table: Table) -> dict[str, Any]:
    lies = _lies(table)
    amounts = {
        "stacked": table.stacked,
        "beginAtZero": True,
        **({"ticks": {"precision": 0}} if table.stacked else {}),
    }
    names = {"stacked": table.stacked, "grid": {"display": False}}
    return {
        "animation": False,
        "responsive": True,
        "maintainAspectRatio": False,
        "indexAxis": "y" if lies else "x",
        "plugins": {
            "legend": {"display": True, "position": "top", "align": "end"},
            "tooltip": {"enabled": True},
        },
        "scales": {
            "x": amounts if lies else names,
            "y": {**names, "ticks": {"autoSkip": False}} if lies else amounts,
        },
    }


# --- Files ---------------------------------------------------------------------------
def _file(scope: Scope, tables: Iterable[Table], wanted: str, key: str) -> HttpResponse:
    chosen = [table for table in tables if key in ("", table.key)]
    name = f"herald-{key or 'analytics'}-{scope.first}-{scope.last}.{wanted}"
    answer: HttpResponse
    if wanted == "json":
        answer = JsonResponse(
            {
                "from": scope.first.isoformat(),
                "to": scope.last.isoformat(),
                **{table.key: table.records() for table in chosen},
            }
        )
    else:
        answer = HttpResponse(csv_lines(chosen), content_type="text/csv; charset=utf-8")
    if not key.replace("_", "").isalnum() and key:
        name = f"herald-analytics.{wanted}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
