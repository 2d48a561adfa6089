"""Which first steps are done, by what is really true."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from releases.models import Library, Release, TorrentClient
from releases.services.browsing import folder_readable
from trackers.models import Credential, Tracker
from trackers.permissions import credentials_seen_by
from uploads.models import Upload
from uploads.states import UploadStatus

Person = User | AnonymousUser
LATER = "first-steps-client-later"
MOST_LIBRARIES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. `may`: this person's role can do it; `later`: it was put off."""

    name: str
    title: str
    text: str
    done: bool
    may: bool
    later: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A library, and whether its folder can be read now."""

    library: Library
    is_readable: bool


@dataclass(kw_only=True)
class Known:
    """The rows that the steps are about."""

    places: list[Place] = field(default_factory=list)
    clients: list[TorrentClient] = field(default_factory=list)
    trackers: list[Tracker] = field(default_factory=list)
    accounts: list[Credential] = field(default_factory=list)
    release: Release | None = None

    @property
    def working(self) -> list[Credential]:
        """Accounts that a tracker has accepted."""
        return [one for one in self.accounts if getattr(one, "works", False)]


def setup_open(person: Person) -> bool:
    """Whether somebody who may look has first steps before them.

    It ends with the first upload that succeeds, or when every needed step is done.
    """
    if not person.has_perm("releases.view_release"):
        return False
    if Upload.objects.filter(status=UploadStatus.SUCCESS).exists():
        return False
    working = Credential.objects.filter(
        check_ok=True, paused_at=None, is_active=True, tracker__is_active=True
    )
    return not (Release.objects.exists() and working.exists())


def accounts() -> QuerySet[Credential]:
    """The accounts in use; `works` says that their tracker accepted them."""
    sent = Upload.objects.filter(
        tracker=OuterRef("tracker"), status=UploadStatus.SUCCESS
    )
    usable = Q(paused_at=None, tracker__is_active=True)
    return (
        Credential.objects.filter(is_active=True)
        .annotate(works=usable & (Q(check_ok=True) | Exists(sent)))
        .select_related("tracker")
        .defer("values")
        .order_by("tracker__name", "priority", "pk")
    )


def known(person: Person) -> Known:
    """What is there already, as far as the person sees it; folders are looked at."""
    return Known(
        places=[
            Place(library=one, is_readable=folder_readable(one.path))
            for one in Library.objects.order_by("pk")[:MOST_LIBRARIES]
        ],
        clients=list(TorrentClient.objects.defer("login").order_by("pk")),
        trackers=list(Tracker.objects.filter(is_active=True).order_by("name")),
        accounts=list(accounts().filter(credentials_seen_by(person))),
        release=Release.objects.only("title", "name", "state").order_by("pk").first(),
    )


def steps(person: Person, rows: Known, session: Mapping[str, Any]) -> list[Step]:
    """The steps in their order."""
    seeding = any(one.is_active and one.check_ok for one in rows.clients)
    return [
        Step(
            name="library",
            title=_("Add a library"),
            text=_(
                "The folder that holds your releases. Herald reads nothing outside of "
                "its libraries, and writes nothing into them."
            ),
            done=any(place.is_readable for place in rows.places),
            may=person.has_perm("releases.add_library"),
        ),
        Step(
            name="client",
            title=_("Connect your torrent client"),
            text=_(
                "qBittorrent seeds what you publish, and proves it. You can do this "
                "later: uploads work without it, but nothing is seeded by Herald."
            ),
            done=seeding,
            may=person.has_perm("releases.add_torrentclient")
            and person.has_perm("releases.change_library"),
            later=bool(session.get(LATER)) and not seeding,
        ),
        Step(
            name="tracker",
            title=_("Add your account at a tracker"),
            text=_(
                "What the site asks for is stored encrypted, and never shown again. "
                "The tracker is asked at once who you are."
            ),
            done=bool(rows.working),
            may=person.has_perm("trackers.add_credential")
            and person.has_perm("trackers.change_credential"),
        ),
        Step(
            name="release",
            title=_("Add a release"),
            text=_(
                "One folder or file of the library. Herald reads and hashes it, and "
                "drafts what each tracker would get. Nothing is sent before somebody "
                "has approved it."
            ),
            done=rows.release is not None,
            may=person.has_perm("releases.add_release"),
        ),
    ]
