"""docs/analytics.md explains every figure that the page shows."""

import re

import pytest

from tests.unit.docs.reading import document
from uploads.analytics.figures import report
from uploads.analytics.results import FAILED, RESULTS, outcomes_of
from uploads.analytics.scope import scope_of
from uploads.analytics.tables import tables_of

PAGE = document("docs/analytics.md")
# The page's part for each table, where it is called otherwise than the table.
PARTS = {
    "history": "Over time",
    "templates": "By template version, by who approved",
    "people": "By template version, by who approved",
}


def explained(part):
    """The names in the first cells of the tables below a heading."""
    text = PAGE.partition(f"\n## {part}\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE)
    return {name.strip() for cell in cells for name in cell.split(",")}


@pytest.mark.django_db
@pytest.mark.parametrize("period", ["7", "90", "365"])
@pytest.mark.parametrize("split", [False, True])
def test_every_column_is_explained_under_its_table(period, split):
    scope = scope_of({"period": period})
    for table in tables_of(report(scope, split=split), split=split):
        names = explained(PARTS.get(table.key, table.title))
        for column in table.columns:
            name, _, measure = column.title.partition(", ")
            if name == "Tracker":
                continue
            assert name in names, (table.key, column.title)
            assert not measure or f"{name}, {measure}".split(",")[0] in names
            assert not measure or any(measure in other for other in names)


def test_every_outcome_that_is_no_failure_is_named_with_its_result():
    for result in RESULTS:
        if result == FAILED:
            continue
        row = next(
            line
            for line in PAGE.splitlines()
            if line.startswith(f"| {result.replace('_', ' ').capitalize()} |")
        )
        assert set(re.findall(r"`(\w+)`", row)) == set(outcomes_of(result))
