"""Which account is used for whom: one's own first, then the shared ones.

Nobody's upload ever goes by the personal account of somebody else
(docs/decisions/0012-own-accounts.md).
"""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import QuerySet
from django.utils import timezone

from trackers.models import Credential, Tracker


def credentials_active() -> QuerySet[Credential]:
    """All accounts that are switched on, paused ones too, the first before the others."""
    rows = Credential.objects.filter(is_active=True).select_related("tracker")
    return rows.order_by("priority", "pk")


def choose(rows: Iterable[Credential], person_id: int | None) -> Credential | None:
    """The account to use for a person (None: for nobody in particular) of one tracker's.

    `rows` are in order of priority. The first one is used: the person's own, or else a
    shared one. A later one only where it may take over, while those before it are
    paused.
    """
    mine = [row for row in rows if row.owner_id in (None, person_id)]
    mine.sort(key=lambda row: row.owner_id is None)
    for number, row in enumerate(mine):
        if row.paused_at is None and (number == 0 or row.takes_over):
            return row
    return None


def credential_choose(
    tracker: Tracker, person_id: int | None = None
) -> Credential | None:
    """The account to use now for a person, or for nobody in particular."""
    return choose(credentials_active().filter(tracker=tracker), person_id)


def credential_for(
    tracker: Tracker, used: Credential | None, person_id: int | None
) -> Credential | None:
    """The account to ask about what `used` has sent: that one, while it may be used.

    Otherwise whichever is used for the person.
    """
    if used is not None and used.usable:
        return used
    return credential_choose(tracker, person_id)


def is_sendable(tracker: Tracker) -> bool:
    """Whether anybody at all could send to a tracker now."""
    return anybody_sends(list(credentials_active().filter(tracker=tracker)))


def anybody_sends(rows: Sequence[Credential]) -> bool:
    """Whether anybody at all could send by one of a tracker's accounts."""
    people = {row.owner_id for row in rows} | {None}
    return any(choose(rows, person) is not None for person in people)


def accounts_without(
    tracker_id: int, *, deleted: Collection[int] = (), paused: Collection[int] = ()
) -> list[Credential]:
    """A tracker's accounts as they would be if some were deleted, or paused.

    Those behind a paused account wait for it, unless they may take over; those behind a
    deleted one come next. Nothing is written.
    """
    rows = credentials_active().filter(tracker=tracker_id).exclude(pk__in=deleted)
    found = list(rows.defer("values"))
    for row in found:
        if row.pk in paused:
            row.paused_at = row.paused_at or timezone.now()
    return found
