"""Whether a rule would approve a draft, and the sentence why not. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

# Of a release's notices, what is no warning: a hidden file that stays out.
HARMLESS = frozenset({"file_left_out"})
# What no rule ever passes over, whatever it allows.
ANOTHER = ("recording", "duplicate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A rule's conditions; empty ones are met by everything."""

    trackers: Sequence[str] = ()
    kind: str = ""
    library: int | None = None
    watch_folder: int | None = None
    made_by: int | None = None
    no_warnings: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A draft, as far as rules look at it.

    `duplicates` are those that are surely or likely the same; `unasked` says why the
    tracker could not be asked for any. `twins` are titles of other releases of the same
    work that are on the tracker, or on their way there; `edited` names the fields that
    a person insists on.
    """

    tracker: str
    kind: str
    library: int
    watch_folders: Iterable[int] = ()
    made_by: int | None = None
    problems: Sequence[Mapping[str, Any]] = ()
    notices: Sequence[Mapping[str, Any]] = ()
    duplicates: Sequence[Mapping[str, Any]] = ()
    unasked: str = ""
    twins: Sequence[str] = ()
    edited: Sequence[str] = field(default=())


def never(case: Case) -> str:
    """Why no rule may approve this, or ""."""
    for problem in case.problems:
        if problem.get("severity") == "error":
            return _("It has an error: %(what)s") % {"what": problem.get("message")}
    for one in case.duplicates:
        return _("It may be a duplicate: %(what)s") % {"what": one.get("message")}
    if case.unasked:
        return case.unasked
    for title in case.twins:
        return _("It may be a duplicate: %(title)s is there, or on its way.") % {
            "title": title
        }
    for said in (*case.problems, *case.notices):
        if any(word in str(said.get("code", "")) for word in ANOTHER):
            return str(said.get("message", ""))
    if case.edited:
        return _("A person edited it (%(fields)s), so a person approves it.") % {
            "fields": ", ".join(case.edited)
        }
    return ""


def unmet(wanted: Wanted, case: Case) -> str:
    """Which condition of a rule the draft does not meet, or ""."""
    checks = (
        (
            not wanted.trackers or case.tracker in wanted.trackers,
            _("It is for other trackers."),
        ),
        (wanted.kind in ("", case.kind), _("It is for another kind.")),
        (
            wanted.library in (None, case.library),
            _("It is for another library."),
        ),
        (
            wanted.watch_folder is None or wanted.watch_folder in case.watch_folders,
            _("It is for what came from a watch folder."),
        ),
        (
            wanted.made_by in (None, case.made_by),
            _("It is for releases of somebody else."),
        ),
        (not wanted.no_warnings or not _warning(case), _warning(case)),
    )
    return next((sentence for met, sentence in checks if not met), "")


def _warning(case: Case) -> str:
    for said in (*case.problems, *case.notices):
        if said.get("code") not in HARMLESS:
            return _("There is a warning: %(what)s") % {"what": said.get("message")}
    return ""
