"""Rules that approve: made by admins, asked once after each preparation.

docs/decisions/ has a page on why they do so little.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import override

from common import clock
from common.errors import AppError
from common.queue import enqueue
from releases.models import Candidate, Release
from releases.states import ReleaseState
from uploads.duplicates import duplicates_likely, searches_awaited, unasked
from uploads.models import Approval, ApprovalRule, RuleCheck, RuleEvent, Upload
from uploads.rules import Case, Wanted, never, unmet
from uploads.services.approval import release_approve
from uploads.states import UploadStatus

RULES_TASK = "uploads.tasks.apply_rules"
BATCH = 20
MOST_SHOWN = 300
PAST = timedelta(days=30)
NOTE = "Approved by a rule, without a person."
# Given with the path, an ASIN is how a release is found, and no edit of what it says.
NO_EDIT = frozenset({"asin"})
Action = RuleEvent.Action
CONDITIONS = (
    *("name", "trackers", "kind", "library_id", "watch_folder_id", "made_by_id"),
    "no_warnings",
)


# --- Making them ----------------------------------------------------------------------


def rule_save(rule: ApprovalRule, *, actor_id: int | None) -> ApprovalRule:
    """Store a new or changed rule, and who did it. Acts from now on, if active."""
    with transaction.atomic():
        old = ApprovalRule.objects.select_for_update().filter(pk=rule.pk).first()
        if old is None:
            action = Action.MADE
        elif any(getattr(old, name) != getattr(rule, name) for name in CONDITIONS):
            action = Action.CHANGED
        elif old.is_active == rule.is_active:
            return rule
        else:
            action = Action.SWITCHED_ON if rule.is_active else Action.SWITCHED_OFF
        rule.active_since = clock.now() if rule.is_active else None
        rule.save()
        _note(rule, action, actor_id)
    return rule


def rule_delete(rule: ApprovalRule, *, actor_id: int | None) -> None:
    """Remove a rule. What it approved keeps its conditions."""
    with transaction.atomic():
        _note(rule, Action.DELETED, actor_id)
        rule.delete()


def _note(rule: ApprovalRule, action: str, actor_id: int | None) -> None:
    conditions = {**rule.conditions, "is_active": rule.is_active}
    RuleEvent.objects.create(
        rule=rule, action=action, conditions=conditions, actor_id=actor_id
    )


# --- Asking them ----------------------------------------------------------------------


def rules_sweep() -> int:
    """Queue the question to the rules where it was not asked; gives how many."""
    first = (
        ApprovalRule.objects.filter(is_active=True)
        .order_by("active_since")
        .values_list("active_since", flat=True)
        .first()
    )
    if first is None:
        return 0
    asked = RuleCheck.objects.filter(
        release=OuterRef("pk"), revision=OuterRef("revision")
    )
    rows = Release.objects.filter(
        *(~Exists(asked), ~Exists(searches_awaited(OuterRef("pk")))),
        state=ReleaseState.READY,
        prepared_at__gte=first,
    )
    found = list(rows.order_by("prepared_at").values_list("pk", flat=True)[:BATCH])
    for pk in found:
        enqueue(RULES_TASK, release_id=pk)
    return len(found)


def rules_apply(release_id: int) -> list[Upload]:
    """Let the rules decide about a release that was just prepared; gives what they
    approved. Why they did not is written down for people."""
    rules = list(
        ApprovalRule.objects.filter(is_active=True)
        .select_related("library", "watch_folder__library", "made_by")
        .order_by("pk")
    )
    if not rules:
        return []
    release = Release.objects.get(pk=release_id)
    if release.state != ReleaseState.READY or release.prepared_at is None:
        return []
    if searches_awaited(release.pk).exists():
        return []  # the sweep asks again when the trackers have answered
    since = release.prepared_at
    rules = [one for one in rules if one.active_since and one.active_since <= since]
    with override(settings.LANGUAGE_CODE):  # it is stored, whoever's click this was
        approved, reasons = _decide(release, rules)
    RuleCheck.objects.update_or_create(
        release=release,
        defaults={"revision": release.revision, "reasons": reasons},
    )
    return approved


def _decide(
    release: Release, rules: Sequence[ApprovalRule]
) -> tuple[list[Upload], list[str]]:
    drafts = list(
        _uploads().filter(
            release=release,
            status=UploadStatus.DRAFT,
            release_revision=release.revision,
        )
    )
    matches: dict[ApprovalRule, list[Upload]] = defaultdict(list)
    reasons = []
    for upload, case in zip(drafts, _cases(drafts), strict=True):
        rule, why = _choose(rules, case)
        if rule is not None and upload.digest:
            matches[rule].append(upload)
        elif why:
            reasons.append(f"{upload.tracker.name}: {why}")
    approved = []
    for rule, uploads in matches.items():
        try:
            report = release_approve(
                release_id=release.pk,
                actor_id=None,
                note=NOTE,
                digests={upload.pk: upload.digest for upload in uploads},
                rule=rule,
            )
        except AppError as exc:
            reasons.append(exc.message)
        else:
            approved += report.approved
            reasons += report.left_out
    return approved, reasons


def _choose(
    rules: Sequence[ApprovalRule], case: Case
) -> tuple[ApprovalRule | None, str]:
    """The first rule that approves, or why the nearest one does not."""
    why = ""
    for rule in rules:
        objection = _objection(wanted_of(rule), case)
        if not objection:
            return rule, ""
        why = why or f"{rule}: {objection}"
    return None, why


def _objection(wanted: Wanted, case: Case) -> str:
    """Why a rule does not approve this; "" when it does."""
    return never(case) or unmet(wanted, case)


def wanted_of(rule: ApprovalRule) -> Wanted:
    """The rule's conditions, without its rows."""
    return Wanted(
        trackers=tuple(rule.trackers),
        kind=rule.kind,
        library=rule.library_id,
        watch_folder=rule.watch_folder_id,
        made_by=rule.made_by_id,
        no_warnings=rule.no_warnings,
    )


def _uploads() -> QuerySet[Upload]:
    """Uploads with what rules look at, and nothing heavy."""
    rows = Upload.objects.exclude(status=UploadStatus.CANCELLED)
    heavy = ("metadata", "given_torrent", "progress", "cover")
    return (
        rows.select_related("release__library", "tracker", "duplicate_search")
        .defer("payload", "torrent_file", "site_torrent", "duplicate_search__answers")
        .defer(*(f"release__{name}" for name in heavy))
        .order_by("-pk")
    )


def _cases(uploads: Sequence[Upload]) -> Iterable[Case]:
    """What rules look at, for each upload; three queries whatever their number."""
    releases = {upload.release_id for upload in uploads}
    folders: dict[int, set[int]] = defaultdict(set)
    taken = Candidate.objects.filter(release__in=releases, state=Candidate.State.TAKEN)
    for release_id, watch_id in taken.values_list("release_id", "watch_id"):
        folders[release_id].add(watch_id)
    twins = _twins(uploads)
    for upload in uploads:
        release = upload.release
        same = twins.get((upload.tracker_id, release.asin), {})
        yield Case(
            tracker=upload.tracker.slug,
            kind=release.kind,
            library=release.library_id,
            watch_folders=folders[release.pk],
            made_by=release.created_by_id,
            problems=upload.problems,
            notices=release.notices,
            duplicates=duplicates_likely(upload),
            unasked=unasked(upload),
            twins=[title for pk, title in same.items() if pk != release.pk],
            edited=sorted(release.overrides.keys() - NO_EDIT),
        )


def _twins(uploads: Sequence[Upload]) -> dict[tuple[int, str], dict[int, str]]:
    """(tracker, ASIN) → the releases of that ASIN which are or will be there."""
    asins = {upload.release.asin for upload in uploads} - {""}
    rows = Upload.objects.filter(release__asin__in=asins).exclude(
        status__in=(UploadStatus.CANCELLED, UploadStatus.DRAFT)
    )
    found: dict[tuple[int, str], dict[int, str]] = defaultdict(dict)
    for tracker, asin, release, title in rows.values_list(
        "tracker_id", "release__asin", "release_id", "release__title"
    ):
        found[tracker, asin][release] = title or f"release {release}"
    return found


# --- What they would do ---------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a rule would say about one upload ("" is yes), and what was decided."""

    upload: Upload
    objection: str
    decided: str


def rule_trial(rule: ApprovalRule) -> tuple[list[Trial], list[Trial]]:
    """What a rule would approve now, and would have approved in the last 30 days.

    Stored or not, active or not: nothing is changed. The newest MOST_SHOWN uploads are
    looked at each time, as they are stored.
    """
    now = _uploads().filter(
        status=UploadStatus.DRAFT,
        release__state=ReleaseState.READY,
        release_revision=F("release__revision"),
    )
    past = _uploads().filter(
        ~Q(status=UploadStatus.DRAFT, release__state=ReleaseState.READY),
        created_at__gte=clock.now() - PAST,
    )
    return _trials(rule, now), _trials(rule, past)


def _trials(rule: ApprovalRule, rows: QuerySet[Upload]) -> list[Trial]:
    uploads = list(rows[:MOST_SHOWN])
    wanted = wanted_of(rule)
    decided = _decisions({upload.release_id for upload in uploads})
    trials = [
        Trial(
            upload=upload,
            objection=_objection(wanted, case),
            decided=decided.get(upload.release_id, ""),
        )
        for upload, case in zip(uploads, _cases(uploads), strict=True)
    ]
    return sorted(trials, key=lambda one: bool(one.objection))


def _decisions(releases: Iterable[int]) -> dict[int, str]:
    rows = Approval.objects.filter(release__in=releases).select_related("actor")
    return {row.release_id: str(row) for row in rows.order_by("pk")}
