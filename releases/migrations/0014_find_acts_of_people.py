"""What a person did lately, and what waits, is found without sorting all of it."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("releases", "0013_name_what_people_read"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="release",
            index=models.Index(
                condition=models.Q(("state", "ready")),
                fields=["-prepared_at", "-id"],
                name="release_ready_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="releaseact",
            index=models.Index(
                fields=["actor", "-created_at", "-id"], name="release_act_of_person"
            ),
        ),
        migrations.AddIndex(
            model_name="releaseevent",
            index=models.Index(
                condition=models.Q(("actor__isnull", False)),
                fields=["actor", "-created_at", "-id"],
                name="release_event_of_person",
            ),
        ),
    ]
