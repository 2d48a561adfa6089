"""The releases app."""

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    """Registers the app."""

    name = "releases"
    default_auto_field = "django.db.models.BigAutoField"
