"""The cards of the first page: what waits for a person, what runs, what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.spoken import spoken
from releases.admin.copies import copies_mark
from releases.models import Release
from trackers.models import Credential
from trackers.permissions import Person, credentials_seen_by
from uploads.admin.filters import ready_releases
from uploads.admin.look import NOT_SEEDING
from uploads.admin.queue.rows import Part
from uploads.models import Upload
from uploads.questions import NOT_ASKED
from uploads.states import UploadStatus

MOST_LINES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a card: a link, and what there is to say about it.

    `path` tells a release from another one of the same title.
    """

    text: str
    url: str
    path: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A number with its newest rows. `tone` is good, bad, warn, info or "".

    `has_causes`: the failed uploads, which are shown by cause instead.
    """

    title: str
    count: int
    url: str
    empty: str
    tone: str = ""
    lines: Sequence[Line] = ()
    has_causes: bool = False


def waiting_cards() -> list[Card]:
    """Ready releases: those to approve, and those whose drafts all have errors.

    Blocked ones are few, and so counted with their rows.
    """
    blocked = _newest_ready(blocked=True, total=Window(Count("pk")))
    stuck = getattr(blocked[0], "total", 0) if blocked else 0
    sound = ready_releases(Release.objects.all(), blocked=False)
    cards = [
        _ready(
            _newest_ready(blocked=False),
            title=_("Waiting for approval"),
            count=sound.count(),
            url=_list("releases_release", approvable="yes"),
            tone="info",
            empty=_("Nothing waits. A release shows up here when it is prepared."),
        ),
        _ready(
            blocked,
            title=_("To be corrected"),
            count=stuck,
            url=_list("releases_release", approvable="no"),
            tone="warn",
            empty="",
            note=_("Every draft has errors; its page says which."),
        ),
    ]
    return [card for card in cards if card.empty or card.count]


def _newest_ready(*, blocked: bool, **more: Window) -> list[Release]:
    rows = ready_releases(Release.objects.annotate(**more), blocked=blocked)
    columns = ("title", "name", "source_path", "prepared_at")
    return list(rows.only(*columns).order_by("-prepared_at", "-pk")[:MOST_LINES])


def _ready(rows: Sequence[Release], *, note: str = "", **card: Any) -> Card:
    copies_mark(rows)
    lines = [
        Line(
            text=str(row),
            url=reverse("admin:releases_release_change", args=[row.pk]),
            path=row.source_path if row.is_copy else "",
            note=note,
        )
        for row in rows
    ]
    return Card(lines=lines, **card)


def _question_card(asked: Part) -> Card:
    lines = [line.upload for line in asked.lines[:MOST_LINES]]
    return Card(
        title=_("Questions"),
        count=asked.count,
        url=_list("uploads_upload", question="yes"),
        tone="warn",
        empty=_("Nothing is asked. What Herald cannot find out is asked here."),
        lines=_lines_of(lines),
    )


RUNNING = (UploadStatus.UPLOADING, UploadStatus.PENDING)
_STATUS_CARDS: tuple[tuple[Promise, tuple[UploadStatus, ...], str, Promise], ...] = (
    (
        gettext_lazy("Running now"),
        RUNNING,
        "",
        gettext_lazy("Nothing is being sent."),
    ),
    (
        gettext_lazy("Unknown"),
        (UploadStatus.UNKNOWN,),
        "warn",
        gettext_lazy("No answer was lost: of each upload we know how it ended."),
    ),
)


def upload_cards(asked: Part) -> list[Card]:
    """Uploads that run, ask, failed, are unknown, or do not seed."""
    statuses_shown = (*RUNNING, UploadStatus.FAILED, UploadStatus.UNKNOWN)
    counts = Upload.objects.filter(status__in=statuses_shown).aggregate(
        **{
            status.value: Count("pk", filter=Q(status=status))
            for status in statuses_shown
        },
    )
    not_seeding = Upload.objects.filter(seeding__in=NOT_SEEDING)
    counts["seeding_problem"] = not_seeding.count()
    cards = [
        Card(
            title=str(title),
            count=sum(counts[status.value] for status in statuses),
            url=_list("uploads_upload", status__exact=statuses[0])
            if len(statuses) == 1
            else _list("uploads_upload", status__in=",".join(statuses)),
            tone=tone,
            empty=str(empty),
            lines=_upload_lines(Upload.objects.filter(status__in=statuses)),
        )
        for title, statuses, tone, empty in _STATUS_CARDS
    ]
    failed = Upload.objects.filter(NOT_ASKED, status=UploadStatus.FAILED)
    cards[:1] = [
        _question_card(asked),
        cards[0],
        Card(
            title=_("Failed"),
            count=counts[UploadStatus.FAILED] - asked.count,
            url=_list("uploads_upload", status__exact="failed", question="no"),
            tone="bad",
            empty=_("No upload failed."),
            lines=_upload_lines(failed),
            has_causes=True,
        ),
    ]
    if counts["seeding_problem"]:
        cards.append(
            Card(
                title=_("Not seeding"),
                count=counts["seeding_problem"],
                url=_list("uploads_upload", seeding__in=",".join(NOT_SEEDING)),
                tone="bad",
                empty="",
                lines=_upload_lines(not_seeding),
            )
        )
    return cards


def _upload_lines(rows: QuerySet[Upload]) -> list[Line]:
    newest = list(
        rows.select_related("release", "tracker")
        .only(
            *("reason", "status", "seeding_message", "seeding"),
            *("release__title", "release__name", "release__source_path"),
            "tracker__name",
        )
        .order_by("-pk")[:MOST_LINES]
    )
    return _lines_of(newest)


def _lines_of(newest: Sequence[Upload]) -> list[Line]:
    copies_mark(row.release for row in newest)
    return [
        Line(
            text=str(row),
            url=reverse("admin:uploads_upload_change", args=[row.pk]),
            path=row.release.source_path if row.release.is_copy else "",
            note=row.seeding_message
            if row.seeding in NOT_SEEDING
            else spoken(str(row.reason.get("message", ""))),
        )
        for row in newest
    ]


def paused_card(person: Person) -> Card:
    """Accounts that a tracker refused, as far as the person sees them."""
    rows = (
        Credential.objects.filter(
            credentials_seen_by(person), is_active=True, paused_at__isnull=False
        )
        .annotate(site=F("tracker__name"))
        .only("label", "paused_reason")
        .order_by("-paused_at", "-pk")
    )
    paused = list(rows)
    return Card(
        title=_("Paused credentials"),
        count=len(paused),
        url=_list("trackers_credential", state="paused"),
        tone="bad",
        empty=_("Every account may be used."),
        lines=[
            Line(
                text=f"{getattr(row, 'site', '')}: {row.label}",
                url=reverse("admin:trackers_credential_change", args=[row.pk]),
                note=spoken(row.paused_reason),
            )
            for row in paused[:MOST_LINES]
        ],
    )


def _list(model: str, **query: str) -> str:
    words = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{reverse(f'admin:{model}_changelist')}?{words}"
