"""What people want to hear of, and what was said to them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.fields import EncryptedJSONField


class NotificationTarget(models.Model):
    """One person's way to be told: an address of any service that apprise knows.

    `address` holds the `url`, encrypted: it has tokens and passwords in it. `events`
    are names of uploads/notices.py. `last_error` is empty after a delivery.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notification_targets",
    )
    name = models.CharField(
        _("name"), max_length=100, help_text=_("Such as: my phone.")
    )
    address = EncryptedJSONField(default=dict)
    events = models.JSONField(_("events"), default=list)
    is_active = models.BooleanField(_("active"), default=True)
    last_sent_at = models.DateTimeField(
        _("last sent at"), null=True, blank=True, editable=False
    )
    last_error = models.CharField(max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("address for notifications")
        verbose_name_plural = _("addresses for notifications")
        ordering = ["user", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"], name="notification_name_once_per_person"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Notification(models.Model):
    """One message to one target: queued, and sent once."""

    target = models.ForeignKey(
        NotificationTarget, on_delete=models.CASCADE, related_name="notifications"
    )
    event = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=models.Q(sent_at=None, given_up_at=None),
                name="notification_due",
            )
        ]

    def __str__(self) -> str:
        return self.title


class EventCursor(models.Model):
    """Up to where a table of events was read for notifications."""

    name = models.CharField(max_length=40, unique=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"
