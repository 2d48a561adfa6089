"""Where somebody is signed in."""

import hashlib
from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models


class SessionManager(BaseSessionManager["Session"]):
    """Sessions come with what every page asks of their person: no further query."""

    def get_queryset(self) -> models.QuerySet["Session"]:
        """With preferences and second factor."""
        return (
            super()
            .get_queryset()
            .select_related("user__preferences", "user__second_factor")
        )


class Session(AbstractBaseSession):
    """A session as Django keeps it, and whose it is; `user` is null before login.

    `address` and `agent` are those of the login. `seen_at` is right to a minute.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="sessions",
    )
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    objects = SessionManager()  # type: ignore[misc]  # a class variable of its base

    class Meta(AbstractBaseSession.Meta):
        default_manager_name = "objects"

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The store that reads and writes these rows."""
        from config.people.sessions import SessionStore

        return SessionStore

    @property
    def handle(self) -> str:
        """A name for pages: the key itself would open the session."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:24]
