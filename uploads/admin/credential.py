"""Accounts with what their absence would keep from being sent."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trackers.admin.credential import BaseCredentialAdmin
from trackers.models import Credential, Tracker
from trackers.services.choosing import accounts_without, anybody_sends
from uploads.services.lanes import stranded


@admin.register(Credential)
class CredentialAdmin(BaseCredentialAdmin):
    """The whole set of an account's pages."""

    def what_stops(self, rows: Sequence[Credential], *, deleted: bool) -> list[str]:
        """For each tracker that some uploads could not be sent to without them."""
        return what_stops(rows, deleted=deleted)


def what_stops(rows: Iterable[Credential], *, deleted: bool) -> list[str]:
    """For each tracker of these accounts, what is not sent without them; else nothing.

    Without them: `deleted`, or paused.
    """
    chosen: dict[Tracker, list[int]] = defaultdict(list)
    for row in rows:
        chosen[row.tracker].append(row.pk)
    found = []
    for tracker, ids in chosen.items():
        gone = {"deleted": ids} if deleted else {"paused": ids}
        left = accounts_without(tracker.pk, **gone)
        count = stranded(tracker.pk, left).total()
        if not anybody_sends(left):
            found.append(f"{_nothing(tracker)} {_waits(count)}")
        elif count:
            found.append(_some(tracker, count))
    return found


def _nothing(tracker: Tracker) -> str:
    return _(
        "Without it, nothing can be sent to %(tracker)s: no other account can be used "
        "there."
    ) % {"tracker": tracker}


def _waits(count: int) -> str:
    if not count:
        return _("No approved upload waits for it at the moment.")
    return ngettext(
        "%(count)d approved upload waits until there is one.",
        "%(count)d approved uploads wait until there is one.",
        count,
    ) % {"count": count}


def _some(tracker: Tracker, count: int) -> str:
    return ngettext(
        "Without it, %(count)d approved upload to %(tracker)s has no account to go by, "
        "and waits until there is one.",
        "Without it, %(count)d approved uploads to %(tracker)s have no account to go "
        "by, and wait until there is one.",
        count,
    ) % {"count": count, "tracker": tracker}
