"""The trackers app."""

from django.apps import AppConfig


class TrackersConfig(AppConfig):
    """Registers the app."""

    name = "trackers"
    default_auto_field = "django.db.models.BigAutoField"
