"""Where a person is signed in, and ending it."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from config.people.addresses import client_address
from config.people.models import PersonEvent, Session
from config.people.services.events import event_note
from config.people.sessions import SIGNED_IN

SEEN_EVERY = timedelta(minutes=1)
LONGEST_AGENT = 300


def sessions_of(person: User) -> QuerySet[Session]:
    """Where somebody is signed in, the latest used first."""
    rows = Session.objects.filter(user=person, expire_date__gt=timezone.now())
    return rows.order_by("-seen_at")


def session_begin(request: HttpRequest) -> None:
    """Keep with a fresh login where it came from."""
    request.session[SIGNED_IN] = {
        "at": timezone.now().isoformat(),
        "address": client_address(request),
        "agent": request.META.get("HTTP_USER_AGENT", "")[:LONGEST_AGENT],
    }


def session_seen(session: SessionBase) -> None:
    """Note that it is in use, once in a while. A database that takes no writes is no
    reason to fail."""
    row: Session | None = getattr(session, "row", None)
    now = timezone.now()
    if row is None or row.seen_at > now - SEEN_EVERY:
        return
    try:
        with transaction.atomic():
            Session.objects.filter(pk=row.pk).update(seen_at=now)
    except DatabaseError:
        return


def sessions_end(
    person: User, *, actor: User, keep: str | None = None, handle: str = ""
) -> int:
    """End a person's sessions, all but the one whose key is `keep`; how many ended.

    With `handle` only that one.
    """
    rows = Session.objects.filter(user=person)
    ending = [
        row.session_key
        for row in rows
        if row.session_key != keep and handle in ("", row.handle)
    ]
    gone: tuple[int, dict[str, Any]] = rows.filter(session_key__in=ending).delete()
    if gone[0]:
        event_note(
            PersonEvent.Kind.SESSIONS, person=person, actor=actor, detail=str(gone[0])
        )
    return gone[0]
