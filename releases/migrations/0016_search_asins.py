"""Lets PostgreSQL find parts of an ASIN as it finds words in titles (0008)."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

INDEX = "release_asin_words"


def make(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Only where the extension could be added: else nothing is found by index."""
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone() is None:
            return
    schema_editor.execute(
        f"CREATE INDEX IF NOT EXISTS {INDEX} ON releases_release "
        "USING gin (UPPER(asin::text) gin_trgm_ops)"
    )


def drop(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """As it was."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("releases", "0015_find_answers")]

    operations = [migrations.RunPython(make, drop)]
