"""What can be undone moves to the acts, where the history has the same edits."""

import json
from datetime import timedelta
from typing import Any

from django.db import migrations

EDITED = "metadata"
LONGEST_VALUE = 500
# An edit was written right after its act, in the same transaction.
TOGETHER = timedelta(minutes=1)


def move(apps: Any, schema_editor: Any) -> None:
    """Release by release; the undo goes by the order of the keys."""
    edits = apps.get_model("releases", "MetadataEdit").objects
    releases = edits.order_by("release_id").values_list("release_id", flat=True)
    for release_id in list(releases.distinct()):
        of_release(apps, list(edits.filter(release_id=release_id).order_by("pk")))


def of_release(apps: Any, edits: list[Any]) -> None:
    """Each edit into its act; one of before there were acts into one of its own."""
    model = apps.get_model("releases", "ReleaseAct")
    rows = model.objects.filter(release_id=edits[0].release_id, what=EDITED)
    acts = list(rows.order_by("pk"))
    free = [act for act in acts if act.before is None]
    made = []
    for edit in edits:
        act = match(edit, free)
        if act is None:
            act = model(
                release_id=edit.release_id,
                actor_id=edit.actor_id,
                what=EDITED,
                changes=texts(edit),
            )
            made.append((edit.created_at, act))
        else:
            free.remove(act)
        act.before, act.after, act.undone_at = edit.before, edit.after, edit.undone_at
    if not made:
        model.objects.bulk_update(acts, ["before", "after", "undone_at"])
        return
    # Keys in the order of time: the older ones have to come before those there are.
    made += [(act.created_at, act) for act in acts]
    rows.delete()
    for at, act in sorted(made, key=lambda one: one[0]):
        act.pk = None
        act.save(force_insert=True)
        model.objects.filter(pk=act.pk).update(created_at=at)


def match(edit: Any, acts: list[Any]) -> Any:
    """The act that was written down with an edit; None for none."""
    near = [
        act
        for act in acts
        if act.actor_id == edit.actor_id
        and timedelta(0) <= edit.created_at - act.created_at < TOGETHER
        and {one["field"] for one in act.changes} <= set(edit.after)
    ]
    return near[-1] if near else None


def texts(edit: Any) -> list[dict[str, str]]:
    """What a person insisted on, as the history shows it; "" for the sources."""
    return [
        {"field": name, "old": text(was), "new": text(edit.after.get(name, {}))}
        for name, was in edit.before.items()
    ]


def text(said: dict[str, Any]) -> str:
    """A value as a text, cut."""
    value = said.get("value")
    if value is None:
        return ""
    if not isinstance(value, str):
        value = json.dumps(value, ensure_ascii=False)
    return value[:LONGEST_VALUE]


class Migration(migrations.Migration):
    """Data only; the old table goes with the next one."""

    dependencies = [("releases", "0010_let_acts_be_undone")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop, elidable=True)]
