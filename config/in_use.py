"""Why something cannot be deleted, and what to do instead: for pages and the API."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_noop


@dataclass(frozen=True, slots=True, kw_only=True)
class InUse:
    """What stands on a kind of row, and how to be rid of it all the same. English."""

    why: str
    next: str


_RECORD = gettext_noop("It has uploads, and the record of what was sent stays.")
KINDS: Mapping[str, InUse] = {
    "releases.library": InUse(
        why=gettext_noop("It holds releases, and each of them needs its folder."),
        next=gettext_noop(
            "Keep it: without watch folders, nothing is added from it any more. Change "
            "its path if the folder has moved."
        ),
    ),
    "releases.torrentclient": InUse(
        why=gettext_noop("It is the torrent client of libraries."),
        next=gettext_noop("Choose another torrent client there first, or none."),
    ),
    "releases.release": InUse(
        why=_RECORD,
        next=gettext_noop("Keep it. Reject it if it shall not be published."),
    ),
    "trackers.tracker": InUse(
        why=_RECORD,
        next=gettext_noop(
            "Switch it off instead: then nothing is drafted for it or sent to it any "
            "more."
        ),
    ),
    "trackers.template": InUse(
        why=gettext_noop(
            "It has versions, and uploads keep the one that they were made with."
        ),
        next=gettext_noop(
            "Choose another template for its trackers instead: then nothing is made "
            "with this one any more."
        ),
    ),
}
