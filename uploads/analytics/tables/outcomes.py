"""How attempts ended: by tracker, over time, by error, by try. Pure."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from uploads.analytics.counts import Counts
from uploads.analytics.figures import Report
from uploads.analytics.results import RESULTS, result_of
from uploads.analytics.scope import NOBODY as NONE
from uploads.analytics.tables.cells import (
    attempts_link,
    attempts_on,
    of_tracker,
    rate_cells,
    rate_columns,
    result_cells,
    result_columns,
    tracker_cell,
    tracker_column,
    uploads_link,
)
from uploads.analytics.tables.types import (
    DAY,
    SHARE,
    TEXT,
    Cell,
    Column,
    Link,
    Table,
)


def trackers_table(report: Report) -> Table:
    """Each tracker: how attempts ended, and what is published."""
    rows = []
    for pk in report.trackers:
        counts, own = report.by_tracker.get(pk, Counts()), of_tracker(pk)

        def link(own: dict[str, str] = own, **more: str) -> Link:
            return attempts_link(report, **own, **more)

        published = uploads_link(report, "finished_at", status__exact="success", **own)
        rows.append(
            [
                tracker_cell(report, pk),
                Cell(value=counts.attempts, link=link(result="ended")),
                *result_cells(counts, link),
                *rate_cells(counts),
                Cell(value=counts.published, link=published),
            ]
        )
    return Table(
        key="trackers",
        title=_("By tracker"),
        columns=[
            tracker_column(),
            Column(key="attempts", title=_("Attempts")),
            *result_columns(),
            *rate_columns(),
            Column(key="published", title=_("Published")),
        ],
        rows=rows,
        drawn=RESULTS,
    )


def history_table(report: Report, *, split: bool) -> Table:
    """How attempts ended, day by day, week by week or month by month."""
    scope, history = report.scope, report.history
    keyed: dict[Any, Counts]
    if split:
        ordered = sorted(history, key=lambda key: (key[0], report.place(key[1])))
        keyed = {key: history[key] for key in ordered}
    else:
        keyed = {(day, None): history[day, None] for day in scope.buckets}
    rows = []
    for (day, pk), counts in keyed.items():
        own = {} if pk is None else of_tracker(pk)

        def link(day: date = day, own: dict[str, str] = own, **more: str) -> Link:
            return attempts_on(report, scope.bounds(day), **own, **more)

        named = [] if pk is None else [tracker_cell(report, pk)]
        begin = scope.bounds(day)[0].isoformat()
        rows.append([Cell(value=begin), *named, *result_cells(counts, link)])
    return Table(
        key="history",
        title={
            "day": _("Day by day"),
            "week": _("Week by week"),
            "month": _("Month by month"),
        }[scope.bucket],
        columns=[
            Column(key="from", title=_("From"), kind=DAY),
            *([tracker_column()] if split else []),
            *result_columns(),
        ],
        rows=rows,
        drawn=RESULTS,
    )


def errors_table(report: Report, *, split: bool) -> Table:
    """What attempts that did not succeed came to grief on."""
    summed: dict[Any, int] = defaultdict(int)
    for (pk, outcome, code), number in report.errors.items():
        summed[pk if split else None, outcome, code] += number
    total = sum(summed.values())
    words = {
        "failed": _("failed"),
        "put_off": _("put off"),
        "unknown": _("unknown"),
    }
    ordered = sorted(summed.items(), key=lambda item: (-item[1], str(item[0])))
    rows = []
    for (pk, outcome, code), number in ordered:
        own = {} if pk is None else of_tracker(pk)
        more = {"outcome__exact": outcome, "error": code or NONE}
        rows.append(
            [
                Cell(value=code or outcome),
                Cell(value=outcome),
                Cell(value=result_of(outcome), name=words[result_of(outcome)]),
                *([] if pk is None else [tracker_cell(report, pk)]),
                Cell(value=number, link=attempts_link(report, **own, **more)),
                Cell(value=round(number / total, 4)),
            ]
        )
    return Table(
        key="errors",
        title=_("What went wrong"),
        columns=[
            Column(key="error", title=_("Error"), kind=TEXT),
            Column(key="outcome", title=_("Outcome"), kind=TEXT),
            Column(key="result", title=_("Counts as"), kind=TEXT),
            *([tracker_column()] if split else []),
            Column(key="attempts", title=_("Attempts")),
            Column(key="share", title=_("Share"), kind=SHARE),
        ],
        rows=rows,
        drawn=("attempts",),
    )


def tries_table(report: Report) -> Table:
    """At which attempt uploads succeeded."""
    names = {
        "first": _("At the first"),
        "second": _("At the second"),
        "third": _("At the third"),
        "later": _("Later"),
    }
    rows = []
    for pk in report.trackers:
        counts = report.by_tracker.get(pk, Counts())
        cells = []
        for number, name in enumerate(names, 1):
            query = {"result": "succeeded", "try": str(number), **of_tracker(pk)}
            value = getattr(counts, f"{name}_succeeded")
            link = attempts_link(report, **query) if value else None
            cells.append(Cell(value=value, link=link))
        rows.append([tracker_cell(report, pk), *cells])
    return Table(
        key="tries",
        title=_("Attempts until success"),
        columns=[
            tracker_column(),
            *(Column(key=key, title=title) for key, title in names.items()),
        ],
        rows=rows,
        drawn=tuple(names),
    )
