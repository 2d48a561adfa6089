"""What was done to a person's account, and by whom."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonEvent(models.Model):
    """One thing that happened to an account, append-only.

    `person` is whose account it is, `actor` who did it, `detail` more for people.
    """

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", _("Signed in")
        TOKEN_GIVEN = "token_given", _("Got an API token")
        LOCKED = "locked", _("Locked after wrong tries")
        UNLOCKED = "unlocked", _("Unlocked")
        PASSWORD = "password", _("Changed the password")
        FACTOR_ON = "factor_on", _("Switched the second factor on")
        FACTOR_OFF = "factor_off", _("Switched the second factor off")
        CODES = "codes", _("Made new backup codes")
        CODE_USED = "code_used", _("Used a backup code")
        SESSIONS = "sessions", _("Ended sessions")
        CREDENTIAL = "credential", _("Changed a credential")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="account_events",
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    detail = models.CharField(max_length=300, blank=True)
    address = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("person event")
        verbose_name_plural = _("person events")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["actor", "created_at"], name="person_event_by_actor")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
