"""Rules that approve in a person's place, and what became of them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from releases.models import Library, Release, WatchFolder


class ApprovalRule(models.Model):
    """Approves drafts that meet every condition; an empty one is met by all.

    It acts on what was prepared after `active_since`: when it was switched on, or last
    changed. Deleting what a condition names deletes the rule: it would only widen.
    """

    name = models.CharField(gettext_lazy("name"), max_length=100, unique=True)
    is_active = models.BooleanField(gettext_lazy("active"), default=False)
    trackers = models.JSONField(
        gettext_lazy("trackers"),
        default=list,
        blank=True,
        help_text=gettext_lazy("None chosen: every tracker."),
    )
    kind = models.CharField(
        gettext_lazy("kind"),
        max_length=20,
        choices=Release.Kind.choices,
        blank=True,
        help_text=gettext_lazy("Empty: every kind."),
    )
    library = models.ForeignKey(
        Library,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        verbose_name=gettext_lazy("library"),
        help_text=gettext_lazy("Empty: every library."),
    )
    watch_folder = models.ForeignKey(
        WatchFolder,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        verbose_name=gettext_lazy("watch folder"),
        help_text=gettext_lazy("Only what came from this folder by itself."),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="rules_about",
        verbose_name=gettext_lazy("made by"),
        help_text=gettext_lazy("Only releases of this person."),
    )
    no_warnings = models.BooleanField(
        gettext_lazy("without warnings only"),
        default=True,
        help_text=gettext_lazy(
            "Nothing to be said about the draft, nor about the release. What may be a "
            "duplicate or another recording is never approved, nor what has errors."
        ),
    )
    active_since = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(gettext_lazy("updated at"), auto_now=True)

    class Meta:
        verbose_name = gettext_lazy("approval rule")
        verbose_name_plural = gettext_lazy("approval rules")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def conditions(self) -> dict[str, Any]:
        """What it asks for, in words that outlive the rows it names."""
        return {
            "name": self.name,
            "trackers": list(self.trackers),
            "kind": self.kind,
            "library": str(self.library or ""),
            "watch_folder": str(self.watch_folder or ""),
            "made_by": str(self.made_by or ""),
            "no_warnings": self.no_warnings,
        }


class RuleEvent(models.Model):
    """One change of a rule, append-only: who, what, and its conditions afterwards."""

    class Action(models.TextChoices):
        MADE = "made", gettext_lazy("Made")
        CHANGED = "changed", gettext_lazy("Changed")
        SWITCHED_ON = "on", gettext_lazy("Switched on")
        SWITCHED_OFF = "off", gettext_lazy("Switched off")
        DELETED = "deleted", gettext_lazy("Deleted")

    rule = models.ForeignKey(
        ApprovalRule,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="events",
    )
    action = models.CharField(max_length=10, choices=Action.choices)
    conditions = models.JSONField(default=dict)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = gettext_lazy("rule event")
        verbose_name_plural = gettext_lazy("rule events")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.conditions.get('name', '')}: {self.get_action_display()}"


class RuleCheck(models.Model):
    """That the rules were asked about a release, at which revision, with what answer.

    `reasons` are sentences for people: why no rule approved a draft.
    """

    release = models.OneToOneField(
        Release, on_delete=models.CASCADE, related_name="rule_check"
    )
    revision = models.PositiveIntegerField()
    reasons = models.JSONField(default=list)
    checked_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.release_id} at {self.revision}"
