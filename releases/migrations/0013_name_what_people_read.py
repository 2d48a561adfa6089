"""Names of tables and columns that pages can translate: the database stays as it is."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("releases", "0012_drop_edits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelOptions(
                    name="candidate",
                    options={
                        "ordering": ["-seen_at", "-pk"],
                        "verbose_name": "candidate",
                        "verbose_name_plural": "candidates",
                    },
                ),
                migrations.AlterModelOptions(
                    name="library",
                    options={
                        "ordering": ["name"],
                        "verbose_name": "library",
                        "verbose_name_plural": "libraries",
                    },
                ),
                migrations.AlterModelOptions(
                    name="metadatarecord",
                    options={
                        "ordering": ["-pk"],
                        "verbose_name": "metadata record",
                        "verbose_name_plural": "metadata records",
                    },
                ),
                migrations.AlterModelOptions(
                    name="provideranswer",
                    options={
                        "verbose_name": "provider answer",
                        "verbose_name_plural": "provider answers",
                    },
                ),
                migrations.AlterModelOptions(
                    name="release",
                    options={
                        "ordering": ["-created_at", "-pk"],
                        "permissions": [("prepare_release", "Can prepare releases")],
                        "verbose_name": "release",
                        "verbose_name_plural": "releases",
                    },
                ),
                migrations.AlterModelOptions(
                    name="releaseact",
                    options={
                        "ordering": ["pk"],
                        "verbose_name": "release act",
                        "verbose_name_plural": "release acts",
                    },
                ),
                migrations.AlterModelOptions(
                    name="releaseevent",
                    options={
                        "ordering": ["pk"],
                        "verbose_name": "release event",
                        "verbose_name_plural": "release events",
                    },
                ),
                migrations.AlterModelOptions(
                    name="releasefile",
                    options={
                        "ordering": ["position"],
                        "verbose_name": "release file",
                        "verbose_name_plural": "release files",
                    },
                ),
                migrations.AlterModelOptions(
                    name="savedview",
                    options={
                        "ordering": ["name", "pk"],
                        "verbose_name": "saved view",
                        "verbose_name_plural": "saved views",
                    },
                ),
                migrations.AlterModelOptions(
                    name="torrent",
                    options={
                        "ordering": ["-pk"],
                        "verbose_name": "torrent",
                        "verbose_name_plural": "torrents",
                    },
                ),
                migrations.AlterModelOptions(
                    name="torrentclient",
                    options={
                        "ordering": ["name"],
                        "verbose_name": "torrent client",
                        "verbose_name_plural": "torrent clients",
                    },
                ),
                migrations.AlterModelOptions(
                    name="watchfolder",
                    options={
                        "ordering": ["library__name", "path"],
                        "verbose_name": "watch folder",
                        "verbose_name_plural": "watch folders",
                    },
                ),
                migrations.AlterField(
                    model_name="candidate",
                    name="looked_at",
                    field=models.DateTimeField(
                        blank=True, null=True, verbose_name="looked at"
                    ),
                ),
                migrations.AlterField(
                    model_name="candidate",
                    name="path",
                    field=models.CharField(max_length=2000, verbose_name="path"),
                ),
                migrations.AlterField(
                    model_name="candidate",
                    name="seen_at",
                    field=models.DateTimeField(
                        auto_now_add=True, verbose_name="seen at"
                    ),
                ),
                migrations.AlterField(
                    model_name="candidate",
                    name="state",
                    field=models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("skipped", "Skipped"),
                            ("taken", "Taken"),
                            ("known", "Already a release"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                migrations.AlterField(
                    model_name="candidate",
                    name="watch",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="candidates",
                        to="releases.watchfolder",
                        verbose_name="watch",
                    ),
                ),
                migrations.AlterField(
                    model_name="library",
                    name="client_path",
                    field=models.CharField(
                        blank=True,
                        help_text="The same folder as the torrent client names it. Empty: the same.",
                        max_length=1000,
                        verbose_name="client path",
                    ),
                ),
                migrations.AlterField(
                    model_name="library",
                    name="name",
                    field=models.CharField(
                        max_length=100, unique=True, verbose_name="name"
                    ),
                ),
                migrations.AlterField(
                    model_name="library",
                    name="path",
                    field=models.CharField(
                        help_text="Absolute path of the folder as this machine sees it.",
                        max_length=1000,
                        unique=True,
                        verbose_name="path",
                    ),
                ),
                migrations.AlterField(
                    model_name="library",
                    name="torrent_client",
                    field=models.ForeignKey(
                        blank=True,
                        help_text="Seeds what is uploaded from here. Empty: Herald does not seed it.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="libraries",
                        to="releases.torrentclient",
                        verbose_name="torrent client",
                    ),
                ),
                migrations.AlterField(
                    model_name="metadatarecord",
                    name="fetched_at",
                    field=models.DateTimeField(
                        auto_now_add=True, verbose_name="fetched at"
                    ),
                ),
                migrations.AlterField(
                    model_name="metadatarecord",
                    name="source",
                    field=models.CharField(
                        choices=[
                            ("tags", "Tags"),
                            ("names", "Names"),
                            ("audnexus", "Audnexus"),
                        ],
                        max_length=30,
                        verbose_name="source",
                    ),
                ),
                migrations.AlterField(
                    model_name="provideranswer",
                    name="expires_at",
                    field=models.DateTimeField(
                        db_index=True, verbose_name="expires at"
                    ),
                ),
                migrations.AlterField(
                    model_name="provideranswer",
                    name="key",
                    field=models.CharField(
                        max_length=200, unique=True, verbose_name="key"
                    ),
                ),
                migrations.AlterField(
                    model_name="release",
                    name="author",
                    field=models.CharField(
                        blank=True,
                        help_text="For lists.",
                        max_length=200,
                        verbose_name="author",
                    ),
                ),
                migrations.AlterField(
                    model_name="release",
                    name="created_at",
                    field=models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="created at"
                    ),
                ),
                migrations.AlterField(
                    model_name="release",
                    name="kind",
                    field=models.CharField(
                        blank=True,
                        choices=[
                            ("audiobook", "Audiobook"),
                            ("music", "Music"),
                            ("tv", "TV"),
                            ("film", "Film"),
                            ("other", "Other"),
                        ],
                        help_text="Empty until it is known from the files.",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                migrations.AlterField(
                    model_name="release",
                    name="library",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="releases.library",
                        verbose_name="library",
                    ),
                ),
                migrations.AlterField(
                    model_name="release",
                    name="name",
                    field=models.CharField(
                        help_text="Top name inside the torrent.",
                        max_length=255,
                        verbose_name="name",
                    ),
                ),
                migrations.AlterField(
                    model_name="release",
                    name="narrator",
                    field=models.CharField(
                        blank=True,
                        help_text="For lists.",
                        max_length=200,
                        verbose_name="narrator",
                    ),
                ),
                migrations.AlterField(
                    model_name="release",
                    name="state",
                    field=models.CharField(
                        choices=[
                            ("new", "New"),
                            ("preparing", "Preparing"),
                            ("ready", "Ready"),
                            ("approved", "Approved"),
                            ("published", "Published"),
                            ("rejected", "Rejected"),
                            ("failed", "Failed"),
                        ],
                        db_index=True,
                        default="new",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                migrations.AlterField(
                    model_name="release",
                    name="title",
                    field=models.CharField(
                        blank=True,
                        help_text="For lists.",
                        max_length=500,
                        verbose_name="title",
                    ),
                ),
                migrations.AlterField(
                    model_name="releaseevent",
                    name="actor",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="actor",
                    ),
                ),
                migrations.AlterField(
                    model_name="releaseevent",
                    name="created_at",
                    field=models.DateTimeField(
                        auto_now_add=True, verbose_name="created at"
                    ),
                ),
                migrations.AlterField(
                    model_name="releaseevent",
                    name="new",
                    field=models.CharField(max_length=20, verbose_name="new"),
                ),
                migrations.AlterField(
                    model_name="releaseevent",
                    name="old",
                    field=models.CharField(
                        blank=True, max_length=20, verbose_name="old"
                    ),
                ),
                migrations.AlterField(
                    model_name="releaseevent",
                    name="reason",
                    field=models.CharField(
                        blank=True, max_length=500, verbose_name="reason"
                    ),
                ),
                migrations.AlterField(
                    model_name="releasefile",
                    name="included",
                    field=models.BooleanField(default=True, verbose_name="included"),
                ),
                migrations.AlterField(
                    model_name="releasefile",
                    name="kind",
                    field=models.CharField(
                        choices=[
                            ("audio", "Audio"),
                            ("image", "Image"),
                            ("text", "Text"),
                            ("video", "Video"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                migrations.AlterField(
                    model_name="releasefile",
                    name="note",
                    field=models.CharField(
                        blank=True, max_length=300, verbose_name="note"
                    ),
                ),
                migrations.AlterField(
                    model_name="releasefile",
                    name="path",
                    field=models.CharField(max_length=2000, verbose_name="path"),
                ),
                migrations.AlterField(
                    model_name="releasefile",
                    name="position",
                    field=models.PositiveIntegerField(verbose_name="position"),
                ),
                migrations.AlterField(
                    model_name="releasefile",
                    name="size",
                    field=models.BigIntegerField(
                        help_text="Bytes.", verbose_name="size"
                    ),
                ),
                migrations.AlterField(
                    model_name="torrent",
                    name="created_at",
                    field=models.DateTimeField(
                        auto_now_add=True, verbose_name="created at"
                    ),
                ),
                migrations.AlterField(
                    model_name="torrent",
                    name="engine",
                    field=models.CharField(max_length=40, verbose_name="engine"),
                ),
                migrations.AlterField(
                    model_name="torrent",
                    name="fingerprint",
                    field=models.CharField(max_length=64, verbose_name="fingerprint"),
                ),
                migrations.AlterField(
                    model_name="torrent",
                    name="is_single",
                    field=models.BooleanField(default=False, verbose_name="is single"),
                ),
                migrations.AlterField(
                    model_name="torrent",
                    name="name",
                    field=models.CharField(max_length=255, verbose_name="name"),
                ),
                migrations.AlterField(
                    model_name="torrentclient",
                    name="category",
                    field=models.CharField(
                        blank=True,
                        default="herald",
                        help_text="Given to each torrent.",
                        max_length=100,
                        verbose_name="category",
                    ),
                ),
                migrations.AlterField(
                    model_name="torrentclient",
                    name="checked_at",
                    field=models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="checked at"
                    ),
                ),
                migrations.AlterField(
                    model_name="torrentclient",
                    name="name",
                    field=models.CharField(
                        max_length=100, unique=True, verbose_name="name"
                    ),
                ),
                migrations.AlterField(
                    model_name="torrentclient",
                    name="tags",
                    field=models.CharField(
                        blank=True,
                        help_text="Comma separated; the tracker is added.",
                        max_length=200,
                        verbose_name="tags",
                    ),
                ),
                migrations.AlterField(
                    model_name="watchfolder",
                    name="depth",
                    field=models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Directly inside"),
                            (2, "One folder further down, such as Author/Title"),
                            (
                                3,
                                "Two folders further down, such as Author/Series/Title",
                            ),
                        ],
                        default=1,
                        help_text="Where the releases lie. Each folder there is one, and each single audio or video file on the way.",
                        verbose_name="depth",
                    ),
                ),
                migrations.AlterField(
                    model_name="watchfolder",
                    name="kind",
                    field=models.CharField(
                        blank=True,
                        choices=[
                            ("audiobook", "Audiobook"),
                            ("music", "Music"),
                            ("tv", "TV"),
                            ("film", "Film"),
                            ("other", "Other"),
                        ],
                        help_text="Empty: found out from the files.",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                migrations.AlterField(
                    model_name="watchfolder",
                    name="library",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="watch_folders",
                        to="releases.library",
                        verbose_name="library",
                    ),
                ),
                migrations.AlterField(
                    model_name="watchfolder",
                    name="owner",
                    field=models.ForeignKey(
                        blank=True,
                        help_text="Whose releases these are. Empty: nobody's.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="watch_folders",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                migrations.AlterField(
                    model_name="watchfolder",
                    name="scanned_at",
                    field=models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="scanned at"
                    ),
                ),
            ]
        )
    ]
