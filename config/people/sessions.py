"""Django's sessions in rows that know whose they are (SESSION_ENGINE)."""

from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from config.people.models import Session

# What a login leaves in the session: {"at": ISO time, "address", "agent"}.
SIGNED_IN = "signed_in"


class SessionStore(DatabaseStore):
    """As Django's; `row` is the session's row once it was read."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Ours."""
        return Session

    def _get_session_from_db(self) -> Any:
        self.row = super()._get_session_from_db()  # type: ignore[misc]
        return self.row

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row to write: whose it is stands in the data."""
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        login = data.get(SIGNED_IN) or {}
        row.user_id = int(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        row.address = login.get("address")
        row.agent = login.get("agent", "")
        row.seen_at = timezone.now()
        row.started_at = datetime.fromisoformat(login["at"]) if login else row.seen_at
        return row
