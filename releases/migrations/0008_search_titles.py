"""Lets PostgreSQL find words inside of titles and names without reading every row."""

from django.apps.registry import Apps
from django.db import DatabaseError, migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

INDEXES = {"release_title_words": "title", "release_name_words": "name"}


def make(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Without the right to add the extension, searches read every row as before."""
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return
    for name, column in INDEXES.items():
        schema_editor.execute(
            f"CREATE INDEX IF NOT EXISTS {name} ON releases_release "
            f"USING gin (UPPER({column}::text) gin_trgm_ops)"
        )


def drop(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The extension stays: something else may use it."""
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("releases", "0007_add_watch_folders")]

    operations = [migrations.RunPython(make, drop)]
