"""What people did to accounts, as a source of their history."""

from django.contrib.auth.models import User

from config.people.models import PersonEvent
from uploads.history import Entry, Source


def account_history(person: User) -> Source:
    """What a person did to accounts, their own and others'."""
    rows = PersonEvent.objects.filter(actor=person)
    return (
        rows.select_related("person", "actor"),
        "created_at",
        lambda row: Entry(
            at=row.created_at,
            kind="account",
            what=row.get_kind_display(),
            text=" ".join(filter(None, (row.detail, row.address))),
            actor=row.actor,
            about=row.person if row.person_id != row.actor_id else None,
        ),
    )
