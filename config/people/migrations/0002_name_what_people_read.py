"""Names of tables and columns that pages can translate: the database stays as it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_first_models"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelOptions(
                    name="backupcode",
                    options={
                        "verbose_name": "backup code",
                        "verbose_name_plural": "backup codes",
                    },
                ),
                migrations.AlterModelOptions(
                    name="personevent",
                    options={
                        "ordering": ["-pk"],
                        "verbose_name": "person event",
                        "verbose_name_plural": "person events",
                    },
                ),
                migrations.AlterModelOptions(
                    name="preferences",
                    options={
                        "verbose_name": "preferences",
                        "verbose_name_plural": "preferences",
                    },
                ),
                migrations.AlterModelOptions(
                    name="secondfactor",
                    options={
                        "verbose_name": "second factor",
                        "verbose_name_plural": "second factors",
                    },
                ),
            ]
        )
    ]
