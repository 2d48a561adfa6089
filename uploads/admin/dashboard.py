"""The first page: what waits for a person, what runs, what is wrong, how it went.

What a person may not see is not asked for either. The number of queries is constant.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from releases.models import Library, Release
from releases.states import ReleaseState
from trackers.models import Credential
from uploads.admin.look import NOT_SEEDING
from uploads.analytics import TrackerFigures, tracker_figures
from uploads.models import Trouble, Upload
from uploads.services.troubles import troubles_now
from uploads.states import UploadStatus

MOST_LINES = 4
Person = User | AnonymousUser
GOOD, BAD = "#16803c", "#d23b3b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a card: a link, and what there is to say about it."""

    text: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A number with its newest rows. `tone` is good, bad, warn, info or ""."""

    title: str
    count: int
    url: str
    empty: str
    tone: str = ""
    lines: Sequence[Line] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something to set up first; `url` is "" for those who may not do it."""

    done: bool
    title: str
    text: str
    url: str


@dataclass(kw_only=True)
class Dashboard:
    """Everything the page shows."""

    steps: list[Step] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    figures: list[TrackerFigures] = field(default_factory=list)
    chart: Mapping[str, str] = field(default_factory=dict)

    @property
    def needs_setup(self) -> bool:
        """Whether a first step is still open."""
        return any(not step.done for step in self.steps)

    @property
    def has_ended(self) -> bool:
        """Whether any upload ended, so that there is something to draw."""
        return any(one.success + one.failed for one in self.figures)


def dashboard(person: Person) -> Dashboard:
    """What this person may see."""
    page = Dashboard(steps=_steps(person))
    if person.has_perm("uploads.view_trouble"):
        page.troubles = troubles_now()
    if person.has_perm("releases.view_release"):
        page.cards.append(_waiting())
    if person.has_perm("uploads.view_upload"):
        page.cards += _uploads()
        page.figures = tracker_figures()
        page.chart = chart(page.figures)
    if person.has_perm("trackers.view_credential"):
        page.cards.append(_paused())
    return page


# --- First steps ---------------------------------------------------------------------
def _steps(person: Person) -> list[Step]:
    def url(permission: str, name: str) -> str:
        return reverse(name) if person.has_perm(permission) else ""

    usable = Credential.objects.filter(is_active=True, tracker__is_active=True)
    if not person.has_perm("releases.view_release"):
        return []
    return [
        Step(
            done=Library.objects.exists(),
            title="Add a library",
            text="The folder that holds your releases. Herald reads nothing else.",
            url=url("releases.add_library", "admin:releases_library_add"),
        ),
        Step(
            done=usable.exists(),
            title="Add a credential",
            text="Your API key at a tracker. It is stored encrypted and never shown.",
            url=url("trackers.add_credential", "admin:trackers_credential_add"),
        ),
        Step(
            done=Release.objects.exists(),
            title="Add a release",
            text="A folder or file in the library; Herald reads, hashes and drafts it.",
            url=url("releases.add_release", "admin:releases_release_add"),
        ),
    ]


# --- Cards ---------------------------------------------------------------------------
def _waiting() -> Card:
    ready = Release.objects.filter(state=ReleaseState.READY)
    rows = ready.only("title", "name", "prepared_at").order_by("-prepared_at", "-pk")
    return Card(
        title="Waiting for approval",
        count=ready.count(),
        url=_list("releases_release", state__exact=ReleaseState.READY),
        tone="info",
        empty="Nothing waits. A release shows up here when it is prepared.",
        lines=[
            Line(
                text=str(row),
                url=reverse("admin:releases_release_change", args=[row.pk]),
            )
            for row in rows[:MOST_LINES]
        ],
    )


RUNNING = (UploadStatus.UPLOADING, UploadStatus.PENDING)
_STATUS_CARDS: tuple[tuple[str, tuple[UploadStatus, ...], str, str], ...] = (
    ("Running now", RUNNING, "", "Nothing is being sent."),
    ("Failed", (UploadStatus.FAILED,), "bad", "No upload failed."),
    (
        "Unknown",
        (UploadStatus.UNKNOWN,),
        "warn",
        "No answer was lost: of each upload we know how it ended.",
    ),
)


def _uploads() -> list[Card]:
    counts = Upload.objects.aggregate(
        **{
            status.value: Count("pk", filter=Q(status=status))
            for status in (*RUNNING, UploadStatus.FAILED, UploadStatus.UNKNOWN)
        },
        seeding_problem=Count("pk", filter=Q(seeding__in=NOT_SEEDING)),
    )
    cards = [
        Card(
            title=title,
            count=sum(counts[status.value] for status in statuses),
            url=_list("uploads_upload", status__exact=statuses[0])
            if len(statuses) == 1
            else _list("uploads_upload", status__in=",".join(statuses)),
            tone=tone,
            empty=empty,
            lines=_upload_lines(Upload.objects.filter(status__in=statuses)),
        )
        for title, statuses, tone, empty in _STATUS_CARDS
    ]
    if counts["seeding_problem"]:
        cards.append(
            Card(
                title="Not seeding",
                count=counts["seeding_problem"],
                url=_list("uploads_upload", seeding__in=",".join(NOT_SEEDING)),
                tone="bad",
                empty="",
                lines=_upload_lines(Upload.objects.filter(seeding__in=NOT_SEEDING)),
            )
        )
    return cards


def _upload_lines(rows: QuerySet[Upload]) -> list[Line]:
    newest = (
        rows.select_related("release", "tracker")
        .only(
            *("reason", "status", "seeding_message", "seeding"),
            *("release__title", "release__name", "tracker__name"),
        )
        .order_by("-updated_at", "-pk")
    )
    return [
        Line(
            text=str(row),
            url=reverse("admin:uploads_upload_change", args=[row.pk]),
            note=row.seeding_message
            if row.seeding in NOT_SEEDING
            else str(row.reason.get("message", "")),
        )
        for row in newest[:MOST_LINES]
    ]


def _paused() -> Card:
    rows = (
        Credential.objects.filter(is_active=True, paused_at__isnull=False)
        .annotate(site=F("tracker__name"))
        .only("label", "paused_reason")
        .order_by("-paused_at", "-pk")
    )
    paused = list(rows)
    return Card(
        title="Paused credentials",
        count=len(paused),
        url=_list("trackers_credential", state="paused"),
        tone="bad",
        empty="Every account may be used.",
        lines=[
            Line(
                text=f"{getattr(row, 'site', '')}: {row.label}",
                url=reverse("admin:trackers_credential_change", args=[row.pk]),
                note=row.paused_reason,
            )
            for row in paused[:MOST_LINES]
        ],
    )


def _list(model: str, **query: str) -> str:
    words = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{reverse(f'admin:{model}_changelist')}?{words}"


# --- The chart -----------------------------------------------------------------------
def chart(figures: Iterable[TrackerFigures]) -> dict[str, str]:
    """Data and options for unfold's bar chart: succeeded and failed, stacked.

    Options replace unfold's own, which draw four pixel wide bars on top of each other.
    The text colour is set by dashboard.js from the theme.
    """
    rows = list(figures)
    data = {
        "labels": [one.name for one in rows],
        "datasets": [
            _series("Succeeded", [one.success for one in rows], GOOD),
            _series("Failed", [one.failed for one in rows], BAD),
        ],
    }
    options: dict[str, Any] = {
        "animation": False,
        "responsive": True,
        "maintainAspectRatio": False,
        "plugins": {
            "legend": {"display": True, "position": "top", "align": "end"},
            "tooltip": {"enabled": True},
        },
        "scales": {
            "x": {"stacked": True, "grid": {"display": False}},
            "y": {
                "stacked": True,
                "beginAtZero": True,
                "grace": "5%",
                "ticks": {"precision": 0},
            },
        },
    }
    return {"data": json.dumps(data), "options": json.dumps(options)}


def _series(label: str, values: list[int], colour: str) -> dict[str, Any]:
    return {
        "label": label,
        "data": values,
        "backgroundColor": colour,
        "stack": "ended",
        "maxBarThickness": 56,
    }
