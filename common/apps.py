"""What two apps need: vault, redaction, HTTP, queue. No models."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Registers the app."""

    name = "common"

    def ready(self) -> None:
        """See to it that the queue keeps no secret of a task that failed."""
        from common.queue import redact_failures

        redact_failures()
