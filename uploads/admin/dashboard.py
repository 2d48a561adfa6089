"""The first page: what waits for a person, what runs, what is wrong, how it went.

What a person may not see is not asked for either. The number of queries is constant,
and each is bounded: none reads all uploads.
"""

from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser, User

from uploads.admin.cards import Card, paused_card, upload_cards, waiting_cards
from uploads.admin.charts import Charts, charts
from uploads.admin.health import Machine, TrackerHealth, machine, trackers_health
from uploads.admin.queue.rows import Cause, failed_now
from uploads.models import Trouble, Upload
from uploads.services.troubles import troubles_now
from uploads.states import UploadStatus

Person = User | AnonymousUser
MOVING = (UploadStatus.UPLOADING, UploadStatus.UNKNOWN, UploadStatus.PENDING)
MOST_CAUSES = 5
POLL_SECONDS = 3


@dataclass(kw_only=True)
class Dashboard:
    """Everything the page shows. `charts` and `machine` are for who sees uploads."""

    troubles: list[Trouble] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    causes: list[Cause] = field(default_factory=list)
    trackers: list[TrackerHealth] = field(default_factory=list)
    machine: Machine | None = None
    charts: Charts | None = None
    poll_seconds: int = 0


def dashboard(person: Person, *, live: bool = False) -> Dashboard:
    """What this person may see; `live` leaves out what changes slowly."""
    page = Dashboard()
    troubles = troubles_now()
    if person.has_perm("uploads.view_trouble"):
        page.troubles = troubles
    if person.has_perm("releases.view_release"):
        page.cards += waiting_cards()
    if person.has_perm("uploads.view_upload"):
        causes, questions = failed_now(examples=0)
        page.causes = causes[:MOST_CAUSES]
        page.cards += upload_cards(questions)
        page.machine = machine()
        moving = Upload.objects.filter(status__in=MOVING).exists()
        page.poll_seconds = POLL_SECONDS if moving else 0
        if not live:
            page.charts = charts()
    if person.has_perm("trackers.view_credential"):
        page.cards.append(paused_card(person))
    if person.has_perm("trackers.view_tracker"):
        page.trackers = trackers_health(troubles, person)
    return page
