"""Drafts from before are asked for as well: their searches are due at once."""

from django.db import migrations
from django.utils import timezone

BATCH = 500


def ask(apps, schema_editor):
    """Make a search for each draft; what it asks for is found out when it does."""
    search = apps.get_model("uploads", "DuplicateSearch")
    uploads = apps.get_model("uploads", "Upload").objects
    drafts = uploads.filter(status="draft", duplicate_search=None).exclude(digest="")
    now = timezone.now()
    while rows := list(drafts.order_by("pk").values_list("pk", "tracker_id")[:BATCH]):
        search.objects.bulk_create(
            search(upload_id=pk, tracker_id=tracker, due_at=now) for pk, tracker in rows
        )


class Migration(migrations.Migration):
    dependencies = [
        ("uploads", "0014_search_for_duplicates"),
    ]

    operations = [
        migrations.RunPython(ask, migrations.RunPython.noop, elidable=True),
    ]
