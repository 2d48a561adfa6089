"""How long it took, and what became of it. Pure."""

from django.utils.translation import gettext as _

from uploads.analytics.counts import Counts
from uploads.analytics.durations import PHASES, Times
from uploads.analytics.figures import Report
from uploads.analytics.tables.cells import (
    attempts_link,
    list_query,
    of_tracker,
    tracker_cell,
    tracker_column,
    uploads_link,
)
from uploads.analytics.tables.types import (
    ATTEMPTS,
    SECONDS,
    SHARE,
    Cell,
    Column,
    Link,
    Table,
)

NO_TIMES = Times(rows=0, median=None, p95=None)


def times_table(report: Report) -> Table:
    """How long each phase of an attempt took."""
    names = {
        "claimed": _("Until sent"),
        "sending": _("Until answered"),
        "whole": _("Altogether"),
    }
    rows = []
    for pk in report.trackers:
        phases = report.phases.get(pk, {})
        link = attempts_link(report, phase__exact="answered", **of_tracker(pk))
        measured = phases.get("whole", NO_TIMES).rows
        cells = [
            Cell(value=value, link=link if value is not None else None)
            for phase in PHASES
            for times in (phases.get(phase, NO_TIMES),)
            for value in (times.median, times.p95)
        ]
        rows.append([tracker_cell(report, pk), Cell(value=measured), *cells])
    return Table(
        key="times",
        title=_("How long attempts took"),
        columns=[
            tracker_column(),
            Column(key="measured", title=_("Measured")),
            *(
                Column(
                    key=f"{phase}_{key}", title=f"{names[phase]}, {title}", kind=SECONDS
                )
                for phase in PHASES
                for key, title in (("median", _("median")), ("p95", _("95 %")))
            ),
        ],
        rows=rows,
        drawn=("whole_median", "whole_p95"),
        stacked=False,
    )


def settled_table(report: Report) -> Table:
    """What became of unknown outcomes."""
    names = {
        "found": _("Found there"),
        "sent_again": _("Sent again"),
        "asked": _("Asked a person"),
    }
    scope = report.scope
    rows = []
    for pk in report.trackers:
        counts = report.by_tracker.get(pk, Counts())
        cells = []
        for what in names:
            query = {
                **list_query(scope, "settled", (scope.first, scope.last)),
                **of_tracker(pk),
                "settled": what,
            }
            value = getattr(counts, what)
            link = Link(model=ATTEMPTS, query=query) if value else None
            cells.append(Cell(value=value, link=link))
        rows.append([tracker_cell(report, pk), *cells, Cell(value=counts.settled_rate)])
    return Table(
        key="settled",
        title=_("Unknown outcomes that were settled"),
        columns=[
            tracker_column(),
            *(Column(key=key, title=title) for key, title in names.items()),
            Column(key="settled_rate", title=_("Without a person"), kind=SHARE),
        ],
        rows=rows,
        drawn=tuple(names),
    )


def proof_table(report: Report) -> Table:
    """From success to the proof of seeding."""
    rows = []
    for pk in report.trackers:
        times = report.proofs.get(pk, NO_TIMES)
        link = uploads_link(
            report, "seeding_confirmed_at", status__exact="success", **of_tracker(pk)
        )
        rows.append(
            [
                tracker_cell(report, pk),
                Cell(value=times.rows),
                *(
                    Cell(value=value, link=link if value is not None else None)
                    for value in (times.median, times.p95)
                ),
            ]
        )
    return Table(
        key="proof",
        title=_("From success to the proof of seeding"),
        columns=[
            tracker_column(),
            Column(key="measured", title=_("Measured")),
            Column(key="median", title=_("Median"), kind=SECONDS),
            Column(key="p95", title=_("95 %"), kind=SECONDS),
        ],
        rows=rows,
        drawn=("median", "p95"),
        stacked=False,
    )
