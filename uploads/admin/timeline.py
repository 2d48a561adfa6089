"""Everything that happened to an upload, in one line of time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.spoken import spoken
from releases.admin.readonly import page_url
from uploads.admin.look import TONES, outcome_chip
from uploads.admin.question import evidence_rows
from uploads.models import Approval, Upload, UploadAttempt, UploadEvent
from uploads.states import Outcome, UploadStatus

MOST_ATTEMPTS = 50
MOST_EVENTS = 200
SAME_MOMENT = timedelta(seconds=2)
THINNEST = 0.4
# What each outcome means, whatever the site said.
MEANINGS: Mapping[str, Promise] = {
    Outcome.SUCCESS: gettext_lazy("The site stored it and said where."),
    Outcome.DUPLICATE: gettext_lazy("The site has this torrent already."),
    Outcome.REJECTED: gettext_lazy(
        "The site read it and refused it. The same again would be refused again."
    ),
    Outcome.UNAVAILABLE: gettext_lazy(
        "The site could not be reached, so it surely stored nothing."
    ),
    Outcome.RATE_LIMITED: gettext_lazy(
        "The site asked to wait. That does not count as a try."
    ),
    Outcome.AUTH: gettext_lazy(
        "The site refused the account. It is paused until it has a working key."
    ),
    Outcome.CONFIG: gettext_lazy("The tracker or account is set up wrong here."),
    Outcome.UNSUPPORTED: gettext_lazy("The site has no way to express this."),
    Outcome.UNKNOWN: gettext_lazy(
        "It was sent and the answer was lost: the site may have stored it or not. It is "
        "asked before anything is sent again."
    ),
    Outcome.STALE: gettext_lazy("The worker died or lost its claim before the end."),
    Outcome.CHANGED: gettext_lazy("The approval ended before it was sent."),
    Outcome.INTERNAL: gettext_lazy("Herald itself failed; its log says more."),
}
PHASES = (
    ("ready", gettext_lazy("Getting ready"), "started_at", "sending_at"),
    ("sent", gettext_lazy("Sending, until the answer"), "sending_at", "answered_at"),
    ("after", gettext_lazy("Reading and recording"), "answered_at", "finished_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A phase's part of the line: from `left`, `width` wide, both in percent."""

    kind: str
    label: str
    seconds: float
    left: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One entry. `kind` is attempt, move, look, seeding, person or decision."""

    key: str
    at: datetime
    kind: str
    title: str = ""
    tone: str = ""
    text: str = ""
    actor: str = ""
    note: str = ""
    url: str = ""
    evidence: Sequence[tuple[str, str, str]] = ()
    attempt: UploadAttempt | None = None
    chip: SafeString | None = None
    bars: Sequence[Bar] = ()
    seconds: float | None = None
    meaning: str = ""

    @property
    def follows(self) -> str:
        """What was decided after the attempt, without the message shown above it."""
        if self.attempt is None:
            return ""
        return self.attempt.decision.removeprefix(self.attempt.message).strip()


@dataclass(kw_only=True)
class Timeline:
    """The newest entries first; `attempts` counts all, `left` is not shown."""

    moments: list[Moment] = field(default_factory=list)
    attempts: int = 0
    left: int = 0


def timeline(upload: Upload) -> Timeline:
    """The upload's attempts, moves, looks, decisions and seeding, merged."""
    attempts = list(
        upload.attempts.select_related("credential", "template_version__template")
        .defer("credential__values")
        .order_by("-number")[:MOST_ATTEMPTS]
    )
    events = list(upload.events.select_related("actor").order_by("-pk")[:MOST_EVENTS])
    approvals = _approvals(upload)
    shown = [
        *_attempts(attempts),
        *_events(events, approvals),
        *map(_decision, approvals),
    ]
    all_attempts = (
        upload.attempts.count() if len(attempts) == MOST_ATTEMPTS else len(attempts)
    )
    all_events = upload.events.count() if len(events) == MOST_EVENTS else len(events)
    shown.sort(key=lambda one: (one.at, one.kind == "attempt", one.key), reverse=True)
    return Timeline(
        moments=shown,
        attempts=all_attempts,
        left=all_attempts - len(attempts) + all_events - len(events),
    )


def _approvals(upload: Upload) -> list[Approval]:
    rows = Approval.objects.filter(release=upload.release_id).select_related("actor")
    named = str(upload.pk)
    return [
        one
        for one in rows[:MOST_ATTEMPTS]
        if named in one.digests or one.decision == Approval.Decision.REJECTED
    ]


# --- Attempts ------------------------------------------------------------------------
def _attempts(attempts: Sequence[UploadAttempt]) -> Iterator[Moment]:
    now = clock.now()
    ends = {one.pk: one.finished_at or now for one in attempts}
    longest = max(
        ((ends[one.pk] - one.started_at).total_seconds() for one in attempts), default=0
    )
    for one in attempts:
        whole = (ends[one.pk] - one.started_at).total_seconds()
        yield Moment(
            key=f"a{one.number:06}",
            at=one.started_at,
            kind="attempt",
            attempt=one,
            chip=outcome_chip(one.outcome),
            bars=bars(one, ends[one.pk], longest),
            seconds=whole,
            meaning=str(MEANINGS.get(one.outcome, "")),
            url=page_url(one),
        )


def bars(attempt: UploadAttempt, end: datetime, longest: float) -> list[Bar]:
    """The phases on a scale that `longest` seconds fill; one that runs lasts until
    `end`."""
    scale = 100 / longest if longest > 0 else 0.0
    found = []
    for kind, label, since, until in PHASES:
        begun = getattr(attempt, since)
        if begun is None:
            continue
        seconds = ((getattr(attempt, until) or end) - begun).total_seconds()
        left = (begun - attempt.started_at).total_seconds() * scale
        if seconds > 0:
            width = min(max(seconds * scale, THINNEST), 100 - min(left, 100 - THINNEST))
            found.append(
                Bar(
                    kind=kind,
                    label=str(label),
                    seconds=seconds,
                    left=left,
                    width=width,
                )
            )
    return found


# --- Moves, looks and decisions --------------------------------------------------------
def _events(
    events: Sequence[UploadEvent], approvals: Sequence[Approval]
) -> Iterator[Moment]:
    for one in events:
        if not _is_told_by(approvals, one):
            yield _event(one)


def _is_told_by(approvals: Sequence[Approval], event: UploadEvent) -> bool:
    """Whether a decision is an entry of its own for this move, with its note."""
    is_approval = (event.old, event.new) == (UploadStatus.DRAFT, UploadStatus.PENDING)
    return is_approval and any(
        abs(row.decided_at - event.created_at) < SAME_MOMENT for row in approvals
    )


def _event(event: UploadEvent) -> Moment:
    kind = _kind(event)
    moved = event.old != event.new
    return Moment(
        key=f"e{event.pk:012}",
        at=event.created_at,
        kind=kind,
        title=str(Upload.Status(event.new).label if moved else _TITLES[kind]),
        tone=TONES[event.new] if moved else "plain",
        text=spoken(event.reason),
        actor=str(event.actor) if event.actor else "",
        evidence=evidence_rows(event),
    )


_TITLES = {
    "look": gettext_lazy("Looked for it"),
    "seeding": gettext_lazy("Seeding"),
    "person": gettext_lazy("By hand"),
    "move": gettext_lazy("Note"),
}


def _kind(event: UploadEvent) -> str:
    if event.evidence or event.old == UploadStatus.UNKNOWN:
        return "look"
    if event.actor_id is not None:
        return "person"
    if event.old == event.new == UploadStatus.SUCCESS:
        return "seeding"
    return "move"


def _by(approval: Approval) -> str:
    if approval.actor or approval.rule_snapshot:
        return approval.by
    return _("a rule")


def _decision(approval: Approval) -> Moment:
    void: dict[str, Any] = {}
    if approval.void_at:
        since = _("Void since: %(reason)s")
        void["text"] = since % {"reason": spoken(approval.void_reason)}
    is_approved = approval.decision == Approval.Decision.APPROVED
    return Moment(
        key=f"d{approval.pk:012}",
        at=approval.decided_at,
        kind="decision",
        title=approval.get_decision_display(),
        tone="good" if is_approved and not approval.void_at else "warn",
        actor=_by(approval),
        note=approval.note,
        url=page_url(approval),
        **void,
    )
