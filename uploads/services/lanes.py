"""What is due, in lanes: the uploads to one tracker that one account would send.

Mostly that is a tracker. Who approved with an account of their own there has a lane of
their own, and so waits for nobody else's budget.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Min, Q, QuerySet

from common import clock
from trackers.models import Credential
from trackers.services.choosing import choose, credentials_active
from uploads.models import Upload
from uploads.states import UploadStatus

# What an account is needed for: to send by, or to ask whether it was sent.
_NEEDING = (UploadStatus.PENDING, UploadStatus.UNKNOWN)


def due_uploads() -> QuerySet[Upload]:
    """Approved uploads whose time has come, the most urgent first."""
    now = clock.now()
    return (
        Upload.objects.filter(status=UploadStatus.PENDING)
        .filter(Q(not_before=None) | Q(not_before__lte=now))
        .order_by("-priority", "approved_at", "pk")
    )


def pressing_uploads() -> QuerySet[Upload]:
    """Uploads that use their tracker's budget, or wait for it.

    Not those that wait for something else: that may take days.
    """
    now = clock.now()
    pending = Q(not_before=None) | Q(not_before__lte=now) | Q(reason__code="budget")
    return Upload.objects.order_by().filter(
        Q(status=UploadStatus.UPLOADING) | (Q(status=UploadStatus.PENDING) & pending)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Uploads to a tracker that `person` approved; None: whoever has no account there.

    `owners` are the people with an account of their own there; `credential` is the one
    to send by, None while there is none.
    """

    tracker_id: int
    person_id: int | None
    owners: frozenset[int]
    credential: Credential | None

    def of(self, rows: QuerySet[Upload]) -> QuerySet[Upload]:
        """Those of the uploads that go by this lane."""
        rows = rows.filter(tracker=self.tracker_id)
        if self.person_id is not None:
            return rows.filter(approved_by=self.person_id)
        if not self.owners:
            return rows
        return rows.filter(
            Q(approved_by=None) | ~Q(approved_by__in=sorted(self.owners))
        )

    def hold(self, *, seconds: float, why: str, code: str) -> None:
        """Let all that is due here wait. Nothing moves, so no event is written."""
        self.of(due_uploads().order_by()).update(
            not_before=clock.now() + timedelta(seconds=seconds),
            reason={"code": code, "message": why},
        )


def due_lanes() -> list[Lane]:
    """Lanes with due uploads and places, the one with the most urgent first."""
    due = _trackers(due_uploads())
    if not due:
        return []
    accounts = _accounts(due)
    lanes = _lanes(due_uploads(), due, accounts)
    if not any(lane.credential for lane in lanes):
        return lanes
    # So it is mostly while a batch is sent, and each that ends looks for the next.
    under_way: Counter[int | None] = Counter(
        Upload.objects.order_by()
        .filter(status=UploadStatus.UPLOADING)
        .values_list("credential", flat=True)
    )
    return [lane for lane in lanes if not _is_full(lane.credential, under_way)]


def _is_full(account: Credential | None, under_way: Counter[int | None]) -> bool:
    """Whether as many uploads are under way as the tracker allows an account."""
    return account is not None and under_way[account.pk] >= account.tracker.concurrency


def holds_end() -> None:
    """Make uploads due at once whose tracker can be sent to again."""
    held = Upload.objects.filter(
        status=UploadStatus.PENDING,
        not_before__gt=clock.now(),
        reason__code__in=("credential_missing", "tracker_inactive"),
        tracker__is_active=True,
    )
    trackers = list(held.order_by().values_list("tracker", flat=True).distinct())
    if not trackers:
        return
    for lane in _lanes(held, trackers, _accounts(trackers)):
        if lane.credential is not None:
            lane.of(held).update(not_before=None)


def stranded(tracker_id: int, accounts: list[Credential]) -> Counter[int | None]:
    """Approved uploads to a tracker that none of these accounts would send.

    By the person whose own accounts they go by; None: whoever has none there.
    """
    waiting = Upload.objects.filter(status__in=_NEEDING, tracker=tracker_id)
    lanes = _lanes(waiting, [tracker_id], {tracker_id: accounts})
    return Counter(
        {
            lane.person_id: lane.of(waiting).count()
            for lane in lanes
            if lane.credential is None
        }
    )


def accounts_missing() -> Counter[int]:
    """Tracker → approved uploads for which it has no account, not even a paused one."""
    waiting = Upload.objects.filter(status__in=_NEEDING, tracker__is_active=True)
    trackers = list(waiting.order_by().values_list("tracker", flat=True).distinct())
    accounts = _accounts(trackers) if trackers else {}
    missing = Counter[int]()
    for lane in _lanes(waiting, trackers, accounts):
        owners = {row.owner_id for row in accounts.get(lane.tracker_id, ())}
        if not owners & {None, lane.person_id}:
            missing[lane.tracker_id] += lane.of(waiting).count()
    return missing


def _trackers(rows: QuerySet[Upload]) -> list[int]:
    grouped = (
        rows.order_by()
        .values("tracker", "priority")
        .annotate(oldest=Min("approved_at"), first=Min("pk"))
        .order_by("-priority", "oldest", "first")
    )
    return list(dict.fromkeys(grouped.values_list("tracker", flat=True)))


def _accounts(trackers: Iterable[int]) -> dict[int, list[Credential]]:
    found: dict[int, list[Credential]] = defaultdict(list)
    for row in credentials_active().filter(tracker__in=trackers):
        found[row.tracker_id].append(row)
    return found


def _lanes(
    rows: QuerySet[Upload], trackers: list[int], accounts: dict[int, list[Credential]]
) -> list[Lane]:
    """The lanes of these uploads. Who approved is only asked where that matters."""
    owners = {
        pk: frozenset(
            row.owner_id for row in accounts.get(pk, ()) if row.owner_id is not None
        )
        for pk in trackers
    }
    keys: dict[tuple[int, int | None], None] = {}
    if any(owners.values()):
        grouped = (
            rows.order_by()
            .values("tracker", "approved_by", "priority")
            .annotate(oldest=Min("approved_at"), first=Min("pk"))
            .order_by("-priority", "oldest", "first")
        )
        for tracker, person in grouped.values_list("tracker", "approved_by"):
            own = person if person in owners.get(tracker, ()) else None
            keys[tracker, own] = None
    else:
        keys = dict.fromkeys((pk, None) for pk in trackers)
    return [
        Lane(
            tracker_id=tracker,
            person_id=person,
            owners=owners.get(tracker, frozenset()),
            credential=choose(accounts.get(tracker, ()), person),
        )
        for tracker, person in keys
    ]
