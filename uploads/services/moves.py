"""The one door through which an upload changes its status."""

from typing import Any

from django.db import transaction

from common.redact import redact
from uploads.models import Upload, UploadEvent
from uploads.states import check_move


def upload_move(
    upload_id: int,
    old: str,
    new: str,
    *,
    why: str,
    actor_id: int | None = None,
    only_if: dict[str, Any] | None = None,
    **changes: Any,
) -> bool:
    """Move an upload from `old` to `new` and record it; False when it was elsewhere.

    `only_if` are further conditions of the compare-and-set, `changes` further columns
    written in the same statement. Raises IllegalMove.
    """
    check_move(old, new)
    with transaction.atomic():
        moved = Upload.objects.filter(
            pk=upload_id, status=old, **(only_if or {})
        ).update(status=new, **changes)
        if moved:
            upload_note(upload_id, old, new, why=why, actor_id=actor_id)
    return bool(moved)


def upload_note(
    upload_id: int, old: str, new: str, *, why: str, actor_id: int | None = None
) -> None:
    """Record what happened to an upload, also when its status stays."""
    UploadEvent.objects.create(
        upload_id=upload_id,
        old=old,
        new=new,
        reason=redact(why)[:500],
        actor_id=actor_id,
    )
