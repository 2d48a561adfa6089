"""Names of tables and columns that pages can translate: the database stays as it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("config", "0002_store_answers"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelOptions(
                    name="storedanswer",
                    options={
                        "default_permissions": (),
                        "verbose_name": "stored answer",
                        "verbose_name_plural": "stored answers",
                    },
                ),
                migrations.AlterModelOptions(
                    name="tokenlabel",
                    options={
                        "default_permissions": (),
                        "verbose_name": "token label",
                        "verbose_name_plural": "token labels",
                    },
                ),
            ]
        )
    ]
