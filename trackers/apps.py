"""The trackers app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrackersConfig(AppConfig):
    """Registers the app."""

    name = "trackers"
    verbose_name = _("Trackers")
    default_auto_field = "django.db.models.BigAutoField"
