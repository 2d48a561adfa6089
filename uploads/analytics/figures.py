"""The figures of a period. docs/analytics.md says of each what it is counted from."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db.models import DateField, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth, TruncWeek
from django.utils.translation import gettext as _

from trackers.models import TemplateVersion, Tracker
from uploads.analytics.counting import Counted, count_days
from uploads.analytics.counts import COUNTS, Counts
from uploads.analytics.durations import (
    NEWEST,
    Times,
    phase_times,
    proof_times,
)
from uploads.analytics.scope import Scope
from uploads.analytics.spans import Cover, Span, cover, starts
from uploads.models import ErrorTally, Tally

PARTS = ("history", "times", "makers")
TalliesOf = TypeVar("TalliesOf", Tally, ErrorTally)


@dataclass(kw_only=True)
class Report:
    """All figures of a scope. Keys are ids; None stands for nobody and no version."""

    scope: Scope
    trackers: dict[int, Tracker]
    by_tracker: dict[int, Counts]
    history: dict[tuple[date, int | None], Counts]
    errors: dict[tuple[int, str, str], int]
    by_version: dict[tuple[int | None, int | None], Counts]
    by_person: dict[int | None, Counts]
    versions: dict[int, str] = field(default_factory=dict)
    people: dict[int, str] = field(default_factory=dict)
    phases: dict[int, Mapping[str, Times]] = field(default_factory=dict)
    proofs: dict[int, Times] = field(default_factory=dict)

    def place(self, tracker: int | None) -> str:
        """What trackers are sorted by."""
        return self.trackers[tracker].name if tracker else ""

    def version_name(self, pk: int | None) -> str:
        """A template version's name."""
        return self.versions[pk] if pk else _("No template version")

    def person_name(self, pk: int | None) -> str:
        """Who approved it: a rule, and people who are gone, have no name."""
        return self.people[pk] if pk else _("Nobody (a rule, or a person who is gone)")


def report(
    scope: Scope, *, split: bool = False, parts: Iterable[str] = PARTS
) -> Report:
    """Count it; a constant number of queries.

    `parts`: "history" also counts over time, "times" measures durations, "makers"
    counts by version and person. With `split`, the history and the versions have
    figures for each tracker; otherwise their keys have None for it.
    """
    wanted = frozenset(parts)
    everywhere = {one.pk: one for one in Tracker.objects.order_by("name")}
    plan = cover(scope.first, scope.last, scope.bucket)
    fresh = [
        one
        for first, last in plan.days
        for one in count_days(first, last, scope.where())
    ]
    found = Report(
        scope=scope,
        trackers={},
        by_tracker=defaultdict(Counts),
        history=defaultdict(Counts),
        errors=defaultdict(int),
        by_version=defaultdict(Counts),
        by_person=defaultdict(Counts),
    )
    _count_trackers(found, plan, fresh)
    if "history" in wanted:
        _count_history(found, plan, fresh, split=split)
    if "makers" in wanted:
        _count_makers(found, plan, fresh, split=split)
    if "times" in wanted:
        totals = {pk: one.attempts for pk, one in found.by_tracker.items()}
        found.phases = phase_times(scope, totals)
        # What was published earlier may have been proven only now.
        found.proofs = proof_times(scope, dict.fromkeys(everywhere, NEWEST + 1))
    seen = {*found.by_tracker, *found.proofs}
    found.trackers = {pk: one for pk, one in everywhere.items() if pk in seen}
    return found


def _stored(model: type[TalliesOf], plan: Cover, scope: Scope) -> QuerySet[TalliesOf]:
    spans = Q(pk__in=[])
    for span, days in plan.tallies.items():
        spans |= Q(span=span, start__in=days)
    return model._default_manager.filter(spans).filter(scope.where()).order_by()


def _sums(
    plan: Cover, scope: Scope, *keys: str, **more: Any
) -> Iterator[tuple[list[Any], dict[str, int]]]:
    """The counts of tallies that have the keys in common."""
    names = (*more, *keys)
    rows = (
        _stored(Tally, plan, scope)
        .values(*keys, **more)
        .annotate(**{f"sum_{name}": Sum(name) for name in COUNTS})
        .values_list(*names, *(f"sum_{name}" for name in COUNTS))
    )
    for row in rows:
        yield list(row[: len(names)]), dict(zip(COUNTS, row[len(names) :], strict=True))


def _count_history(
    found: Report, plan: Cover, fresh: list[Counted], *, split: bool
) -> None:
    bucket = found.scope.bucket
    begin = {
        Span.DAY.value: F("start"),
        Span.WEEK.value: TruncWeek("start", output_field=DateField()),
        Span.MONTH.value: TruncMonth("start", output_field=DateField()),
    }[bucket]
    keys = ("tracker_id",) if split else ()
    for (day, *of), counts in _sums(plan, found.scope, *keys, begin=begin):
        found.history[day, of[0] if split else None].add(counts)
    for one in fresh:
        day = starts(bucket, one.day)
        found.history[day, one.tracker_id if split else None].add(one.counts)


def _count_trackers(found: Report, plan: Cover, fresh: list[Counted]) -> None:
    for (tracker,), counts in _sums(plan, found.scope, "tracker_id"):
        found.by_tracker[tracker].add(counts)
    rows = (
        _stored(ErrorTally, plan, found.scope)
        .values_list("tracker_id", "outcome", "error_code")
        .annotate(sum=Sum("attempts"))
    )
    for tracker, outcome, code, number in rows:
        found.errors[tracker, outcome, code] += number
    for one in fresh:
        found.by_tracker[one.tracker_id].add(one.counts)
        if one.outcome:
            found.errors[one.tracker_id, one.outcome, one.error_code] += one.count


def _count_makers(
    found: Report, plan: Cover, fresh: list[Counted], *, split: bool
) -> None:
    keys = ("template_version_id", "approver_id", *(("tracker_id",) if split else ()))
    for (version, person, *of), counts in _sums(plan, found.scope, *keys):
        found.by_version[of[0] if split else None, version].add(counts)
        found.by_person[person].add(counts)
    for one in fresh:
        tracker = one.tracker_id if split else None
        found.by_version[tracker, one.template_version_id].add(one.counts)
        found.by_person[one.approver_id].add(one.counts)
    _name(found)


def _name(found: Report) -> None:
    """Look up what versions and people are called."""
    versions = {pk for _tracker, pk in found.by_version}
    rows = TemplateVersion.objects.filter(
        pk__in=[pk for pk in versions if pk]
    ).order_by()
    for pk, name, number in rows.values_list("pk", "template__name", "number"):
        found.versions[pk] = f"{name} v{number}"
    people = User.objects.filter(pk__in=[pk for pk in found.by_person if pk])
    found.people = dict(people.values_list("pk", "username"))
