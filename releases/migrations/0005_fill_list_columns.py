"""Fill what the list shows and searches, from the metadata that is there."""

import unicodedata
from typing import Any

from django.db import migrations

BATCH = 500
COLUMNS = ["author", "narrator", "search_text"]


def fold(text: str) -> str:
    """Without case and accents, as releases/listing.py did when this was written."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def names(metadata: Any, field: str) -> list[str]:
    """The names of a field of people, whatever stands there."""
    entry = metadata.get(field) if isinstance(metadata, dict) else None
    value = entry.get("value") if isinstance(entry, dict) else None
    return [
        str(one["name"])
        for one in (value if isinstance(value, list) else ())
        if isinstance(one, dict) and one.get("name")
    ]


def named(found: list[str]) -> str:
    """The first three, and how many more."""
    more = len(found) - 3
    text = ", ".join(found[:3])
    return (f"{text} and {more} more" if more > 0 else text)[:200]


def fill(apps: Any, schema_editor: Any) -> None:
    """Every release, in batches that hold no more than a few megabytes."""
    release = apps.get_model("releases", "Release")
    last = 0
    while True:
        rows = list(
            release.objects.filter(pk__gt=last)
            .order_by("pk")
            .only("title", "name", "asin", "source_path", "metadata", *COLUMNS)[:BATCH]
        )
        if not rows:
            return
        for row in rows:
            authors = names(row.metadata, "authors")
            narrators = names(row.metadata, "narrators")
            row.author, row.narrator = named(authors), named(narrators)
            parts = (
                (row.title or row.name)[:160],
                ", ".join(authors)[:100],
                ", ".join(narrators)[:100],
                row.asin,
            )
            text = fold("\n".join(filter(None, parts)))
            path = fold(row.source_path)[-(600 - len(text) - 1) :]
            row.search_text = f"{text}\n{path}"[:600]
        release.objects.bulk_update(rows, COLUMNS)
        last = rows[-1].pk


class Migration(migrations.Migration):
    """Data only; backwards the columns go with the migration before."""

    dependencies = [("releases", "0004_add_list_edits_views")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
