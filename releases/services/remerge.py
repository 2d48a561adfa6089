"""All sources into one set of fields, each knowing where it came from."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from releases.errors import ReleaseError
from releases.listing import list_columns
from releases.metadata.merge import merge
from releases.metadata.recording import compare_recordings
from releases.metadata.validate import clean_overrides, validate_overrides
from releases.metadata.vocabulary import label, show
from releases.models import MetadataRecord, Release, ReleaseAct
from releases.services.acts import act_note, changed
from releases.services.enrich import known_asin, latest_failure, latest_record
from releases.services.lifecycle import release_mark_changed
from releases.services.moves import release_lock
from releases.states import ReleaseState

Source = MetadataRecord.Source
ORDER = (Source.AUDNEXUS, Source.TAGS, Source.NAMES)


def release_merge(release: Release) -> None:
    """Merge the newest answers of every source, under what a person insists on."""
    records = [latest_record(release, source) for source in ORDER]
    found = [one for one in records if one is not None and _is_ours(release, one)]
    fields = [(str(record.source), record.fields) for record in found]
    release.metadata = merge(fields, release.overrides)
    title = release.values.get("title", "")
    release.title = str(title)[:500]
    release.asin = str(release.values.get("asin", ""))[:10]
    columns = list_columns(
        release.values, name=release.name, source_path=release.source_path
    )
    for name, text in columns.items():
        setattr(release, name, text)
    release.notices = [
        *_of_files(release),
        *_notices(release, found),
        *_recording(found),
    ]
    release.save(
        update_fields=["metadata", "title", "asin", "notices", "updated_at", *columns]
    )


def _is_ours(release: Release, record: MetadataRecord) -> bool:
    """Whether a service's answer is about the ASIN that the release has by now."""
    if record.source != Source.AUDNEXUS:
        return True
    asin = known_asin(release)
    return not asin or record.fields.get("asin") == asin


def _of_files(release: Release) -> list[dict[str, Any]]:
    kept = ("file_", "torrent_")
    return [n for n in release.notices if n.get("code", "").startswith(kept)]


def _notices(release: Release, records: list[MetadataRecord]) -> list[dict[str, Any]]:
    notices: list[dict[str, Any]] = []
    for record in records:
        notices += record.notices
    for source in ORDER:
        failure = latest_failure(release, source)
        if failure is not None:
            notices.append({**failure.error, "path": ""})
    return notices


def _recording(records: list[MetadataRecord]) -> list[dict[str, Any]]:
    """Whether the catalogue means another recording than the files are.

    The notice has the figures behind it, so that a page need not compare again.
    """
    by_source = {record.source: record.fields for record in records}
    found = compare_recordings(
        by_source.get(Source.AUDNEXUS, {}), by_source.get(Source.TAGS, {})
    )
    if not found.sentence:
        return []
    return [
        {
            "code": "other_recording",
            "message": found.sentence,
            "path": "",
            "figures": [asdict(figure) for figure in found.figures],
        }
    ]


def release_override(
    *,
    release_id: int,
    changes: dict[str, Any],
    revert: Sequence[str] = (),
    seen: Mapping[str, str] | None = None,
    actor_id: int | None,
) -> Release:
    """Let a person insist on values; None leaves a field out on purpose.

    `revert` names fields that shall again come from their sources. `seen` maps fields
    to the `field_mark` of what the person looked at: what says something else by now
    is not overwritten unseen. The release is merged again and, if it was approved,
    needs approval again. What changed is kept, so that it can be undone. Raises
    ReleaseError.
    """
    with transaction.atomic():
        release = editable_release(release_id)
        for name, mark in (seen or {}).items():
            _check_seen(release, name, mark)
        names = ", ".join(sorted({*changes, *revert}))
        insist(
            release,
            {
                name: value
                for name, value in {**release.overrides, **changes}.items()
                if name not in revert
            },
            reason=f"Edited by hand: {names}.",
            actor_id=actor_id,
            can_undo=True,
        )
        release.refresh_from_db()
    return release


def field_mark(release: Release, name: str) -> str:
    """What a page shows of a field, in 16 signs that change when that does."""
    shown = [release.metadata.get(name), said(release.overrides, name)]
    text = json.dumps(shown, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _check_seen(release: Release, name: str, mark: str) -> None:
    if mark == field_mark(release, name):
        return
    entry = release.metadata.get(name)
    edits = release.acts.edits().select_related("actor").filter(undone_at=None)
    of_it = ((edit, edit.after or {}) for edit in edits)
    edit, after = next((one for one in of_it if name in one[1]), (None, {}))
    by_hand = edit is not None and after[name] == said(release.overrides, name)
    raise ReleaseError(
        _(
            "%(who)s changed “%(field)s” after you opened this page; it is now: "
            "%(value)s. Nothing was saved. Look again."
        )
        % {
            "who": (by_hand and edit and edit.actor) or _("Somebody"),
            "field": label(name),
            "value": show(name, entry["value"])[:300] if entry else _("left out"),
        },
        code="edit_outdated",
    )


def said(overrides: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What a person insisted on, as an edit keeps it: {"value"}, or {} for nothing."""
    return {"value": overrides[name]} if name in overrides else {}


def editable_release(release_id: int) -> Release:
    """The release, held until the transaction ends. Raises ReleaseError in work."""
    release_lock(release_id)
    release = Release.objects.get(pk=release_id)
    if release.state in (ReleaseState.NEW, ReleaseState.PREPARING):
        raise ReleaseError(
            _("This release is still being prepared. Edit it when it is ready."),
            code="release_preparing",
        )
    return release


def insist(
    release: Release,
    overrides: dict[str, Any],
    *,
    reason: str,
    actor_id: int | None,
    can_undo: bool = False,
) -> None:
    """Make these what a person insists on, merge, and tell. Raises ReleaseError.

    `can_undo`: it is remembered with what there was before, so that it can be undone.
    """
    problems = validate_overrides(overrides)
    if problems:
        raise ReleaseError(
            " ".join(problem.message for problem in problems),
            code="metadata_invalid",
            extra={"fields": {p.field: p.message for p in problems}},
        )
    old, wanted, before = release.overrides, clean_overrides(overrides), release.values
    touched = [
        name for name in {**old, **wanted} if said(old, name) != said(wanted, name)
    ]
    kept = can_undo and bool(touched)
    release.overrides = wanted
    release.revision += 1
    release.save(update_fields=["overrides", "revision", "updated_at"])
    release_merge(release)
    act_note(
        release.pk,
        ReleaseAct.What.METADATA,
        actor_id=actor_id,
        changes=[
            one for one in changed(before, release.values) if one["field"] in touched
        ],
        before={name: said(old, name) for name in touched} if kept else None,
        after={name: said(wanted, name) for name in touched} if kept else None,
    )
    release_mark_changed(release_id=release.pk, reason=reason, actor_id=actor_id)
