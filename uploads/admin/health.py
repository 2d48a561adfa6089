"""The trackers and this machine, as the first page shows them."""

import shutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, OuterRef, Subquery
from django.utils.translation import gettext as _

from common import clock
from common.figures import size_text
from releases.models import Library
from trackers.models import Credential, RequestBudget, Tracker
from trackers.permissions import Person, credentials_seen_by
from trackers.services.budgets import blocked_seconds, recent, window_of
from uploads.models import Heartbeat, Trouble, Upload
from uploads.services.lanes import due_uploads
from uploads.states import UploadStatus

MOST_PLACES = 10
MOST_WORKERS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerHealth:
    """How one tracker stands; `used` of `allowed` requests in `seconds`."""

    tracker: Tracker
    tone: str
    state: str
    used: int
    allowed: int
    seconds: int
    last_success: datetime | None
    away_since: datetime | None

    @property
    def share(self) -> int:
        """The used part of the budget, in percent."""
        return min(100 * self.used // max(self.allowed, 1), 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """The free space of a folder; `free` is "" where it cannot be read."""

    name: str
    free: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Workers, disks and how much is due."""

    workers: list[tuple[str, float]]
    disks: list[Disk]
    due: int
    oldest_due: datetime | None


def trackers_health(troubles: Iterable[Trouble], person: Person) -> list[TrackerHealth]:
    """Every active tracker, by the accounts that the person sees; three queries."""
    newest = (
        Upload.objects.filter(tracker=OuterRef("pk"), status=UploadStatus.SUCCESS)
        .order_by("-finished_at")
        .values("finished_at")[:1]
    )
    trackers = (
        Tracker.objects.filter(is_active=True)
        .annotate(succeeded_at=Subquery(newest))
        .order_by("name")
    )
    accounts = defaultdict[int, list[Credential]](list)
    rows = Credential.objects.filter(credentials_seen_by(person), is_active=True).defer(
        "values"
    )
    for account in rows.order_by("priority", "pk"):
        accounts[account.tracker_id].append(account)
    budgets = {
        row.credential_id: row
        for row in RequestBudget.objects.filter(action="", credential__is_active=True)
        .select_related("credential__tracker")
        .defer("credential__values")
    }
    told = list(troubles)
    away = {one.subject: one.since for one in told if one.code == "tracker_down"}
    lacking = {one.subject for one in told if one.code == "account_missing"}
    now = clock.now()
    return [
        _without_account(row) if row.tracker.name in lacking else row
        for row in (
            _health(one, accounts[one.pk], budgets, away, now) for one in trackers
        )
    ]


def _without_account(row: TrackerHealth) -> TrackerHealth:
    """That uploads wait for an account there, whatever else there is to say."""
    return replace(row, tone="bad", state=_("no account, uploads wait"))


def _health(
    tracker: Any,
    accounts: list[Credential],
    budgets: dict[int, RequestBudget],
    away: dict[str, datetime],
    now: datetime,
) -> TrackerHealth:
    usable = [one for one in accounts if one.paused_at is None]
    since = away.get(tracker.name)
    row = budgets.get(usable[0].pk) if usable else None
    held = row is not None and blocked_seconds(row, now) > 0
    if since:
        tone, state = "bad", _("away")
    elif not accounts:
        tone, state = "plain", _("no account")
    elif not usable:
        tone, state = "bad", _("paused key")
    elif held:
        tone, state = "warn", _("asked us to wait")
    elif len(usable) < len(accounts):
        tone, state = "warn", _("an account is paused")
    else:
        tone, state = "good", _("healthy")
    return TrackerHealth(
        tracker=tracker,
        tone=tone,
        state=state,
        used=len(recent(row, window_of(row), now)) if row else 0,
        allowed=tracker.budget_requests,
        seconds=tracker.budget_seconds,
        last_success=tracker.succeeded_at,
        away_since=since,
    )


def machine() -> Machine:
    """What keeps the work going, here and now."""
    now = clock.now()
    beats = Heartbeat.objects.order_by("-seen_at")[:MOST_WORKERS]
    places = [(_("Data"), str(settings.DATA_DIR))]
    places += Library.objects.order_by("name").values_list("name", "path")[:MOST_PLACES]
    due = due_uploads().order_by()
    total = due.aggregate(count=Count("pk"), oldest=Min("approved_at"))
    return Machine(
        workers=[
            (_process(one.worker), (now - one.seen_at).total_seconds()) for one in beats
        ],
        disks=[Disk(name=name, free=_free(path)) for name, path in places],
        due=total["count"],
        oldest_due=total["oldest"],
    )


def _process(worker: str) -> str:
    """ "host, process 12" of an id."""
    parts = worker.split(":")
    if len(parts) != 4:
        return worker
    return _("%(host)s, process %(number)s") % {"host": parts[0], "number": parts[2]}


def _free(path: str) -> str:
    try:
        return size_text(shutil.disk_usage(path).free)
    except (OSError, ValueError):
        return ""
