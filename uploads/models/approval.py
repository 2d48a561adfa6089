"""A person's decision."""

from django.conf import settings
from django.db import models

from releases.models import Release


class Approval(models.Model):
    """Who decided what, when, and about which exact payloads.

    `digests` maps upload ids to the digest that was shown, `forms` to the form fields
    behind it ([[name, value], …]; no secret is among them). The approval is void once
    the release changes, and `void_reason` says what changed.
    """

    class Decision(models.TextChoices):
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"

    release = models.ForeignKey(
        Release, on_delete=models.CASCADE, related_name="approvals"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    decision = models.CharField(max_length=10, choices=Decision.choices)
    note = models.TextField(blank=True)
    digests = models.JSONField(default=dict)
    forms = models.JSONField(default=dict)
    decided_at = models.DateTimeField(auto_now_add=True)
    void_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_decision_display()} by {self.actor or 'a rule'}"
