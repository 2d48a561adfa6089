"""A table with encrypted fields, known to these tests only."""

import base64

from django.apps.registry import Apps
from django.db import connection, models

from common.fields import EncryptedJSONField


class VaultRow(models.Model):
    """`secrets` must be there, `spare` may be empty or missing."""

    name = models.CharField(max_length=50, default="row")
    secrets = EncryptedJSONField(default=dict)
    spare = EncryptedJSONField(null=True, blank=True)  # type: ignore[misc]

    class Meta:
        app_label = "common"
        apps = Apps()

    def __str__(self):
        return self.name


def create_table():
    """Makes the table in the current database."""
    with connection.schema_editor() as editor:
        editor.create_model(VaultRow)


def raw_tokens(column="secrets"):
    """What the database really holds, by primary key."""
    table = connection.ops.quote_name(VaultRow._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {column} FROM {table} ORDER BY id")  # noqa: S608
        return dict(cursor.fetchall())


def key_line(key_id, byte=1):
    """`id:base64` of 32 equal bytes."""
    return f"{key_id}:{base64.b64encode(bytes([byte]) * 32).decode()}"
