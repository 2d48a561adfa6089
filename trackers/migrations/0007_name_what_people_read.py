"""Names of tables and columns that pages can translate: the database stays as it is."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.fields


class Migration(migrations.Migration):
    dependencies = [
        ("trackers", "0006_mark_pauses_by_hand"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelOptions(
                    name="credential",
                    options={
                        "ordering": ["tracker__name", "priority", "pk"],
                        "permissions": [
                            ("own_credential", "Can keep accounts of their own")
                        ],
                        "verbose_name": "credential",
                        "verbose_name_plural": "credentials",
                    },
                ),
                migrations.AlterModelOptions(
                    name="requestbudget",
                    options={
                        "verbose_name": "request budget",
                        "verbose_name_plural": "request budgets",
                    },
                ),
                migrations.AlterModelOptions(
                    name="template",
                    options={
                        "ordering": ["name"],
                        "verbose_name": "template",
                        "verbose_name_plural": "templates",
                    },
                ),
                migrations.AlterModelOptions(
                    name="templatechoice",
                    options={
                        "ordering": ["tracker", "kind"],
                        "verbose_name": "template choice",
                        "verbose_name_plural": "template choices",
                    },
                ),
                migrations.AlterModelOptions(
                    name="templateversion",
                    options={
                        "ordering": ["template", "-number"],
                        "verbose_name": "template version",
                        "verbose_name_plural": "template versions",
                    },
                ),
                migrations.AlterModelOptions(
                    name="tracker",
                    options={
                        "ordering": ["name"],
                        "verbose_name": "tracker",
                        "verbose_name_plural": "trackers",
                    },
                ),
                migrations.AlterField(
                    model_name="credential",
                    name="checked_at",
                    field=models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="checked at"
                    ),
                ),
                migrations.AlterField(
                    model_name="credential",
                    name="created_at",
                    field=models.DateTimeField(
                        auto_now_add=True, verbose_name="created at"
                    ),
                ),
                migrations.AlterField(
                    model_name="credential",
                    name="label",
                    field=models.CharField(
                        help_text="Whose account this is.",
                        max_length=100,
                        verbose_name="label",
                    ),
                ),
                migrations.AlterField(
                    model_name="credential",
                    name="owner",
                    field=models.ForeignKey(
                        blank=True,
                        help_text="Whose own account it is; empty: it is shared.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="credentials",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                migrations.AlterField(
                    model_name="credential",
                    name="paused_at",
                    field=models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="paused at"
                    ),
                ),
                migrations.AlterField(
                    model_name="credential",
                    name="priority",
                    field=models.PositiveSmallIntegerField(
                        default=10, verbose_name="priority"
                    ),
                ),
                migrations.AlterField(
                    model_name="credential",
                    name="rotated_at",
                    field=models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="rotated at"
                    ),
                ),
                migrations.AlterField(
                    model_name="credential",
                    name="tracker",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="credentials",
                        to="trackers.tracker",
                        verbose_name="tracker",
                    ),
                ),
                migrations.AlterField(
                    model_name="credential",
                    name="values",
                    field=common.fields.EncryptedJSONField(
                        default=dict, verbose_name="values"
                    ),
                ),
                migrations.AlterField(
                    model_name="requestbudget",
                    name="action",
                    field=models.CharField(
                        blank=True, max_length=20, verbose_name="action"
                    ),
                ),
                migrations.AlterField(
                    model_name="requestbudget",
                    name="blocked_until",
                    field=models.DateTimeField(
                        blank=True, null=True, verbose_name="blocked until"
                    ),
                ),
                migrations.AlterField(
                    model_name="requestbudget",
                    name="credential",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="budgets",
                        to="trackers.credential",
                        verbose_name="credential",
                    ),
                ),
                migrations.AlterField(
                    model_name="template",
                    name="created_at",
                    field=models.DateTimeField(
                        auto_now_add=True, verbose_name="created at"
                    ),
                ),
                migrations.AlterField(
                    model_name="template",
                    name="family",
                    field=models.CharField(max_length=30, verbose_name="family"),
                ),
                migrations.AlterField(
                    model_name="template",
                    name="is_builtin",
                    field=models.BooleanField(
                        default=False, editable=False, verbose_name="is builtin"
                    ),
                ),
                migrations.AlterField(
                    model_name="template",
                    name="kind",
                    field=models.CharField(
                        default="audiobook", max_length=20, verbose_name="kind"
                    ),
                ),
                migrations.AlterField(
                    model_name="template",
                    name="layout",
                    field=models.ForeignKey(
                        blank=True,
                        help_text="Supplies the fields that this template leaves out.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extended_by",
                        to="trackers.template",
                        verbose_name="layout",
                    ),
                ),
                migrations.AlterField(
                    model_name="template",
                    name="name",
                    field=models.CharField(max_length=100, verbose_name="name"),
                ),
                migrations.AlterField(
                    model_name="template",
                    name="slug",
                    field=models.SlugField(
                        max_length=80, unique=True, verbose_name="slug"
                    ),
                ),
                migrations.AlterField(
                    model_name="templatechoice",
                    name="kind",
                    field=models.CharField(max_length=20, verbose_name="kind"),
                ),
                migrations.AlterField(
                    model_name="templatechoice",
                    name="template",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="choices",
                        to="trackers.template",
                        verbose_name="template",
                    ),
                ),
                migrations.AlterField(
                    model_name="templatechoice",
                    name="tracker",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="template_choices",
                        to="trackers.tracker",
                        verbose_name="tracker",
                    ),
                ),
                migrations.AlterField(
                    model_name="templateversion",
                    name="author",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                migrations.AlterField(
                    model_name="templateversion",
                    name="created_at",
                    field=models.DateTimeField(
                        auto_now_add=True, verbose_name="created at"
                    ),
                ),
                migrations.AlterField(
                    model_name="templateversion",
                    name="note",
                    field=models.CharField(
                        blank=True, max_length=300, verbose_name="note"
                    ),
                ),
                migrations.AlterField(
                    model_name="templateversion",
                    name="number",
                    field=models.PositiveIntegerField(verbose_name="number"),
                ),
                migrations.AlterField(
                    model_name="templateversion",
                    name="template",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="trackers.template",
                        verbose_name="template",
                    ),
                ),
                migrations.AlterField(
                    model_name="tracker",
                    name="budget_requests",
                    field=models.PositiveIntegerField(
                        default=5, verbose_name="budget requests"
                    ),
                ),
                migrations.AlterField(
                    model_name="tracker",
                    name="budget_seconds",
                    field=models.PositiveIntegerField(
                        default=10, verbose_name="budget seconds"
                    ),
                ),
                migrations.AlterField(
                    model_name="tracker",
                    name="family",
                    field=models.CharField(max_length=30, verbose_name="family"),
                ),
                migrations.AlterField(
                    model_name="tracker",
                    name="kinds",
                    field=models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Kinds of release it takes; empty: all.",
                        verbose_name="kinds",
                    ),
                ),
                migrations.AlterField(
                    model_name="tracker",
                    name="name",
                    field=models.CharField(max_length=100, verbose_name="name"),
                ),
                migrations.AlterField(
                    model_name="tracker",
                    name="slug",
                    field=models.SlugField(
                        max_length=40, unique=True, verbose_name="slug"
                    ),
                ),
                migrations.AlterField(
                    model_name="tracker",
                    name="source_flag",
                    field=models.CharField(
                        blank=True, max_length=50, verbose_name="source flag"
                    ),
                ),
            ]
        )
    ]
