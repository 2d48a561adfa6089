"""What an upload says, field by field."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trackers.models.tracker import Tracker


class Template(models.Model):
    """A named set of fields for one kind of release on one family of sites.

    Fields it does not define come from its `layout`'s newest version.
    """

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, default="audiobook")
    family = models.CharField(_("family"), max_length=30)
    layout = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="extended_by",
        verbose_name=_("layout"),
        help_text=_("Supplies the fields that this template leaves out."),
    )
    is_builtin = models.BooleanField(_("is builtin"), default=False, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def current(self) -> "TemplateVersion | None":
        """The newest version."""
        return self.versions.order_by("-number").first()


class TemplateVersion(models.Model):
    """One immutable state of a template: field name → Liquid source."""

    template = models.ForeignKey(
        Template,
        on_delete=models.PROTECT,
        related_name="versions",
        verbose_name=_("template"),
    )
    number = models.PositiveIntegerField(_("number"))
    fields = models.JSONField(default=dict)
    layout_version = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("author"),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    checksum = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("template version")
        verbose_name_plural = _("template versions")
        ordering = ["template", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "number"], name="template_version_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.template.name} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new version; an existing one never changes."""
        if self.pk is not None:
            raise TypeError("A template version never changes; make a new one.")
        super().save(*args, **kwargs)


class TemplateChoice(models.Model):
    """Which template a tracker uses for a kind of release."""

    tracker = models.ForeignKey(
        Tracker,
        on_delete=models.CASCADE,
        related_name="template_choices",
        verbose_name=_("tracker"),
    )
    kind = models.CharField(_("kind"), max_length=20)
    template = models.ForeignKey(
        Template,
        on_delete=models.PROTECT,
        related_name="choices",
        verbose_name=_("template"),
    )

    class Meta:
        verbose_name = _("template choice")
        verbose_name_plural = _("template choices")
        ordering = ["tracker", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["tracker", "kind"], name="template_once_per_tracker_and_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tracker} {self.kind}: {self.template}"
