"""How many problems and duplicates a draft has, beside the problems and duplicates."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("uploads", "0020_name_what_people_read")]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="errors",
            field=models.PositiveSmallIntegerField(
                default=0,
                editable=False,
                help_text="How many of the problems are errors.",
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="warnings",
            field=models.PositiveSmallIntegerField(
                default=0,
                editable=False,
                help_text="How many of the problems are warnings.",
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="own_duplicates",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, help_text="How many duplicates there are."
            ),
        ),
        migrations.AddField(
            model_name="duplicatesearch",
            name="warned",
            field=models.PositiveSmallIntegerField(
                default=0,
                editable=False,
                help_text="How many of them are sure or likely.",
            ),
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(
                fields=["errors", "release", "warnings", "own_duplicates", "id"],
                condition=models.Q(("status", "draft")),
                name="upload_drafts",
            ),
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(
                fields=["release"],
                condition=models.Q(
                    ("errors", 0),
                    ("status", "draft"),
                    models.Q(("digest", ""), _negated=True),
                ),
                name="upload_sound_drafts",
            ),
        ),
        migrations.AddIndex(
            model_name="duplicatesearch",
            index=models.Index(
                fields=["upload"],
                condition=models.Q(("warned__gt", 0)),
                name="duplicate_search_warned",
            ),
        ),
    ]
