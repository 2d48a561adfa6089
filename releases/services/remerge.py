"""All sources into one set of fields, each knowing where it came from."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from releases.errors import ReleaseError
from releases.metadata.merge import merge
from releases.metadata.merge_chapters import recording_notice
from releases.metadata.validate import clean_overrides, validate_overrides
from releases.models import MetadataRecord, Release, ReleaseEdit
from releases.services.edits import changed, edit_note
from releases.services.enrich import known_asin, latest_failure, latest_record
from releases.services.lifecycle import release_mark_changed
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
    release.notices = [
        *_of_files(release),
        *_notices(release, found),
        *_recording(found),
    ]
    release.save(update_fields=["metadata", "title", "asin", "notices", "updated_at"])


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
    """Whether the catalogue means another recording than the files are."""
    by_source = {record.source: record.fields for record in records}
    notice = recording_notice(
        by_source.get(Source.AUDNEXUS, {}), by_source.get(Source.TAGS, {})
    )
    return [asdict(notice)] if notice else []


def release_override(
    *,
    release_id: int,
    changes: dict[str, Any],
    revert: Sequence[str] = (),
    actor_id: int | None,
) -> Release:
    """Let a person insist on values; None leaves a field out on purpose.

    `revert` names fields that shall again come from their sources. The release is
    merged again and, if it was approved, needs approval again. Raises ReleaseError.
    """
    release = Release.objects.get(pk=release_id)
    if release.state in (ReleaseState.NEW, ReleaseState.PREPARING):
        raise ReleaseError(
            "This release is still being prepared. Edit it when it is ready.",
            code="release_preparing",
        )
    overrides = {**release.overrides, **changes}
    overrides = {n: value for n, value in overrides.items() if n not in revert}
    problems = validate_overrides(overrides)
    if problems:
        raise ReleaseError(
            " ".join(problem.message for problem in problems),
            code="metadata_invalid",
            extra={"fields": {p.field: p.message for p in problems}},
        )
    before = release.values
    release.overrides = clean_overrides(overrides)
    release.revision += 1
    release.save(update_fields=["overrides", "revision", "updated_at"])
    release_merge(release)
    touched = {*changes, *revert}
    edit_note(
        release.pk,
        ReleaseEdit.What.METADATA,
        actor_id=actor_id,
        changes=[
            one for one in changed(before, release.values) if one["field"] in touched
        ],
    )
    names = ", ".join(sorted(touched))
    release_mark_changed(
        release_id=release.pk, reason=f"Edited by hand: {names}.", actor_id=actor_id
    )
    release.refresh_from_db()
    return release
