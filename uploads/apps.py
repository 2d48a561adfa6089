"""The uploads app."""

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Registers the app and its receivers."""

    name = "uploads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers of the signals of releases."""
        from uploads import receivers  # noqa: F401 - importing connects them
