"""The accounts at the trackers."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.fields import EncryptedJSONField
from trackers.models.tracker import Tracker


class Credential(models.Model):
    """One account's secrets at one tracker; the lowest `priority` is used.

    One with an `owner` is used for that person only, and before all shared ones. Those
    after it are used only where they may take over (`takes_over`), and only while
    all before them are paused.

    `values` maps the names of the adapter's credential fields to their values. A
    paused credential is not used until a person resumes it; a good test, or new values,
    do so only where a refusal paused it, and no person (`paused_by_hand`).
    """

    tracker = models.ForeignKey(
        Tracker,
        on_delete=models.CASCADE,
        related_name="credentials",
        verbose_name=_("tracker"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        # Else it would become everybody's.
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="credentials",
        verbose_name=_("owner"),
        help_text=_("Whose own account it is; empty: it is shared."),
    )
    label = models.CharField(
        _("label"), max_length=100, help_text=_("Whose account this is.")
    )
    values = EncryptedJSONField(_("values"), default=dict)
    priority = models.PositiveSmallIntegerField(_("priority"), default=10)
    takes_over = models.BooleanField(
        _("may take over"),
        default=False,
        help_text=_("Is used while the accounts before it are paused."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    paused_at = models.DateTimeField(
        _("paused at"), null=True, blank=True, editable=False
    )
    paused_reason = models.CharField(max_length=500, blank=True, editable=False)
    paused_by_hand = models.BooleanField(default=False, editable=False)
    checked_at = models.DateTimeField(
        _("checked at"), null=True, blank=True, editable=False
    )
    check_ok = models.BooleanField(null=True, editable=False)
    check_message = models.CharField(max_length=500, blank=True, editable=False)
    rotated_at = models.DateTimeField(
        _("rotated at"), null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        ordering = ["tracker__name", "priority", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tracker", "label"],
                condition=models.Q(owner=None),
                name="credential_label_once_per_tracker",
            ),
            models.UniqueConstraint(
                fields=["tracker", "owner", "label"],
                name="credential_label_once_per_person",
            ),
        ]
        permissions = [("own_credential", "Can keep accounts of their own")]

    def __str__(self) -> str:
        return f"{self.tracker.name}: {self.label}"

    @property
    def usable(self) -> bool:
        """Whether a worker may use it now."""
        return self.is_active and self.paused_at is None
