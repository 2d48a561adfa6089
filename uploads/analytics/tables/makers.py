"""Who and what stood behind attempts: template versions and people. Pure."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from uploads.analytics.counts import Counts
from uploads.analytics.figures import Report
from uploads.analytics.results import RESULTS
from uploads.analytics.scope import NOBODY
from uploads.analytics.tables.cells import (
    attempts_link,
    of_tracker,
    rate_cells,
    rate_columns,
    result_cells,
    result_columns,
    tracker_cell,
    tracker_column,
)
from uploads.analytics.tables.types import (
    TEXT,
    Cell,
    Column,
    Link,
    Table,
)


def templates_table(report: Report, *, split: bool) -> Table:
    """Each template version: how the attempts made with it ended."""
    ordered = sorted(
        report.by_version.items(),
        key=lambda item: (report.version_name(item[0][1]), report.place(item[0][0])),
    )
    rows = []
    for (pk, version), counts in ordered:
        if not counts.attempts:
            continue
        own = {
            "version": str(version or NOBODY),
            **({} if pk is None else of_tracker(pk)),
        }
        rows.append(
            [
                Cell(value=version, name=report.version_name(version)),
                *([] if pk is None else [tracker_cell(report, pk)]),
                *_how_they_went(report, counts, own),
            ]
        )
    return Table(
        key="templates",
        title=_("By template version"),
        columns=[
            Column(key="version", title=_("Template version"), kind=TEXT, named=True),
            *([tracker_column()] if split else []),
            *_columns(),
        ],
        rows=rows,
        drawn=RESULTS,
    )


def people_table(report: Report) -> Table:
    """Each person: how the attempts at what they approved ended."""
    rows = [
        [
            Cell(value=person, name=report.person_name(person)),
            *_how_they_went(
                report, report.by_person[person], {"person": str(person or NOBODY)}
            ),
        ]
        for person in sorted(report.by_person, key=report.person_name)
        if report.by_person[person].attempts
    ]
    return Table(
        key="people",
        title=_("By who approved"),
        columns=[
            Column(key="person", title=_("Approved by"), kind=TEXT, named=True),
            *_columns(),
        ],
        rows=rows,
        drawn=RESULTS,
    )


def _how_they_went(
    report: Report, counts: Counts, own: Mapping[str, str]
) -> Iterable[Cell]:
    def link(**more: str) -> Link:
        return attempts_link(report, **{**own, **more})

    yield Cell(value=counts.attempts, link=link(result="ended"))
    yield from result_cells(counts, link)
    yield from rate_cells(counts)


def _columns() -> list[Column]:
    return [
        Column(key="attempts", title=_("Attempts")),
        *result_columns(),
        *rate_columns(),
    ]
