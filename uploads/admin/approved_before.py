"""What an upload's form said when it was approved before, against what it says now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from releases.models import Release
from trackers.rendering.versions import diff_fields
from uploads.models import Approval, Upload
from uploads.states import UploadStatus

MOST_APPROVALS = 5
TONES = {"+": "add", "-": "del", "@": "at"}
Changes = list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True, kw_only=True)
class Before:
    """An earlier approval of an upload; `changes` are (field, [(tone, line), …])."""

    by: str
    at: datetime
    void_reason: str
    changes: Changes


def approved_before(release: Release, uploads: Iterable[Upload]) -> dict[int, Before]:
    """Upload id → its newest earlier approval, for drafts that had one; one query."""
    drafts = [one for one in uploads if one.status == UploadStatus.DRAFT]
    if not drafts:
        return {}
    approvals = list(
        release.approvals.filter(decision=Approval.Decision.APPROVED)
        .exclude(forms={})
        .select_related("actor")[:MOST_APPROVALS]
    )
    found = {}
    for upload in drafts:
        key = str(upload.pk)
        approval = next((one for one in approvals if key in one.forms), None)
        if approval is not None:
            found[upload.pk] = Before(
                by=str(approval.actor or ""),
                at=approval.decided_at,
                void_reason=approval.void_reason,
                changes=form_changes(
                    approval.forms[key], upload.payload.get("form", ())
                ),
            )
    return found


def form_changes(before: Sequence[Any], after: Sequence[Any]) -> Changes:
    """The fields that differ, with the lines of each that came and went."""
    changes = diff_fields(_by_name(before), _by_name(after))
    return [
        (name, [(TONES.get(line[:1], "same"), line) for line in lines])
        for name, lines in changes.items()
    ]


def _by_name(form: Sequence[Any]) -> dict[str, str]:
    """A form as one text a field; a field that is sent twice has a line for each."""
    found: dict[str, str] = {}
    for name, value in form:
        found[name] = f"{found[name]}\n{value}" if name in found else value
    return found
