"""Every move of an upload, with its reason, time and actor."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from uploads.models.upload import Upload


class UploadEvent(models.Model):
    """One move between states, append-only.

    `evidence` is what the tracker was asked for it: [{"way", "asked", "found"}, …],
    for people and without secrets.
    """

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="events")
    old = models.CharField(max_length=20, blank=True)
    new = models.CharField(max_length=20)
    reason = models.CharField(max_length=500, blank=True)
    evidence = models.JSONField(default=list, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(old="unknown") & ~Q(new="unknown"),
                name="event_settled",
            ),
            models.Index(fields=["created_at", "id"], name="event_moment"),
            models.Index(fields=["new", "id"], name="event_new"),
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"
