"""One try at an upload."""

from django.db import models

from trackers.models import Credential, TemplateVersion
from uploads.models.upload import Upload
from uploads.states import Outcome, Phase


class UploadAttempt(models.Model):
    """One try, append-only: once it has an outcome it never changes.

    `sending_at` is committed before the request leaves. `answer` is the site's
    answer, redacted and cut; `decision` says what Herald did next and why.
    """

    class PhaseChoice(models.TextChoices):
        CLAIMED = Phase.CLAIMED.value, "Claimed"
        SENDING = Phase.SENDING.value, "Sending"
        ANSWERED = Phase.ANSWERED.value, "Answered"

    upload = models.ForeignKey(
        Upload, on_delete=models.CASCADE, related_name="attempts"
    )
    number = models.PositiveIntegerField()
    phase = models.CharField(
        max_length=10, choices=PhaseChoice.choices, default=PhaseChoice.CLAIMED
    )
    outcome = models.CharField(
        max_length=20, blank=True, choices=[(o.value, o.value) for o in Outcome]
    )
    error_code = models.CharField(max_length=50, blank=True)
    message = models.CharField(max_length=1000, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.TextField(blank=True)
    decision = models.CharField(max_length=500, blank=True)
    worker = models.CharField(max_length=200, blank=True)
    template_version = models.ForeignKey(
        TemplateVersion, on_delete=models.PROTECT, null=True, related_name="+"
    )
    credential = models.ForeignKey(
        Credential, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    started_at = models.DateTimeField()
    sending_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["upload", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "number"], name="attempt_number_once"
            )
        ]
        indexes = [models.Index(fields=["finished_at", "outcome"], name="attempt_done")]

    def __str__(self) -> str:
        return f"Attempt {self.number} of {self.upload_id}"
