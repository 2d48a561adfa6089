"""Requests per account, counted in one row that all workers share.

A sliding window: never more than `budget_requests` inside any `budget_seconds`.
Whoever gets no slot puts the work back and says when; only a question of several
requests that has begun waits for the rest of them.
"""

import time
from datetime import timedelta
from typing import Any

import requests
from django.utils import timezone

from common.errors import AppError
from common.http import MethodAdapter
from trackers.models import Credential, RequestBudget

CONTENDED_WAIT = 0.1
CONTENDED_TRIES = 5
LONGEST_PAUSE = 120.0


class BudgetSpent(AppError):
    """The request budget has no room now; `wait` says for how many seconds."""

    code = "budget"

    def __init__(self, wait: float) -> None:
        super().__init__("The tracker's request budget is used up for the moment.")
        self.wait = wait


def budget_lock(credential: Credential) -> None:
    """Let nobody else choose what this account sends until the transaction ends."""
    RequestBudget.objects.get_or_create(credential=credential)
    RequestBudget.objects.select_for_update().get(credential=credential)


def budget_take(credential: Credential) -> float:
    """Reserve one request; 0.0 when granted, else the seconds to wait."""
    for _ in range(CONTENDED_TRIES):
        row, _ = RequestBudget.objects.get_or_create(credential=credential)
        wait = _missing(row, credential)
        if wait or _spend(row, credential):
            return wait
    return CONTENDED_WAIT


def _missing(row: RequestBudget, credential: Credential) -> float:
    """Seconds until there is room for one more request; 0.0 when there is."""
    now = timezone.now()
    if row.blocked_until and row.blocked_until > now:
        return float((row.blocked_until - now).total_seconds())
    limit = max(credential.tracker.budget_requests, 1)
    spent = _recent(row, credential)
    if len(spent) < limit:
        return 0.0
    leaving: float = spent[len(spent) - limit]
    window = float(credential.tracker.budget_seconds)
    return min(max(leaving + window - now.timestamp(), 0.05), window)


def _spend(row: RequestBudget, credential: Credential) -> bool:
    """Write one request down; False when another worker wrote first."""
    spent = [*_recent(row, credential), timezone.now().timestamp()]
    return bool(
        RequestBudget.objects.filter(pk=row.pk, version=row.version).update(
            spent=spent, version=row.version + 1
        )
    )


def _recent(row: RequestBudget, credential: Credential) -> list[float]:
    """The requests inside the window, oldest first.

    What lies further ahead than a window was written by a clock that was wrong, and
    would hold the account back until then; less may be another machine's clock.
    """
    now, window = timezone.now().timestamp(), float(credential.tracker.budget_seconds)
    return sorted(at for at in row.spent if now - window < at <= now + window)


class PacedAdapter(MethodAdapter):
    """A session's transport that takes each request from the account's budget.

    The first request goes at once or raises BudgetSpent. Those after it belong to the
    same question, so they wait for their turn, LONGEST_PAUSE seconds in all, before
    they raise AppError.
    """

    def __init__(self, credential: Credential) -> None:
        super().__init__(get_retries=0)
        self._credential = credential
        self._has_begun = False
        self._patience = LONGEST_PAUSE

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """As in requests."""
        while wait := budget_take(self._credential):
            if not self._has_begun:
                raise BudgetSpent(wait)
            if wait > self._patience:
                raise AppError(
                    f"The request budget of {self._credential.tracker} has no room "
                    "for a whole look. Raise it on the tracker's page.",
                    code="budget_too_small",
                )
            self._patience -= wait
            time.sleep(wait)
        self._has_begun = True
        return super().send(request, *args, **kwargs)


def budget_block(credential: Credential, seconds: float) -> None:
    """Let nobody use the account for a while: the site asked everybody to wait."""
    RequestBudget.objects.get_or_create(credential=credential)
    until = timezone.now() + timedelta(seconds=seconds)
    RequestBudget.objects.filter(credential=credential).exclude(
        blocked_until__gt=until
    ).update(blocked_until=until)
