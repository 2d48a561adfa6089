"""What a person proves besides the password."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.fields import EncryptedJSONField


class SecondFactor(models.Model):
    """One person's authenticator app. It counts once `confirmed_at` is set.

    `secret` is {"key": 20 bytes in base32}, encrypted. `last_step` is the time step of
    the last code that was taken: none is taken twice. After wrong codes, nothing is
    looked at before `wait_until`.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="second_factor"
    )
    secret = EncryptedJSONField(default=dict)
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=-1)
    failures = models.PositiveIntegerField(default=0)
    wait_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = gettext_lazy("second factor")
        verbose_name_plural = gettext_lazy("second factors")

    def __str__(self) -> str:
        return _("Second factor of %(name)s") % {"name": self.user}


class BackupCode(models.Model):
    """One of a person's codes for when the app is lost; each is taken once.

    `digest` is the SHA-256 of the code: eighty random bits need no slow hash.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="backup_codes"
    )
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = gettext_lazy("backup code")
        verbose_name_plural = gettext_lazy("backup codes")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "digest"], name="backup_code_once_per_person"
            )
        ]

    def __str__(self) -> str:
        return _("Backup code %(number)d") % {"number": self.pk}
