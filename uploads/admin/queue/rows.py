"""What the queue's page shows. A constant number of queries, of a bounded size each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from releases.admin.copies import copies_mark
from releases.models import Release
from uploads.admin.look import outcome_words, reason_lines
from uploads.models import Upload, UploadAttempt
from uploads.services.lanes import due_uploads
from uploads.states import QUESTIONS, Phase, UploadStatus

PER_PAGE = 50
MOST_SENDING = 100
MOST_UNKNOWN = 50
MOST_QUESTIONS = 25
MOST_FAILED = 1_000
EXAMPLES = 3
SOON = timedelta(seconds=15)
QUICK_S, SLOW_S = 2, 10
# All that a line shows of an upload.
SHOWN = (
    *("status", "reason", "priority", "tries", "looks", "not_before", "claimed_at"),
    *("release__title", "release__name", "release__source_path", "tracker__name"),
    *("credential__label", "credential__is_active", "credential__paused_at"),
)
PHASES = {
    Phase.CLAIMED.value: gettext_lazy("Getting ready"),
    Phase.SENDING.value: gettext_lazy("Sending, no answer yet"),
    Phase.ANSWERED.value: gettext_lazy("Reading the answer"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One upload of the queue. `previous` and `next` are its neighbours' ids, or 0."""

    upload: Upload
    reason: dict[str, Any]
    phase: str = ""
    seconds: float | None = None
    previous: int = 0
    next: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One page of a group: `first` to `last` of `count`, counted from one."""

    name: str
    lines: list[Line]
    count: int
    page: int = 1

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(ceil(self.count / PER_PAGE), 1)

    @property
    def first(self) -> int:
        """The number of the first line that is shown."""
        return (self.page - 1) * PER_PAGE + 1

    @property
    def last(self) -> int:
        """The number of the last one."""
        return self.first + len(self.lines) - 1


@dataclass(kw_only=True)
class Cause:
    """Failed uploads of one tracker for one reason; the newest one's words."""

    code: str
    tracker_id: int
    tracker: str
    message: str
    remedy: str
    ids: list[int] = field(default_factory=list)
    examples: list[Upload] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The code, for people."""
        return outcome_words(self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The whole page. `failed_all` counts also those that are not grouped, but no
    questions: they have a part of their own."""

    sending: Part
    due: Part
    waiting: Part
    unknown: Part
    questions: Part
    causes: list[Cause]
    failed_all: int
    next_at: datetime | None
    now: datetime

    @property
    def has_rows(self) -> bool:
        """Whether there is anything to tick."""
        parts = (self.sending, self.due, self.waiting, self.unknown, self.questions)
        return any(part.count for part in parts) or bool(self.causes)

    @property
    def poll_seconds(self) -> int:
        """After how long the page looks again; 0 when nothing moves."""
        if self.sending.count or self.due.count or self.unknown.count:
            return QUICK_S
        if not self.waiting.count:
            return 0
        soon = self.next_at is not None and self.next_at <= self.now + SOON
        return QUICK_S if soon else SLOW_S


def queue(request: HttpRequest) -> Queue:
    """The queue as it is now, at the pages that the request names."""
    now = clock.now()
    counts = _counts(now)
    causes, questions = failed_now()
    due = _page_of(due_uploads(), request, "due", counts["due"])
    waits = Upload.objects.filter(status=UploadStatus.PENDING, not_before__gt=now)
    found = Queue(
        sending=_sending(counts["sending"], now),
        due=due,
        waiting=_page_of(
            waits.order_by("not_before", "pk"), request, "waiting", counts["waiting"]
        ),
        unknown=_plain(
            "unknown",
            Upload.objects.filter(status=UploadStatus.UNKNOWN).order_by("not_before"),
            MOST_UNKNOWN,
            counts["unknown"],
        ),
        questions=questions,
        causes=causes,
        failed_all=counts["failed"] - questions.count,
        next_at=counts["next_at"],
        now=now,
    )
    parts = (found.sending, found.due, found.waiting, found.unknown, found.questions)
    copies_mark(_releases(line for part in parts for line in part.lines))
    return found


def _releases(lines: Iterable[Line]) -> list[Release]:
    return [line.upload.release for line in lines]


def _counts(now: datetime) -> dict[str, Any]:
    status = UploadStatus
    pending = Q(status=status.PENDING)
    live = (status.PENDING, status.UPLOADING, status.UNKNOWN, status.FAILED)
    return Upload.objects.filter(status__in=live).aggregate(
        sending=Count("pk", filter=Q(status=status.UPLOADING)),
        waiting=Count("pk", filter=pending & Q(not_before__gt=now)),
        due=Count("pk", filter=pending & (Q(not_before=None) | Q(not_before__lte=now))),
        unknown=Count("pk", filter=Q(status=status.UNKNOWN)),
        failed=Count("pk", filter=Q(status=status.FAILED)),
        next_at=Min("not_before", filter=pending & Q(not_before__gt=now)),
    )


def _light(rows: QuerySet[Upload]) -> QuerySet[Upload]:
    return rows.select_related("release", "tracker", "credential").only(*SHOWN)


def _plain(name: str, rows: QuerySet[Upload], most: int, count: int) -> Part:
    lines = [Line(upload=one, reason=reason_lines(one)) for one in _light(rows)[:most]]
    return Part(name=name, lines=lines, count=count)


def _sending(count: int, now: datetime) -> Part:
    rows = list(
        _light(Upload.objects.filter(status=UploadStatus.UPLOADING)).order_by(
            "claimed_at", "pk"
        )[:MOST_SENDING]
    )
    open_tries = UploadAttempt.objects.filter(
        upload__in=[one.pk for one in rows], outcome=""
    ).values_list("upload", "phase")
    phases = dict(open_tries)
    lines = [
        Line(
            upload=one,
            reason=reason_lines(one),
            phase=str(PHASES.get(phases.get(one.pk, ""), PHASES[Phase.CLAIMED.value])),
            seconds=_seconds(one.claimed_at, now),
        )
        for one in rows
    ]
    return Part(name="sending", lines=lines, count=count)


def _seconds(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else max((now - since).total_seconds(), 0.0)


def _page_of(
    rows: QuerySet[Upload], request: HttpRequest, name: str, count: int
) -> Part:
    """A page of rows, each knowing its neighbours, also those on other pages."""
    pages = max(ceil(count / PER_PAGE), 1)
    wanted = request.GET.get(name, "1")
    page = min(max(int(wanted), 1), pages) if wanted.isdecimal() and wanted else 1
    start = (page - 1) * PER_PAGE
    ids = list(
        rows.values_list("pk", flat=True)[max(start - 1, 0) : start + PER_PAGE + 1]
    )
    shown = ids[1 if start else 0 :][:PER_PAGE]
    by_id = {one.pk: one for one in _light(Upload.objects.filter(pk__in=shown))}
    lines = []
    for pk in shown:
        if pk not in by_id:
            continue
        at = ids.index(pk)
        lines.append(
            Line(
                upload=by_id[pk],
                reason=reason_lines(by_id[pk]),
                previous=ids[at - 1] if at else 0,
                next=ids[at + 1] if at + 1 < len(ids) else 0,
            )
        )
    return Part(name=name, lines=lines, count=count, page=page)


def failed_now(*, examples: int = EXAMPLES) -> tuple[list[Cause], Part]:
    """The newest failed uploads by cause, the most frequent first, and the questions
    among them; so many examples of each cause."""
    found: dict[tuple[str, int], Cause] = {}
    asked: list[int] = []
    for pk, tracker_id, tracker, reason in _newest_failed():
        code = str(reason.get("code", ""))
        if code in QUESTIONS:
            asked.append(pk)
            continue
        cause = found.setdefault(
            (code, tracker_id),
            Cause(
                code=code,
                tracker_id=tracker_id,
                tracker=tracker,
                message=str(reason.get("message", ""))
                or _("No reason was written down."),
                remedy=str(reason.get("remedy", "")),
            ),
        )
        cause.ids.append(pk)
    causes = sorted(found.values(), key=lambda one: (-len(one.ids), one.tracker))
    _give_examples(causes, examples)
    rows = Upload.objects.filter(pk__in=asked[:MOST_QUESTIONS]).order_by("-pk")
    return causes, _plain("questions", rows, MOST_QUESTIONS, len(asked))


def _newest_ids() -> QuerySet[Upload, int]:
    failed = Upload.objects.filter(status=UploadStatus.FAILED).order_by("-pk")
    return failed.values_list("pk", flat=True)[:MOST_FAILED]


def _newest_failed() -> QuerySet[Upload, tuple[int, int, str, dict[str, Any]]]:
    return (
        Upload.objects.filter(pk__in=_newest_ids())
        .order_by("-pk")
        .values_list("pk", "tracker_id", "tracker__name", "reason")
    )


def _give_examples(causes: Sequence[Cause], most: int) -> None:
    wanted = [pk for cause in causes for pk in cause.ids[:most]]
    rows = {one.pk: one for one in _light(Upload.objects.filter(pk__in=wanted))}
    copies_mark([one.release for one in rows.values()])
    for cause in causes:
        cause.examples = [rows[pk] for pk in cause.ids[:most] if pk in rows]


def failed_of(code: str, tracker_id: int) -> list[int]:
    """The newest failed uploads of one tracker with one cause, the oldest first."""
    return sorted(
        pk
        for pk, tracker, _name, reason in _newest_failed()
        if tracker == tracker_id and str(reason.get("code", "")) == code
    )
