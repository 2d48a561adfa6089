"""The releases app."""

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    """Registers the app and its receivers."""

    name = "releases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what a deleted release takes along."""
        from releases import receivers  # noqa: F401 - importing connects them
