"""The figures as tables: what the page draws, and what is downloaded. Pure."""

from uploads.analytics.figures import Report
from uploads.analytics.tables.courses import proof_table, settled_table, times_table
from uploads.analytics.tables.makers import people_table, templates_table
from uploads.analytics.tables.outcomes import (
    errors_table,
    history_table,
    trackers_table,
    tries_table,
)
from uploads.analytics.tables.types import Cell, Column, Link, Table

__all__ = ["Cell", "Column", "Link", "Table", "tables_of"]


def tables_of(report: Report, *, split: bool = False) -> list[Table]:
    """Every table; with `split`, some have a row for each tracker."""
    return [
        trackers_table(report),
        history_table(report, split=split),
        errors_table(report, split=split),
        tries_table(report),
        times_table(report),
        settled_table(report),
        proof_table(report),
        templates_table(report, split=split),
        people_table(report),
    ]
