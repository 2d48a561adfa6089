"""Every move of a release, with its reason, time and actor."""

from django.conf import settings
from django.db import models

from releases.models.release import Release


class ReleaseEvent(models.Model):
    """One move between states, append-only."""

    release = models.ForeignKey(
        Release, on_delete=models.CASCADE, related_name="events"
    )
    old = models.CharField(max_length=20, blank=True)
    new = models.CharField(max_length=20)
    reason = models.CharField(max_length=500, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        # What a person did lately, among all that workers did.
        indexes = [
            models.Index(
                fields=["actor", "-created_at", "-id"],
                condition=models.Q(actor__isnull=False),
                name="release_event_of_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"
