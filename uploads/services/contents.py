"""What each tracker would be sent: rendered for all at once, derived, checked."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from common.errors import AppError
from releases.metadata.html import to_bbcode, to_text
from releases.models import Release, Torrent
from releases.services.torrents import torrent_ensure, torrent_metainfo
from releases.torrents.metainfo import derive, infohash
from releases.torrents.pieces import USUAL_LARGEST_PIECE, PieceRule
from trackers.errors import TrackerError
from trackers.models import TemplateVersion, Tracker
from trackers.rendering.render import RenderingBroken
from trackers.rendering.types import RenderResult
from trackers.services.adapters import adapter_open
from trackers.services.choosing import is_sendable
from trackers.services.templates import template_for, versions_render
from trackers.types import Problem, Severity, TorrentFile
from uploads.context import context_build
from uploads.models import Upload
from uploads.payloads import payload_build, payload_digest, payload_store
from uploads.states import UploadStatus

logger = logging.getLogger(__name__)


@dataclass(kw_only=True)
class _Plan:
    """One tracker's draft on its way."""

    tracker: Tracker
    base: Torrent
    torrent: TorrentFile
    version: TemplateVersion
    context: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)


def contents_build(
    release: Release, trackers: Sequence[Tracker]
) -> dict[int, dict[str, Any]]:
    """Tracker id → the columns of its draft. Never raises for one tracker's trouble.

    All templates are rendered in one child process: starting it costs more than a
    template does.
    """
    contents: dict[int, dict[str, Any]] = {}
    plans: list[_Plan] = []
    for tracker in trackers:
        try:
            plans.append(_plan(release, tracker))
        except Exception as exc:  # noqa: BLE001 - logged; the others go on
            contents[tracker.pk] = content_missing(exc)
    try:
        results = versions_render([(plan.version, plan.context) for plan in plans])
    except RenderingBroken as exc:
        problem = Problem(field="", code="rendering_broken", message=str(exc))
        return contents | {plan.tracker.pk: _empty(problem) for plan in plans}
    for plan, result in zip(plans, results, strict=True):
        try:
            contents[plan.tracker.pk] = _content(release, plan, result)
        except Exception as exc:  # noqa: BLE001 - logged; the others go on
            contents[plan.tracker.pk] = content_missing(exc)
    return contents


def content_missing(exc: Exception) -> dict[str, Any]:
    """The columns of a draft that cannot be made, with the reason as its problem."""
    if isinstance(exc, AppError | TrackerError):
        return _empty(Problem(field="", code=exc.code, message=exc.message))
    logger.error("A draft cannot be made", exc_info=exc)
    message = f"An error inside Herald ({type(exc).__name__}); its log has the details."
    return _empty(Problem(field="", code="internal", message=message))


def _plan(release: Release, tracker: Tracker) -> _Plan:
    base = torrent_ensure(release, rule=piece_rule(tracker))
    version = template_for(tracker, release.kind)
    context = release_context(release, tracker)
    problems = [] if is_sendable(tracker) else [_no_credential(tracker)]
    problems += _doubts(release)
    with adapter_open(tracker, None) as adapter:
        context["site"] = adapter.site_values(release.kind, context)
        problems += adapter.mapping_notes(release.kind, context)
    return _Plan(
        tracker=tracker,
        base=base,
        torrent=derived_torrent(base, tracker),
        version=version,
        context=context,
        problems=problems,
    )


def _content(release: Release, plan: _Plan, result: RenderResult) -> dict[str, Any]:
    payload = payload_build(
        rendered=result.fields, torrent=plan.torrent, kind=release.kind
    )
    with adapter_open(plan.tracker, None) as adapter:
        problems = [*plan.problems, *_failures(plan, result)]
        problems += adapter.validate(payload)
        stored = payload_store(payload, adapter.form_fields(payload))
    duplicates = find_duplicates(release, plan.tracker, plan.torrent.infohash)
    return {
        "payload": stored,
        "torrent": plan.base,
        "torrent_file": plan.torrent.content,
        "infohash": plan.torrent.infohash,
        "digest": payload_digest(stored, plan.torrent.content),
        **_problem_columns(problems),
        "duplicates": duplicates,
        "own_duplicates": len(duplicates),
        "template_version": plan.version,
    }


def _problem_columns(problems: Sequence[Problem]) -> dict[str, Any]:
    """The problems, and how many of them are errors and warnings."""
    severities = Counter(problem.severity for problem in problems)
    return {
        "problems": [asdict(problem) for problem in problems],
        "errors": severities[Severity.ERROR],
        "warnings": severities[Severity.WARNING],
    }


def _failures(plan: _Plan, result: RenderResult) -> list[Problem]:
    return [
        Problem(
            field=error.field,
            code="template_failed",
            message=f"The template cannot be rendered: {error}",
            remedy=f"Correct {plan.version} and prepare again.",
        )
        for error in result.errors
    ]


def release_context(release: Release, tracker: Tracker) -> dict[str, Any]:
    """What a template sees of a release for one tracker (without `site`)."""
    values = release.values
    html = values.get("description_html", "")
    return context_build(
        release={
            "name": release.name,
            "kind": release.kind,
            "size": release.total_size,
        },
        values=values,
        files=list(release.files.filter(included=True).values_list("path", "size")),
        texts={
            "description_text": to_text(html),
            "description_bbcode": to_bbcode(html),
        },
        tracker={"slug": tracker.slug, "name": tracker.name},
    )


def piece_rule(tracker: Tracker) -> PieceRule:
    """The tracker's rule for piece lengths."""
    rules = tracker.torrent_rules
    return PieceRule(
        max=rules.get("max_piece_length") or USUAL_LARGEST_PIECE,
        table=tuple((limit, length) for limit, length in rules.get("piece_table", ())),
    )


def derived_torrent(base: Torrent, tracker: Tracker) -> TorrentFile:
    """The tracker's own torrent, without announce URL, from the base one."""
    content = derive(
        torrent_metainfo(base), announce=None, source=tracker.source_flag, private=True
    )
    folder = "" if base.is_single else base.name
    return TorrentFile(
        content=content,
        infohash=infohash(content),
        name=f"{base.name}.torrent",
        size=base.total_size,
        folder=folder,
        files=tuple(
            (f"{folder}/{path}" if folder else path, size) for path, size in base.files
        ),
    )


def find_duplicates(
    release: Release, tracker: Tracker, infohash: str
) -> list[dict[str, str]]:
    """Uploads of ours that sent this very torrent to this tracker before."""
    rows = (
        Upload.objects.filter(
            tracker=tracker, infohash=infohash, status=UploadStatus.SUCCESS
        )
        .exclude(release=release)
        .select_related("release")[:5]
    )
    return [
        {
            "title": str(row.release),
            "url": row.remote_url,
            "message": f"{row.release} was uploaded to {tracker} with this content.",
        }
        for row in rows
    ]


def _doubts(release: Release) -> list[Problem]:
    """That the catalogue may mean another recording, on each tracker's draft."""
    notice = release.other_recording
    if notice is None:
        return []
    return [
        Problem(
            field="asin",
            code="other_recording",
            message=notice["message"],
            remedy="Correct the ASIN, or approve it when it is the right recording.",
            severity=Severity.WARNING,
        )
    ]


def _no_credential(tracker: Tracker) -> Problem:
    return Problem(
        field="",
        code="credential_missing",
        message=f"There is no usable credential for {tracker}.",
        remedy="Add one, or resume a paused one, on the tracker's page.",
        severity=Severity.WARNING,
    )


def _empty(*problems: Problem) -> dict[str, Any]:
    return {
        "payload": {},
        "torrent_file": None,
        "infohash": "",
        "digest": "",
        **_problem_columns(problems),
        "duplicates": [],
        "own_duplicates": 0,
        "template_version": None,
    }
