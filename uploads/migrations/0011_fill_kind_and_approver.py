"""What uploads and attempts of before say about their kind, tracker and approver."""

from collections.abc import Iterator
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Max, OuterRef, QuerySet, Subquery

BATCH = 5_000


def batches(rows: QuerySet[Any]) -> Iterator[QuerySet[Any]]:
    """The rows in pieces, by their ids."""
    last = rows.aggregate(last=Max("pk"))["last"] or 0
    for start in range(0, last + 1, BATCH):
        yield rows.filter(pk__gte=start, pk__lt=start + BATCH)


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Kinds from the releases, trackers from the uploads, people from approvals."""
    uploads = apps.get_model("uploads", "Upload").objects
    attempts = apps.get_model("uploads", "UploadAttempt").objects
    releases = apps.get_model("releases", "Release").objects
    kinds = releases.filter(pk=OuterRef("release_id")).values("kind")[:1]
    for rows in batches(uploads.all()):
        rows.update(kind=Subquery(kinds))
    own = uploads.filter(pk=OuterRef("upload_id"))
    for rows in batches(attempts.all()):
        rows.update(
            tracker_id=Subquery(own.values("tracker_id")[:1]),
            kind=Subquery(own.values("kind")[:1]),
        )
    # The last approval of an upload before an attempt is the one it was made under.
    approvals = apps.get_model("uploads", "Approval").objects
    made = approvals.filter(decision="approved").order_by("pk")
    for approval in made.iterator(chunk_size=BATCH):
        chosen = [int(key) for key in approval.digests]
        attempts.filter(upload__in=chosen, started_at__gte=approval.decided_at).update(
            approver_id=approval.actor_id
        )
        uploads.filter(pk__in=chosen, approved_at__isnull=False).update(
            approved_by_id=approval.actor_id
        )


class Migration(migrations.Migration):
    dependencies = [("uploads", "0010_note_kind_and_approver")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
