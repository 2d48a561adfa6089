"""A torrent client that a library uses is not deleted; the database stays as it is."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("releases", "0016_search_asins"),
    ]

    operations = [
        migrations.AlterField(
            model_name="library",
            name="torrent_client",
            field=models.ForeignKey(
                blank=True,
                help_text="Seeds what is uploaded from here. Empty: Herald does not seed it.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="libraries",
                to="releases.torrentclient",
                verbose_name="torrent client",
            ),
        ),
    ]
