"""What people did to a release without moving it to another state."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from releases.models.release import Release


class ReleaseAct(models.Model):
    """One thing that a person did, append-only.

    `changes` are the fields that were edited: [{"field", "old", "new"}, …], as texts,
    cut. Not among the events: those are moves, and are counted on.
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
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["actor", "-created_at", "-id"], name="release_act_of_person"
            )
        ]

    def __str__(self) -> str:
        return self.get_what_display()
