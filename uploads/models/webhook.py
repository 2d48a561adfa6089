"""Programs that are told what happened, and what was said to them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.fields import EncryptedJSONField


class Webhook(models.Model):
    """An address of a program; `events` are names of uploads/hooks.py.

    `signing` holds the `secret`, encrypted: it signs each delivery, so that the
    program knows who speaks. It was shown once. `last_error` is empty after a
    delivery that was taken.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="webhooks",
    )
    name = models.CharField(_("name"), max_length=100, unique=True)
    url = models.CharField(_("address"), max_length=500)
    events = models.JSONField(_("events"), default=list)
    is_active = models.BooleanField(_("active"), default=True)
    signing = EncryptedJSONField(default=dict, editable=False)
    last_error = models.CharField(max_length=300, blank=True, editable=False)
    last_delivered_at = models.DateTimeField(
        _("last delivered at"), null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One message to one program: the bytes that are signed, and how it went.

    `status` is the HTTP status of the last try, None while nothing answered;
    `duration_ms` its time, `answer` what was said, redacted and cut.
    """

    webhook = models.ForeignKey(
        Webhook,
        on_delete=models.CASCADE,
        related_name="deliveries",
        verbose_name=_("webhook"),
    )
    number = models.CharField(_("number"), max_length=40, unique=True)
    event = models.CharField(_("event"), max_length=40)
    body = models.TextField()
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    answer = models.TextField(blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    tried_at = models.DateTimeField(_("tried at"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("given up at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["not_before"],
                name="delivery_open",
                condition=models.Q(delivered_at=None, given_up_at=None),
            )
        ]

    def __str__(self) -> str:
        return gettext("%(event)s to %(webhook)s") % {
            "event": self.event,
            "webhook": self.webhook,
        }
