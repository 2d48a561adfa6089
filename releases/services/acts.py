"""What people do to releases, written down with the old and the new value."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from common.redact import redact
from releases.models import ReleaseAct

LONGEST_VALUE = 500


def act_note(
    release_id: int,
    what: ReleaseAct.What,
    *,
    actor_id: int | None,
    changes: Iterable[Mapping[str, str]] = (),
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Record one thing that a person did to a release.

    `before` and `after` are given for what can be undone.
    """
    ReleaseAct.objects.create(
        release_id=release_id,
        what=what,
        actor_id=actor_id,
        changes=list(changes),
        before=before,
        after=after,
    )


def changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, str]]:
    """What differs between two sets of values, field by field, as texts."""
    return [
        {"field": name, "old": _text(old.get(name)), "new": _text(new.get(name))}
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(_is_name(one) for one in value):
        value = ", ".join(one if isinstance(one, str) else one["name"] for one in value)
    if not isinstance(value, str):
        value = json.dumps(value, ensure_ascii=False)
    return redact(value)[:LONGEST_VALUE]


def _is_name(value: Any) -> bool:
    return isinstance(value, str) or (
        isinstance(value, dict) and set(value) == {"name"}
    )
