"""What happened to accounts, written down."""

from django.contrib.auth.models import User

from common.redact import redact
from config.people.models import PersonEvent


def event_note(
    kind: PersonEvent.Kind,
    *,
    person: User | None,
    actor: User | None,
    detail: str = "",
    address: str | None = None,
) -> None:
    """Record one thing that `actor` did to the account of `person`."""
    PersonEvent.objects.create(
        kind=kind,
        person=person,
        actor=actor,
        detail=redact(detail)[:300],
        address=address,
    )
