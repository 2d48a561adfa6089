"""Who sees and who changes which account: everybody's, or one's own."""

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q

from trackers.models import Credential

CHANGE = "trackers.change_credential"
# Preparers and approvers keep accounts of their own; shared ones are the admins'.
OWN = "trackers.own_credential"

Person = User | AnonymousUser


def credentials_seen_by(person: Person) -> Q:
    """The condition for the accounts in a person's lists."""
    if person.has_perm(CHANGE):
        return Q()
    return Q(owner=None) | Q(owner=person.pk or 0)


def credential_sees(person: Person, row: Credential) -> bool:
    """Whether a person may open its page: of all others the label is known at most."""
    return row.owner_id in (None, person.pk) or person.has_perm(CHANGE)


def credential_changes(person: Person, row: Credential) -> bool:
    """Whether a person may edit, test, pause, resume and delete it."""
    if person.has_perm(CHANGE):
        return True
    return row.owner_id is not None and row.owner_id == person.pk and may_own(person)


def may_own(person: Person) -> bool:
    """Whether a person may keep accounts of their own."""
    return person.is_active and person.has_perm(OWN)


def may_share(person: Person) -> bool:
    """Whether a person may add accounts that everybody's uploads go by."""
    return person.is_active and person.has_perm("trackers.add_credential")
