"""One field of the metadata as a person changes it on a release's page."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from common.ids import is_id
from common.permissions import require
from releases.admin.acting import actor_id
from releases.admin.field_text import from_text
from releases.admin.release_views import CHANGE
from releases.errors import ReleaseError
from releases.metadata.validate import clean_overrides
from releases.metadata.vocabulary import VOCABULARY
from releases.models import Release
from releases.services.remerge import release_override


def field_change(request: HttpRequest, release: Release, name: str) -> str:
    """Do what the pressed button says; gives the sentence of success. Raises AppError."""
    require(request.user, CHANGE, _("edit metadata"))
    spec, entry = VOCABULARY[name], release.metadata.get(name) or {}
    action = request.POST.get("action", "save")
    mark = request.POST.get("seen")
    override = partial(
        release_override,
        release_id=release.pk,
        seen=None if mark is None else {name: mark},
        actor_id=actor_id(request),
    )
    if action == "revert":
        override(changes={}, revert=[name])
        return _("%(field)s comes from the sources again.") % {"field": spec.label}
    if action == "leave_out":
        override(changes={name: None})
        return _("%(field)s is left out.") % {"field": spec.label}
    if action.startswith("take"):
        value = _alternative(entry, action.removeprefix("take"))
    else:
        value = from_text(spec, request.POST.get("value", ""), entry.get("value"))
    if value in ("", []):
        raise ReleaseError(
            _("%(field)s is empty. Write a value, or press “Leave out”.")
            % {"field": spec.label},
            code="value_missing",
        )
    override(changes=clean_overrides({name: value}))
    return _("%(field)s is changed.") % {"field": spec.label}


def _alternative(entry: dict[str, Any], number: str) -> Any:
    alternatives = entry.get("alternatives", [])
    if not is_id(number) or int(number) >= len(alternatives):
        raise ReleaseError(
            _("That alternative is not there any more. Look at the field again."),
            code="alternative_gone",
        )
    return alternatives[int(number)]["value"]
