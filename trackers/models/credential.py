"""The accounts at the trackers."""

from django.db import models

from common.fields import EncryptedJSONField
from trackers.models.tracker import Tracker


class Credential(models.Model):
    """One account's secrets at one tracker; the lowest `priority` is used.

    Those after it are used only where they may take over (`takes_over`), and only while
    all before them are paused.

    `values` maps the names of the adapter's credential fields to their values. A
    paused credential is not used until a person, or a good test, resumes it.
    """

    tracker = models.ForeignKey(
        Tracker, on_delete=models.CASCADE, related_name="credentials"
    )
    label = models.CharField(max_length=100, help_text="Whose account this is.")
    values = EncryptedJSONField(default=dict)
    priority = models.PositiveSmallIntegerField(default=10)
    takes_over = models.BooleanField(
        "may take over",
        default=False,
        help_text="Is used while the accounts before it are paused.",
    )
    is_active = models.BooleanField("active", default=True)
    paused_at = models.DateTimeField(null=True, blank=True, editable=False)
    paused_reason = models.CharField(max_length=500, blank=True, editable=False)
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    check_ok = models.BooleanField(null=True, editable=False)
    check_message = models.CharField(max_length=500, blank=True, editable=False)
    rotated_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["tracker__name", "priority", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tracker", "label"], name="credential_label_once_per_tracker"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tracker.name}: {self.label}"

    @property
    def usable(self) -> bool:
        """Whether a worker may use it now."""
        return self.is_active and self.paused_at is None
