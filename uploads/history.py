"""What happened, from every table that remembers it, as one chronological list.

Each table gives its newest rows only, as many as the page may need, so that the number
of queries and of rows read does not grow with the history.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from releases.models import Release, ReleaseAct, ReleaseEvent
from trackers.models import TemplateVersion
from uploads.models import Approval, UploadEvent
from uploads.models.upload import state_word

PAGE = 50
KINDS = {
    "release": gettext_lazy("Releases"),
    "upload": gettext_lazy("Uploads"),
    "decision": gettext_lazy("Decisions"),
    "template": gettext_lazy("Templates"),
    "account": gettext_lazy("Sign-in and accounts"),
    "admin": gettext_lazy("Forms of the admin"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened. `about` is the row whose page tells more.

    `changes` are [{"field", "old", "new"}], `details` further lines for people.
    """

    at: datetime
    kind: str
    what: str
    text: str = ""
    actor: User | None = None
    about: Model | None = None
    changes: tuple[dict[str, str], ...] = ()
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a history, the newest first; `more` when older ones follow."""

    entries: tuple[Entry, ...]
    number: int
    more: bool


Source = tuple[QuerySet[Any], str, Callable[[Any], Entry]]


def release_history(release: Release, number: int = 1) -> Page:
    """All that happened to a release and its uploads."""
    uploads = UploadEvent.objects.filter(upload__release=release)
    return _page(
        [
            _events(ReleaseEvent.objects.filter(release=release)),
            _acts(ReleaseAct.objects.filter(release=release)),
            _uploads(uploads),
            _decisions(Approval.objects.filter(release=release)),
        ],
        number,
    )


def person_history(
    person: User,
    *,
    kind: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    number: int = 1,
    accounts: Iterable[Source] = (),
) -> Page:
    """All that a person did; of one kind, from `since` to before `until`.

    `accounts` are the tables about signing in, which this app does not know.
    """
    sources = {
        "release": [
            _events(ReleaseEvent.objects.filter(actor=person)),
            _acts(ReleaseAct.objects.filter(actor=person)),
        ],
        "upload": [_uploads(UploadEvent.objects.filter(actor=person))],
        "decision": [_decisions(Approval.objects.filter(actor=person))],
        "template": [_versions(TemplateVersion.objects.filter(author=person))],
        "account": list(accounts),
        "admin": [_forms(LogEntry.objects.filter(user=person))],
    }
    chosen = sources.get(kind) or [one for rows in sources.values() for one in rows]
    return _page([_within(one, since, until) for one in chosen], number)


def _within(source: Source, since: datetime | None, until: datetime | None) -> Source:
    rows, at, entry = source
    if since is not None:
        rows = rows.filter(**{f"{at}__gte": since})
    if until is not None:
        rows = rows.filter(**{f"{at}__lt": until})
    return rows, at, entry


def _page(sources: Iterable[Source], number: int) -> Page:
    end = number * PAGE
    columns = [
        [entry(row) for row in rows.order_by(f"-{at}", "-pk")[: end + 1]]
        for rows, at, entry in sources
    ]
    newest = list(merge(*columns, key=lambda one: one.at, reverse=True))
    return Page(
        entries=tuple(newest[end - PAGE : end]), number=number, more=len(newest) > end
    )


# --- The tables ----------------------------------------------------------------------
def _events(rows: QuerySet[ReleaseEvent]) -> Source:
    rows = rows.select_related("release", "actor").only(
        *("old", "new", "reason", "created_at", "release__title", "release__name"),
        *("actor__username", "actor__first_name", "actor__last_name"),
    )
    return (
        rows,
        "created_at",
        lambda row: Entry(
            at=row.created_at,
            kind="release",
            what=_move(row.old_text, row.new_text),
            text=row.reason,
            actor=row.actor,
            about=row.release,
        ),
    )


def _acts(rows: QuerySet[ReleaseAct]) -> Source:
    rows = rows.select_related("release", "actor").only(
        *("what", "changes", "created_at", "release__title", "release__name"),
        *("actor__username", "actor__first_name", "actor__last_name"),
    )
    return (
        rows,
        "created_at",
        lambda row: Entry(
            at=row.created_at,
            kind="release",
            what=row.get_what_display(),
            actor=row.actor,
            about=row.release,
            changes=tuple(row.changes),
        ),
    )


def _uploads(rows: QuerySet[UploadEvent]) -> Source:
    rows = rows.select_related("upload__release", "upload__tracker", "actor").only(
        *("old", "new", "reason", "created_at"),
        *("upload__release__title", "upload__release__name", "upload__tracker__name"),
        *("actor__username", "actor__first_name", "actor__last_name"),
    )
    return (
        rows,
        "created_at",
        lambda row: Entry(
            at=row.created_at,
            kind="upload",
            what=_move(state_word(row.old), state_word(row.new)),
            text=row.reason,
            actor=row.actor,
            about=row.upload,
        ),
    )


def _decisions(rows: QuerySet[Approval]) -> Source:
    rows = rows.select_related("release", "actor", "rule").defer(
        *("release__metadata", "release__overrides", "release__given_torrent"),
        *("release__notices", "forms"),
    )
    return rows, "decided_at", _decision


def _decision(row: Approval) -> Entry:
    digests = [
        _("Upload %(number)s as %(digest)s") % {"number": number, "digest": digest}
        for number, digest in row.digests.items()
    ]
    ended = []
    if row.void_at is not None:
        ended = [_("Ended since: %(reason)s") % {"reason": row.void_reason}]
    return Entry(
        at=row.decided_at,
        kind="decision",
        what=row.get_decision_display() if row.actor else str(row),
        text=row.note,
        actor=row.actor,
        about=row.release,
        details=(*ended, *digests),
    )


def _versions(rows: QuerySet[TemplateVersion]) -> Source:
    return (
        rows.select_related("template", "author").defer("fields"),
        "created_at",
        lambda row: Entry(
            at=row.created_at,
            kind="template",
            what=_("Wrote version %(number)d") % {"number": row.number},
            text=row.note,
            actor=row.author,
            about=row.template,
        ),
    )


def _forms(rows: QuerySet[LogEntry]) -> Source:
    return (
        rows.select_related("user", "content_type"),
        "action_time",
        lambda row: Entry(
            at=row.action_time,
            kind="admin",
            what=f"{row.content_type}: {row.object_repr}",
            text=row.get_change_message(),
            actor=row.user,
        ),
    )


def _move(old: str, new: str) -> str:
    return f"{old} → {new}" if old and old != new else new
