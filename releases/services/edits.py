"""Taking back what a person changed of the metadata, the newest change first."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common import clock
from releases.errors import ReleaseError
from releases.metadata.vocabulary import label
from releases.models import Release, ReleaseAct
from releases.services.remerge import editable_release, insist, said


def release_undo(*, release_id: int, edit_id: int, actor_id: int | None) -> list[str]:
    """Undo the newest change that stands; gives the names of its fields.

    `edit_id` says which one the person saw as the newest: somebody else may have
    changed something since, and that is not undone unseen. Raises ReleaseError.
    """
    with transaction.atomic():
        release = editable_release(release_id)
        edit = _newest(release, edit_id)
        before: dict[str, dict[str, Any]] = edit.before or {}
        overrides = {
            name: value
            for name, value in release.overrides.items()
            if name not in before
        }
        overrides |= {
            name: was["value"] for name, was in before.items() if "value" in was
        }
        labels = [label(name) for name in before]
        reason = f"A change was undone: {', '.join(before)}."
        insist(release, overrides, reason=reason, actor_id=actor_id)
        ReleaseAct.objects.filter(pk=edit.pk).update(undone_at=clock.now())
    return labels


def _newest(release: Release, edit_id: int) -> ReleaseAct:
    edit = release.acts.edits().filter(undone_at=None).first()
    if edit is None or edit.pk != edit_id:
        raise ReleaseError(
            _("That is not the newest change any more. Look at the fields again."),
            code="edit_not_newest",
        )
    moved = [
        name
        for name, now in (edit.after or {}).items()
        if said(release.overrides, name) != now
    ]
    if moved:
        raise ReleaseError(
            _("%(fields)s changed since, in another way. Set it by hand.")
            % {"fields": ", ".join(map(label, moved))},
            code="edit_overtaken",
        )
    return edit
