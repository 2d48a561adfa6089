"""What people changed by hand, as rows for the page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from releases.metadata.vocabulary import label, show
from releases.models import Release

MOST_EDITS = 20


@dataclass(frozen=True, kw_only=True)
class EditRow:
    """One change; `rows` are (field's name, before, after)."""

    pk: int
    who: str
    at: datetime
    undone: bool
    can_undo: bool
    rows: list[tuple[str, str, str]]

    @property
    def labels(self) -> str:
        """The fields' names."""
        return ", ".join(row[0] for row in self.rows)


def edit_rows(release: Release) -> list[EditRow]:
    """The newest changes; the first that stands can be undone. One query."""
    edits = list(release.acts.edits().select_related("actor")[:MOST_EDITS])
    standing = next((edit.pk for edit in edits if edit.undone_at is None), None)
    return [
        EditRow(
            pk=edit.pk,
            who=str(edit.actor or ""),
            at=edit.created_at,
            undone=edit.undone_at is not None,
            can_undo=edit.pk == standing,
            rows=[
                (
                    label(name),
                    _words(name, was),
                    _words(name, (edit.after or {}).get(name, {})),
                )
                for name, was in (edit.before or {}).items()
            ],
        )
        for edit in edits
    ]


def _words(name: str, said: dict[str, Any]) -> str:
    if "value" not in said:
        return _("as the sources say")
    value = said["value"]
    return _("left out") if value is None else show(name, value)
