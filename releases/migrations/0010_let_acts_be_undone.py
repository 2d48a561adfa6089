from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("releases", "0009_remember_acts")]

    operations = [
        migrations.AddField(
            model_name="releaseact",
            name="before",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="releaseact",
            name="after",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="releaseact",
            name="undone_at",
            field=models.DateTimeField(null=True),
        ),
    ]
