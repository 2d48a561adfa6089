"""What the tables share: cells, columns, and where they lead. Pure."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from uploads.analytics.counts import Counts
from uploads.analytics.figures import Report
from uploads.analytics.results import RESULTS
from uploads.analytics.scope import NOBODY, Scope
from uploads.analytics.tables.types import (
    ATTEMPTS,
    SHARE,
    TEXT,
    UPLOADS,
    Cell,
    Column,
    Link,
)

Query = Mapping[str, str]


# --- Where a cell leads --------------------------------------------------------------
def list_query(
    scope: Scope, column: str, days: tuple[date, date], **more: str
) -> Query:
    """The filters of a list that leave the rows of the scope on these days."""
    wanted = {
        "tracker__id__exact": str(scope.tracker.pk) if scope.tracker else "",
        "kind__exact": scope.kind,
        "person": NOBODY
        if scope.by_nobody
        else str(scope.approver.pk)
        if scope.approver
        else "",
        "version": str(scope.version.pk) if scope.version else "",
        f"{column}_from": days[0].isoformat(),
        f"{column}_to": days[1].isoformat(),
        **more,
    }
    return {name: value for name, value in wanted.items() if value}


def attempts_link(report: Report, **more: str) -> Link:
    """The attempts of the report's period, narrowed further."""
    return attempts_on(report, (report.scope.first, report.scope.last), **more)


def attempts_on(report: Report, days: tuple[date, date], **more: str) -> Link:
    """The attempts that began from one day to another."""
    return Link(
        model=ATTEMPTS, query=list_query(report.scope, "started_at", days, **more)
    )


def uploads_link(report: Report, column: str, **more: str) -> Link:
    """The uploads with the column's moment in the report's period."""
    days = (report.scope.first, report.scope.last)
    return Link(model=UPLOADS, query=list_query(report.scope, column, days, **more))


def of_tracker(pk: int) -> dict[str, str]:
    """The filter that leaves one tracker's rows."""
    return {"tracker__id__exact": str(pk)}


# --- Columns and cells ---------------------------------------------------------------
def result_cells(counts: Counts, link: Callable[..., Link]) -> Iterable[Cell]:
    """How attempts ended; each number leads to them."""
    for result in RESULTS:
        number = getattr(counts, result)
        yield Cell(value=number, link=link(result=result) if number else None)


def result_columns() -> list[Column]:
    """How attempts ended."""
    return [
        Column(key="succeeded", title=_("Succeeded")),
        Column(key="failed", title=_("Failed")),
        Column(key="put_off", title=_("Put off")),
        Column(key="unknown", title=_("Unknown")),
    ]


def rate_cells(counts: Counts) -> list[Cell]:
    """The two rates."""
    return [Cell(value=counts.success_rate), Cell(value=counts.first_try_rate)]


def rate_columns() -> list[Column]:
    """Their columns."""
    return [
        Column(key="success_rate", title=_("Success rate"), kind=SHARE),
        Column(key="first_try_rate", title=_("First-try rate"), kind=SHARE),
    ]


def tracker_column() -> Column:
    """Which tracker; its slug in downloads."""
    return Column(key="tracker", title=_("Tracker"), kind=TEXT)


def tracker_cell(report: Report, pk: int) -> Cell:
    """One tracker."""
    tracker = report.trackers[pk]
    return Cell(value=tracker.slug, name=tracker.name)
