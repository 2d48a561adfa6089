"""Putting a due upload before or behind another, as somebody drags it in the queue.

The order is made of priorities, which are few. So what lies above the place is raised
where it has to be, and nothing below it changes.
"""

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from uploads.errors import UploadError
from uploads.models import Upload
from uploads.services.lanes import due_uploads
from uploads.services.queueing import HIGHEST, LOWEST, priority_note
from uploads.states import UploadStatus

MOST_ABOVE = 1_000
# Approved when, and the id: the order among uploads of one priority.
Turn = tuple[datetime | None, int]
Row = tuple[int, int, datetime | None]


def upload_place(
    *,
    upload_id: int,
    before_id: int | None = None,
    after_id: int | None = None,
    actor_id: int | None = None,
) -> None:
    """Let a due upload go directly before one, or directly after another.

    Raises UploadError when one of them is not due any more, or lies too far below.
    """
    with transaction.atomic():
        moved = Upload.objects.filter(pk=upload_id, status=UploadStatus.PENDING)
        upload = moved.only("status", "priority", "approved_at").first()
        if upload is None:
            raise _gone()
        rows = list(
            due_uploads()
            .exclude(pk=upload_id)
            .values_list("pk", "priority", "approved_at")[: MOST_ABOVE + 1]
        )
        place = _place(rows, before_id, after_id)
        wanted = _priorities(upload, rows, place)
        if not LOWEST <= min(wanted.values()) <= max(wanted.values()) <= HIGHEST:
            raise UploadError(
                _(
                    "The priorities between %(lowest)s and %(highest)s are used up "
                    "there. Set a lower one for those that go first."
                )
                % {"lowest": LOWEST, "highest": HIGHEST},
                code="queue_order_full",
            )
        _store(wanted)
        if wanted[upload_id] != upload.priority:
            priority_note(upload, wanted[upload_id], actor_id)


def _gone() -> UploadError:
    return UploadError(
        _(
            "One of the two is not due any more, or it lies too far below. Look again, "
            "or set a number."
        ),
        code="queue_moved_on",
    )


def _place(rows: list[Row], before_id: int | None, after_id: int | None) -> int:
    """The index in `rows` of the one that shall come next."""
    for index, (pk, _priority, _at) in enumerate(rows[:MOST_ABOVE]):
        if pk == before_id:
            return index
        if pk == after_id:
            return index + 1
    raise _gone()


def _priorities(upload: Upload, rows: list[Row], place: int) -> dict[int, int]:
    """The priorities that change, by id; the moved upload's is always among them."""
    turn: Turn = (upload.approved_at, upload.pk)
    if place < len(rows):
        priority = _at_least(turn, rows[place])
    else:
        last_pk, last, approved_at = rows[-1]
        priority = last if _later(turn, (approved_at, last_pk)) else last - 1
        return {upload.pk: priority}
    changed = {upload.pk: priority}
    below: Row = (upload.pk, priority, upload.approved_at)
    for pk, own, approved_at in reversed(rows[:place]):
        needed = _at_least((approved_at, pk), below)
        if own >= needed:
            break  # and so are all above it
        changed[pk] = needed
        below = (pk, needed, approved_at)
    return changed


def _at_least(turn: Turn, below: Row) -> int:
    """The lowest priority with which `turn` comes before `below`."""
    pk, priority, approved_at = below
    return priority + 1 if _later(turn, (approved_at, pk)) else priority


def _later(one: Turn, other: Turn) -> bool:
    at, pk = one
    other_at, other_pk = other
    if at is None or other_at is None:  # approved ones always have a time
        return pk > other_pk
    return (at, pk) > (other_at, other_pk)


def _store(wanted: dict[int, int]) -> None:
    by_priority = defaultdict[int, list[int]](list)
    for pk, priority in wanted.items():
        by_priority[priority].append(pk)
    for priority, pks in by_priority.items():
        Upload.objects.filter(pk__in=pks).update(priority=priority)
