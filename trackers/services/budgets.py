"""Requests per account, counted in rows that all workers and hosts share.

A sliding window: never more than `budget_requests` inside any `budget_seconds`, and
where an action has a budget of its own, no more of that action than it allows. Time is
the database's. Whoever gets no slot puts the work back and says when; nobody waits.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from common import clock
from common.errors import AppError
from trackers.budget_rules import LONGEST_WINDOW, Window
from trackers.models import Credential, RequestBudget, Tracker
from trackers.types import Action


class BudgetSpent(AppError):
    """The request budget has no room now; `wait` says for how many seconds."""

    code = "budget"

    def __init__(self, wait: float) -> None:
        super().__init__("The tracker's request budget is used up for the moment.")
        self.wait = wait


def budget_lock(credential: Credential) -> None:
    """Let nobody else choose what this account sends until the transaction ends."""
    _locked(credential, [""])


def budget_take(
    credential: Credential, action: Action, *, aside: bool = False
) -> float:
    """Reserve one request; 0.0 when granted, else the seconds to wait.

    It is granted by the budget of all requests and by the action's, or by none. What
    is done `aside` leaves the last slots of each to whatever cannot wait.
    """
    windows = _windows(credential, action)
    if aside:
        windows = {name: window.aside for name, window in windows.items()}
    with transaction.atomic():
        rows = _locked(credential, list(windows))
        now = clock.now()
        wait = max(_missing(row, windows[row.action], now) for row in rows)
        if not wait:
            for row in rows:
                row.spent = [*recent(row, windows[row.action], now), now.timestamp()]
                row.save(update_fields=["spent"])
    return wait


def _windows(credential: Credential, action: Action) -> dict[str, Window]:
    """The budgets that a request must fit into, by their rows' `action`."""
    tracker = credential.tracker
    names = ["", *(name for name in tracker.action_budgets if name == action)]
    return {name: _window(tracker, name) for name in names}


def window_of(row: RequestBudget) -> Window:
    """What the row may hold; the tracker's whole budget once its own was taken away."""
    return _window(row.credential.tracker, row.action)


def _window(tracker: Tracker, action: str) -> Window:
    whole = (tracker.budget_requests, tracker.budget_seconds)
    return Window(*tracker.action_budgets.get(action, whole))


def _locked(credential: Credential, actions: Sequence[str]) -> list[RequestBudget]:
    """The account's rows, locked in one order; those that are missing are made."""
    rows = (
        RequestBudget.objects.select_for_update()
        .filter(credential=credential, action__in=actions)
        .order_by("action")
    )
    found = list(rows)
    if len(found) == len(actions):
        return found
    RequestBudget.objects.bulk_create(
        [RequestBudget(credential=credential, action=action) for action in actions],
        ignore_conflicts=True,
    )
    return list(rows.all())


def _missing(row: RequestBudget, window: Window, now: datetime) -> float:
    """Seconds until there is room for one more request; 0.0 when there is."""
    if blocked := blocked_seconds(row, now):
        return blocked
    limit, spent = max(window.requests, 1), recent(row, window, now)
    if len(spent) < limit:
        return 0.0
    leaving = spent[len(spent) - limit]
    return min(
        max(leaving + window.seconds - now.timestamp(), 0.05), float(window.seconds)
    )


def recent(row: RequestBudget, window: Window, now: datetime) -> list[float]:
    """The requests inside the window, oldest first.

    What lies further ahead than a window was written by a clock that was wrong, and
    would hold the account back until then.
    """
    at, span = now.timestamp(), float(window.seconds)
    return sorted(one for one in row.spent if at - span < one <= at + span)


def blocked_seconds(row: RequestBudget, now: datetime) -> float:
    """For how long the site wants the account to rest; 0.0 when it may be used.

    No site may ask for more than a day: what says so was written by a wrong clock.
    """
    if row.blocked_until is None:
        return 0.0
    seconds = float((row.blocked_until - now).total_seconds())
    return seconds if 0 < seconds <= LONGEST_WINDOW else 0.0


def budget_block(credential: Credential, seconds: float) -> None:
    """Let nobody use the account for a while: the site asked everybody to wait."""
    with transaction.atomic():
        (row,) = _locked(credential, [""])
        now = clock.now()
        if blocked_seconds(row, now) < seconds:
            row.blocked_until = now + timedelta(seconds=seconds)
            row.save(update_fields=["blocked_until"])
