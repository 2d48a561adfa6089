"""Pausing, resuming, changing and testing accounts. choosing.py chooses."""

import logging
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from common.redact import redact
from common.texts import gettext_noop
from common.vault import VaultError
from trackers.errors import (
    TrackerAuthError,
    TrackerConfigError,
    TrackerError,
    TrackerRateLimited,
)
from trackers.models import Credential
from trackers.services.adapters import adapter_open
from trackers.services.budgets import budget_block, budget_take
from trackers.types import Action, CheckResult

logger = logging.getLogger(__name__)

_GOING: dict[str, Any] = {
    "paused_at": None,
    "paused_reason": "",
    "paused_by_hand": False,
}
# Kept as the answer of a test.
REPLACED = gettext_noop(
    "The credential was replaced while the tracker answered. Test the new one."
)
NO_BUDGET = gettext_noop("The request budget is used up; test again in %(seconds)s s.")
RATE_LIMIT_SECONDS = 10.0  # where the site does not say how long


def credential_heed(credential: Credential, error: TrackerError) -> None:
    """Do for the account what a site's refusal asks for, whatever was being asked.

    A refused key pauses it; "too many requests" lets everybody wait.
    """
    if isinstance(error, TrackerAuthError):
        credential_pause(credential, error.message)
    elif isinstance(error, TrackerRateLimited):
        budget_block(credential, error.retry_after or RATE_LIMIT_SECONDS)


def credential_pause(
    credential: Credential, reason: str, *, by_hand: bool = False
) -> None:
    """Use the account no more until a person resumes it, or a good test.

    Only a person ends what a person paused (`by_hand`). Nothing happens when its values
    were replaced since `credential` was read.
    """
    _unreplaced(credential).filter(paused_at=None).update(
        paused_at=timezone.now(),
        paused_reason=redact(reason)[:500],
        paused_by_hand=by_hand,
    )


def credential_resume(credential: Credential) -> None:
    """Use the account again."""
    Credential.objects.filter(pk=credential.pk).update(**_GOING)


def credential_update(credential: Credential, values: dict[str, str]) -> None:
    """Store new values over the old; blank ones keep what was there.

    New secrets end a pause that was about the old ones, and none that a person set.
    """
    with transaction.atomic():
        # What was read before may have been dropped since, and must not come back.
        row = Credential.objects.select_for_update().get(pk=credential.pk)
        merged = {**row.values, **{k: v for k, v in values.items() if v}}
        if merged == dict(row.values):
            return
        row.values = merged
        row.rotated_at = timezone.now()
        if not row.paused_by_hand:
            row.paused_at = None
            row.paused_reason = ""
        row.check_ok = None
        row.check_message = ""
        row.save()
    credential.refresh_from_db()


def _unreplaced(credential: Credential) -> QuerySet[Credential]:
    """The account's row, unless it has other secrets by now."""
    return Credential.objects.filter(pk=credential.pk, rotated_at=credential.rotated_at)


def credential_complete(credential: Credential) -> bool:
    """Whether it has all that sending needs, such as a passkey. Asks nobody.

    A passkey need not be typed in: a good test learns it.
    """
    try:
        with adapter_open(credential.tracker, credential) as adapter:
            adapter.announce_url()
    except (TrackerConfigError, VaultError):
        return False
    return True


def credential_test(credential: Credential) -> CheckResult:
    """Ask the tracker who we are, and keep the answer on the row. Never raises.

    An answer about values that were replaced meanwhile is not kept.
    """
    result = _ask(credential)
    with transaction.atomic():
        row = _unreplaced(credential).select_for_update(no_key=True).first()
        if row is not None:
            _keep(row, result)
    credential.refresh_from_db()
    if row is None:
        return CheckResult(
            ok=False,
            message=REPLACED,
        )
    return result


def _keep(credential: Credential, result: CheckResult) -> None:
    """Write the answer of a test, and what it taught, to the locked row."""
    changes: dict[str, Any] = {
        "checked_at": timezone.now(),
        "check_ok": result.ok,
        "check_message": redact(" ".join((result.message, *result.warnings)))[:500],
    }
    if result.ok:
        if not credential.paused_by_hand:
            changes |= _GOING
        learned = {
            name: value
            for name, value in result.learned.items()
            if value and not credential.values.get(name)
        }
        if learned:
            changes["values"] = {**credential.values, **learned}
    Credential.objects.filter(pk=credential.pk).update(**changes)


def _ask(credential: Credential) -> CheckResult:
    wait = budget_take(credential, Action.CHECK)
    if wait:
        return CheckResult(
            ok=False,
            message=NO_BUDGET % {"seconds": f"{wait:.0f}"},
        )
    try:
        with adapter_open(credential.tracker, credential) as adapter:
            return adapter.check()
    except TrackerError as exc:
        credential_heed(credential, exc)
        return CheckResult(ok=False, message=exc.message)
    except VaultError as exc:
        return CheckResult(ok=False, message=exc.message)
