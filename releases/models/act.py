"""What people did to a release without moving it to another state."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from releases.models.release import Release


class ActQuerySet(models.QuerySet["ReleaseAct"]):
    """What people did."""

    def edits(self) -> "ActQuerySet":
        """Changes of the metadata that can be undone, or were; the newest first."""
        return self.filter(before__isnull=False).order_by("-pk")


class ReleaseAct(models.Model):
    """One thing that a person did; nothing of it changes but `undone_at`.

    `changes` are the fields that were edited: [{"field", "old", "new"}, …], as texts,
    cut. Not among the events: those are moves, and are counted on.

    An edit of the metadata has `before` and `after`, by which the newest one that
    stands can be undone: they map fields to {"value"} where a person insisted on
    something (None: left out on purpose), and to {} where the sources spoke.
    """

    class What(models.TextChoices):
        METADATA = "metadata", _("Edited the metadata")
        WISHES = "wishes", _("Corrected kind or trackers")
        PREPARE = "prepare", _("Asked for a preparation")
        CANCEL = "cancel", _("Cancelled a preparation")

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="acts")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True
    )
    what = models.CharField(max_length=10, choices=What.choices)
    changes = models.JSONField(default=list)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    undone_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ActQuerySet.as_manager()

    class Meta:
        verbose_name = _("release act")
        verbose_name_plural = _("release acts")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["actor", "-created_at", "-id"], name="release_act_of_person"
            )
        ]

    def __str__(self) -> str:
        return self.get_what_display()
