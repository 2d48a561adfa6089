"""Asking a tracker about one upload, through its account's request budget."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.conf import settings

from common.errors import AppError
from trackers.adapters.base import TrackerAdapter
from trackers.errors import (
    QuestionRefused,
    TrackerError,
    TrackerUnavailable,
)
from trackers.models import Credential
from trackers.registry import get_adapter_class
from trackers.services.adapters import adapter_open
from trackers.services.budgets import BudgetSpent
from trackers.services.choosing import credential_for
from trackers.services.credentials import credential_heed
from trackers.services.pacing import Answer as Told
from trackers.types import Action, Existing, Finding, Similar
from uploads.models import Upload
from uploads.payloads import payload_load
from uploads.retry import look_delays

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Generic[Found]):
    """What a tracker said: found, not found, or the problem that kept it from saying.

    `evidence` is what was asked for it, also when a later question failed. `away`: the
    tracker could not be reached, which says nothing about the upload. `refused`: it
    read the question and says no.
    """

    found: Found | None = None
    problem: str = ""
    evidence: tuple[Finding, ...] = ()
    away: bool = False
    refused: bool = False


def looks_at(upload: Upload) -> tuple[float, ...]:
    """Seconds before each look for an upload at its tracker."""
    lag = get_adapter_class(upload.tracker.family).index_lag()
    return look_delays(lag, settings.SETTLE_LOOKS)


def look_for(
    upload: Upload, credential: Credential | None, told: list[Told]
) -> Answer[Existing]:
    """Search the tracker for the upload's own torrent.

    Raises BudgetSpent when the account may not ask any more now; `told` holds what it
    was told so far, and the next look goes on from there.
    """

    def search(adapter: TrackerAdapter) -> Existing | None:
        payload = payload_load(upload.payload, bytes(upload.torrent_file or b""))
        found = adapter.find_existing(payload)
        if found is None or adapter.rewrites_torrent:
            return found
        # Another member's torrent of the same files is not our upload.
        return found if found.infohash == upload.infohash else None

    return _asked(upload, credential, search, told)


def look_at(upload: Upload, number: str) -> Answer[Existing]:
    """Ask for the torrent of that number. Raises BudgetSpent as `look_for` does."""
    credential = credential_for(
        upload.tracker, upload.credential, upload.approved_by_id
    )
    return _asked(
        upload, credential, lambda adapter: adapter.existing_by_number(number)
    )


def look_for_similar(
    upload: Upload, credential: Credential, told: list[Told]
) -> Answer[list[Similar]]:
    """Ask the tracker for what it has of the same work. BudgetSpent as in `look_for`.

    Nobody waits for it: it gives way to uploads, and gives up soon.
    """
    payload = payload_load(upload.payload, b"")
    return _asked(
        upload,
        credential,
        lambda adapter: adapter.find_similar(payload),
        told,
        aside=True,
    )


def _asked(
    upload: Upload,
    credential: Credential | None,
    question: Callable[[TrackerAdapter], Found | None],
    told: list[Told] | None = None,
    *,
    aside: bool = False,
) -> Answer[Found]:
    if credential is None:
        return Answer(
            problem=f"{upload.tracker} has no usable credential to look with."
        )
    findings: list[Finding] = []
    away = refused = False
    try:
        with adapter_open(
            upload.tracker, credential, paced=Action.SEARCH, answers=told, aside=aside
        ) as adapter:
            findings = adapter.findings
            return Answer(found=question(adapter), evidence=tuple(findings))
    except BudgetSpent:
        raise
    except (TrackerError, AppError) as exc:
        problem = exc.message
        if isinstance(exc, TrackerError):
            credential_heed(credential, exc)
        # A question that was refused is a TrackerUnavailable too, but was answered.
        refused = isinstance(exc, QuestionRefused)
        away = isinstance(exc, TrackerUnavailable) and not refused
    return Answer(problem=problem, evidence=tuple(findings), away=away, refused=refused)
