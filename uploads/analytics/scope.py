"""What is looked at: a period, and whatever narrows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NoReturn

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from common.errors import AppError
from common.ids import is_id
from releases.models import Release
from trackers.models import TemplateVersion, Tracker
from uploads.analytics.spans import Span, ends, starts
from uploads.models import UploadAttempt

PERIODS = ("7", "30", "90", "365", "all", "custom")
USUAL = "30"
NOBODY = "none"
MOST_DAYS = 31  # that are drawn day by day
MOST_WEEK_DAYS = 120  # that are drawn week by week
EARLIEST, LATEST = date(1990, 1, 1), date(2200, 1, 1)


class ScopeError(AppError):
    """A filter that cannot be read, or names something that is not there."""

    code = "analytics_filter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The days from `first` to `last`, both included, and what they are narrowed to.

    `approver` None with `by_nobody`: what a rule approved, or a person who is gone.
    """

    period: str
    first: date
    last: date
    tracker: Tracker | None = None
    kind: str = ""
    approver: User | None = None
    by_nobody: bool = False
    version: TemplateVersion | None = None

    @property
    def bucket(self) -> str:
        """What one bar of the history stands for: a day, a week or a month."""
        days = (self.last - self.first).days + 1
        if days <= MOST_DAYS:
            return Span.DAY.value
        return (Span.WEEK if days <= MOST_WEEK_DAYS else Span.MONTH).value

    @property
    def buckets(self) -> list[date]:
        """The first day of every bar, also of those without anything."""
        found, start = [], starts(self.bucket, self.first)
        while start <= self.last:
            found.append(start)
            start = ends(self.bucket, start) + timedelta(days=1)
        return found

    def bounds(self, bucket: date) -> tuple[date, date]:
        """The first and the last day of a bar that lie in the period."""
        return max(bucket, self.first), min(ends(self.bucket, bucket), self.last)

    def where(self, *, approver: str = "approver") -> Q:
        """The narrowing as a condition on rows; `approver` names their column."""
        found = Q()
        if self.tracker:
            found &= Q(tracker_id=self.tracker.pk)
        if self.kind:
            found &= Q(kind=self.kind)
        if self.version:
            found &= Q(template_version_id=self.version.pk)
        if self.by_nobody:
            found &= Q(**{f"{approver}_id__isnull": True})
        elif self.approver:
            found &= Q(**{f"{approver}_id": self.approver.pk})
        return found


def scope_of(given: Mapping[str, str]) -> Scope:
    """Read a query such as {"period": "90", "tracker": "red"}. Raises ScopeError."""
    first, last, period = _days(given)
    person = given.get("person", "")
    return Scope(
        period=period,
        first=first,
        last=last,
        tracker=_tracker(given.get("tracker", "")),
        kind=_kind(given.get("kind", "")),
        approver=_person(person) if person != NOBODY else None,
        by_nobody=person == NOBODY,
        version=_version(given.get("version", "")),
    )


def _days(given: Mapping[str, str]) -> tuple[date, date, str]:
    """The first and last day, and the period's name."""
    today = localdate()
    dated = bool(given.get("from") or given.get("to"))
    period = given.get("period") or ("custom" if dated else USUAL)
    if period not in PERIODS:
        raise ScopeError(
            _("There is no period “%(given)s”. Choose one of: %(known)s.")
            % {"given": period[:20], "known": ", ".join(PERIODS)}
        )
    if period == "custom":
        last = _day(given.get("to", ""), today)
        first = _day(given.get("from", ""), _first_day(last))
        if first > last:
            raise ScopeError(_("The first day comes after the last. Exchange them."))
    elif period == "all":
        first, last = _first_day(today), today
    else:
        first, last = today - timedelta(days=int(period) - 1), today
    return first, last, period


def _day(text: str, otherwise: date) -> date:
    if not text:
        return otherwise
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None or not EARLIEST <= found < LATEST:
        raise ScopeError(_("A day is written like 2026-01-31. Correct the period."))
    return found


def _first_day(otherwise: date) -> date:
    """The day of the first attempt ever."""
    first = UploadAttempt.objects.order_by("started_at", "pk").values_list(
        "started_at", flat=True
    )[:1]
    return min([*(localdate(moment) for moment in first), otherwise])


def _tracker(slug: str) -> Tracker | None:
    if not slug:
        return None
    found = Tracker.objects.filter(slug=slug).first() if "\0" not in slug else None
    if found is None:
        _not_there(_("tracker"))
    return found


def _kind(kind: str) -> str:
    if kind and kind not in Release.Kind.values:
        _not_there(_("kind of release"))
    return kind


def _person(text: str) -> User | None:
    if not text:
        return None
    found = User.objects.filter(pk=text).first() if is_id(text) else None
    if found is None:
        _not_there(_("person"))
    return found


def _version(text: str) -> TemplateVersion | None:
    if not text:
        return None
    rows = TemplateVersion.objects.select_related("template")
    found = rows.filter(pk=text).first() if is_id(text) else None
    if found is None:
        _not_there(_("template version"))
    return found


def _not_there(what: str) -> NoReturn:
    raise ScopeError(
        _("There is no such %(what)s. Choose another one, or leave it out.")
        % {"what": what}
    )
