"""What a person sets for themselves."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Preferences(models.Model):
    """How pages look to one person; what is empty follows Herald's settings."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences"
    )
    time_zone = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=10, blank=True)

    class Meta:
        verbose_name = gettext_lazy("preferences")
        verbose_name_plural = gettext_lazy("preferences")

    def __str__(self) -> str:
        return _("Preferences of %(name)s") % {"name": self.user}
