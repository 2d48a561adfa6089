"""The project as an app: its roles, checks and commands."""

from urllib.parse import unquote, urlsplit

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import post_migrate

from common.redact import remember_secret


class HeraldConfig(AppConfig):
    """Holds what belongs to the project as a whole."""

    name = "config"

    def ready(self) -> None:
        """Register the system checks, and keep the roles' permissions current."""
        from config import checks  # noqa: F401 - importing registers them
        from config.roles import write_roles

        remember_settings()
        # After the last app with models: by then every permission is there.
        post_migrate.connect(
            write_roles,
            sender=apps.get_app_config("uploads"),
            dispatch_uid="herald-roles",
        )


def remember_settings() -> None:
    """Keep what the settings hold of secrets out of logs and answers."""
    remember_secret(settings.SECRET_KEY, keep=True)
    for database in settings.DATABASES.values():
        remember_secret(str(database.get("PASSWORD", "")), keep=True)
    broker = unquote(urlsplit(settings.BROKER_URL).password or "")
    remember_secret(broker, keep=True)
