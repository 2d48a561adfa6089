"""The releases app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReleasesConfig(AppConfig):
    """Registers the app and its receivers."""

    name = "releases"
    verbose_name = _("Releases")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what a deleted release takes along."""
        from releases import receivers  # noqa: F401 - importing connects them
