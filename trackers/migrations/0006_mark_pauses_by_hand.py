from django.db import migrations, models

BY_HAND = "Paused by "  # how the reason of every pause by a person has begun


def mark(apps, schema_editor):
    """A pause that a person set before is one by hand."""
    rows = apps.get_model("trackers", "Credential").objects.exclude(paused_at=None)
    rows.filter(paused_reason__startswith=BY_HAND).update(paused_by_hand=True)


class Migration(migrations.Migration):
    dependencies = [("trackers", "0005_give_credentials_owners")]

    operations = [
        migrations.AddField(
            model_name="credential",
            name="paused_by_hand",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
