"""What a person did lately is found without sorting all they ever did."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("releases", "0014_find_acts_of_people"),
        ("uploads", "0022_fill_problem_counts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="approval",
            index=models.Index(
                fields=["actor", "-decided_at", "-id"], name="approval_of_person"
            ),
        ),
        migrations.AddIndex(
            model_name="uploadevent",
            index=models.Index(
                condition=models.Q(("actor__isnull", False)),
                fields=["actor", "-created_at", "-id"],
                name="event_of_person",
            ),
        ),
    ]
