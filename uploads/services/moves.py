"""The one door through which an upload changes its status."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from common.redact import redact
from trackers.types import Finding
from uploads.models import Upload, UploadEvent
from uploads.states import check_move

LONGEST_FINDING = 500


def upload_move(
    upload_id: int,
    old: str,
    new: str,
    *,
    why: str,
    actor_id: int | None = None,
    only_if: dict[str, Any] | None = None,
    evidence: Sequence[Finding] = (),
    **changes: Any,
) -> bool:
    """Move an upload from `old` to `new` and record it; False when it was elsewhere.

    `only_if` are further conditions of the compare-and-set, `changes` further columns
    written in the same statement, `evidence` what the tracker was asked. Raises
    IllegalMove.
    """
    check_move(old, new)
    with transaction.atomic():
        moved = Upload.objects.filter(
            pk=upload_id, status=old, **(only_if or {})
        ).update(status=new, **changes)
        if moved:
            upload_note(
                upload_id, old, new, why=why, actor_id=actor_id, evidence=evidence
            )
    return bool(moved)


def upload_note(
    upload_id: int,
    old: str,
    new: str,
    *,
    why: str,
    actor_id: int | None = None,
    evidence: Sequence[Finding] = (),
) -> None:
    """Record what happened to an upload, also when its status stays."""
    UploadEvent.objects.create(
        upload_id=upload_id,
        old=old,
        new=new,
        reason=redact(why)[:500],
        actor_id=actor_id,
        evidence=[
            {
                "way": one.way.value,
                "asked": redact(one.asked)[:LONGEST_FINDING],
                "found": redact(one.found)[:LONGEST_FINDING],
            }
            for one in evidence
        ],
    )
