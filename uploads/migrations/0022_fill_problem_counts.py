"""Count problems and duplicates of what there is, in batches that end by themselves."""

from collections import defaultdict
from typing import Any

from django.db import migrations
from django.db.models import Max, Q

BATCH = 5_000
WARNED_OF = ("sure", "likely")


def fill(apps: Any, schema_editor: Any) -> None:
    """Uploads and searches. Most have nothing to count, and few numbers are different."""
    for rows in _batches(apps.get_model("uploads", "Upload").objects.order_by()):
        found = defaultdict(list)
        said = rows.exclude(Q(problems=[]) & Q(duplicates=[]))
        for pk, problems, ours in said.values_list("pk", "problems", "duplicates"):
            severities = [problem.get("severity") for problem in problems]
            errors, warnings = severities.count("error"), severities.count("warning")
            found[errors, warnings, len(ours)].append(pk)
        for (errors, warnings, ours), ids in found.items():
            counts = {"errors": errors, "warnings": warnings, "own_duplicates": ours}
            rows.filter(pk__in=ids).update(**counts)
    for rows in _batches(
        apps.get_model("uploads", "DuplicateSearch").objects.order_by()
    ):
        found = defaultdict(list)
        for pk, torrents in rows.exclude(found=[]).values_list("pk", "found"):
            warned = sum(one.get("strength") in WARNED_OF for one in torrents)
            found[warned].append(pk)
        for warned, ids in found.items():
            rows.filter(pk__in=ids).update(warned=warned)


def _batches(rows: Any) -> Any:
    """The rows in pieces, by their ids."""
    last = rows.aggregate(last=Max("pk"))["last"] or 0
    for start in range(0, last + 1, BATCH):
        yield rows.filter(pk__gte=start, pk__lt=start + BATCH)


class Migration(migrations.Migration):
    """Data only, each batch by itself; it may run again."""

    atomic = False
    dependencies = [("uploads", "0021_count_problems")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
