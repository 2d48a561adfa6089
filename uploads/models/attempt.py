"""One try at an upload."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from releases.models import Release
from trackers.models import Credential, TemplateVersion, Tracker
from uploads.models.upload import Upload
from uploads.states import Outcome, Phase


class UploadAttempt(models.Model):
    """One try, append-only: once it has an outcome it never changes.

    `sending_at` is committed before the request leaves. `answer` is the site's
    answer, redacted and cut; `decision` says what Herald did next and why. Tracker,
    kind and approver are the upload's at that moment: figures need no other row.
    """

    class PhaseChoice(models.TextChoices):
        CLAIMED = Phase.CLAIMED.value, _("Claimed")
        SENDING = Phase.SENDING.value, _("Sending")
        ANSWERED = Phase.ANSWERED.value, _("Answered")

    upload = models.ForeignKey(
        Upload,
        on_delete=models.CASCADE,
        related_name="attempts",
        verbose_name=_("upload"),
    )
    number = models.PositiveIntegerField(_("number"))
    phase = models.CharField(
        _("phase"),
        max_length=10,
        choices=PhaseChoice.choices,
        default=PhaseChoice.CLAIMED,
    )
    outcome = models.CharField(
        _("outcome"),
        max_length=20,
        blank=True,
        choices=[(o.value, o.value) for o in Outcome],
    )
    error_code = models.CharField(_("error code"), max_length=50, blank=True)
    message = models.CharField(_("message"), max_length=1000, blank=True)
    http_status = models.PositiveSmallIntegerField(
        _("http status"), null=True, blank=True
    )
    answer = models.TextField(blank=True)
    decision = models.CharField(_("decision"), max_length=500, blank=True)
    worker = models.CharField(_("worker"), max_length=200, blank=True)
    template_version = models.ForeignKey(
        TemplateVersion,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,  # its own index below serves as well
    )
    tracker = models.ForeignKey(
        Tracker,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("tracker"),
    )
    kind = models.CharField(
        _("kind"), max_length=20, blank=True, choices=Release.Kind.choices
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("approver"),
    )
    credential = models.ForeignKey(
        Credential, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    started_at = models.DateTimeField(_("started at"))
    sending_at = models.DateTimeField(_("sending at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("upload attempt")
        verbose_name_plural = _("upload attempts")
        ordering = ["upload", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "number"], name="attempt_number_once"
            )
        ]
        # What lists and figures look for, each with the order in which it is shown.
        indexes = [
            models.Index(fields=["finished_at", "outcome"], name="attempt_done"),
            # Durations are found in it alone, whatever they are narrowed to.
            models.Index(
                fields=[
                    *("tracker", "started_at", "id", "outcome", "phase"),
                    *("sending_at", "answered_at"),
                    *("kind", "approver", "template_version"),
                ],
                name="attempt_tracker",
            ),
            *(
                models.Index(fields=[*column, "started_at", "id"], name=name)
                for name, column in (
                    ("attempt_start", ()),
                    ("attempt_kind", ("kind",)),
                    ("attempt_approver", ("approver",)),
                    ("attempt_version", ("template_version",)),
                    ("attempt_outcome", ("outcome",)),
                    ("attempt_error", ("error_code",)),
                    ("attempt_try", ("number",)),
                )
            ),
            # Nearly all are answered.
            models.Index(
                fields=["phase", "started_at", "id"],
                condition=Q(phase__in=[Phase.CLAIMED.value, Phase.SENDING.value]),
                name="attempt_open",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Attempt %(number)s of upload %(upload)s") % {
            "number": self.number,
            "upload": self.upload_id,
        }

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store it; a new one takes over what its upload is at this moment."""
        if self._state.adding and self.tracker_id is None:
            self.tracker_id = self.upload.tracker_id
            self.kind = self.upload.kind
            self.approver_id = self.upload.approved_by_id
        super().save(*args, **kwargs)
