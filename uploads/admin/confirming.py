"""The page between choosing releases and sending them: every upload by its name.

Read without payloads: of each the database hands over its title and size only.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.figures import size_text
from releases.models import Release
from releases.models.event import state_text
from uploads.admin.duplicates import DuplicateRows, duplicate_rows
from uploads.admin.look import is_stale
from uploads.admin.readiness import readiness_chip, with_readiness
from uploads.models import Upload
from uploads.services.approval import APPROVABLE
from uploads.states import UploadStatus

OTHER_RECORDING = "other_recording"


@dataclass(kw_only=True)
class Line:
    """One upload of the page. `why_not` is "" when it can be approved."""

    upload: Upload
    chip: SafeString
    name: str
    size: str
    why_not: str
    warnings: list[str] = field(default_factory=list)

    @cached_property
    def duplicates(self) -> DuplicateRows:
        """What is there already, as known now: this page does not look again."""
        return replace(duplicate_rows(self.upload), is_soon=False)

    @property
    def value(self) -> str:
        """What the tick says: this upload, as it read here."""
        return f"{self.upload.pk}:{self.upload.digest}"


@dataclass(kw_only=True)
class Group:
    """One release with its uploads; `doubt` is the notice of another recording."""

    release: Release
    lines: list[Line]
    doubt: dict[str, Any] | None

    @property
    def can_approve(self) -> bool:
        """Whether anything of it can be sent."""
        return any(not line.why_not for line in self.lines)


@dataclass(kw_only=True)
class Confirmation:
    """Everything the page shows."""

    groups: list[Group]

    @cached_property
    def lines(self) -> list[Line]:
        """Every upload that can be approved."""
        return [
            line for group in self.groups for line in group.lines if not line.why_not
        ]

    @cached_property
    def at_once(self) -> int:
        """How many are sent if the person says nothing more."""
        return sum(
            not line.why_not and not line.warnings
            for group in self.groups
            if group.doubt is None
            for line in group.lines
        )

    @cached_property
    def columns(self) -> list[tuple[int, str, int]]:
        """(tracker's id, name, how many uploads), by name."""
        count = Counter(
            (one.upload.tracker_id, one.upload.tracker.name) for one in self.lines
        )
        rows = [(pk, name, number) for (pk, name), number in count.items()]
        return sorted(rows, key=lambda row: row[1])

    @cached_property
    def releases_sent(self) -> int:
        """How many releases have anything to send."""
        return sum(group.can_approve for group in self.groups)

    @cached_property
    def with_warnings(self) -> int:
        """How many uploads have warnings to read."""
        return sum(bool(line.warnings) for line in self.lines)

    @cached_property
    def with_duplicates(self) -> int:
        """How many may be there already."""
        return sum(bool(line.duplicates.warned) for line in self.lines)

    @cached_property
    def left_out(self) -> int:
        """How many uploads, and releases without any, are not sent."""
        without = sum(not group.lines for group in self.groups)
        return without + sum(
            bool(line.why_not) for group in self.groups for line in group.lines
        )


def confirmation(releases: Sequence[Release]) -> Confirmation:
    """The page for these releases, in their order; one query."""
    by_release = defaultdict[int, list[Upload]](list)
    for upload in _uploads(releases):
        by_release[upload.release_id].append(upload)
    return Confirmation(
        groups=[
            Group(
                release=release,
                lines=[_line(release, one) for one in by_release[release.pk]],
                doubt=release.other_recording,
            )
            for release in releases
        ]
    )


def _uploads(releases: Sequence[Release]) -> QuerySet[Upload, Any]:
    return (
        with_readiness(Upload.objects.filter(release__in=[one.pk for one in releases]))
        .annotate(
            sent_name=KT("payload__title"), sent_size=KT("payload__torrent__size")
        )
        .order_by("tracker__name", "pk")
    )


def _line(release: Release, upload: Upload) -> Line:
    size = getattr(upload, "sent_size", None)
    return Line(
        upload=upload,
        chip=readiness_chip(upload, release.revision),
        name=getattr(upload, "sent_name", None) or "",
        size=size_text(int(size)) if size else "",
        why_not=_why_not(release, upload),
        warnings=[
            one["message"]
            for one in upload.problems
            if one["severity"] == "warning" and one["code"] != OTHER_RECORDING
        ],
    )


def _why_not(release: Release, upload: Upload) -> str:
    """A sentence, or "" when the upload can be approved."""
    if upload.status != UploadStatus.DRAFT:
        return _("It was approved before, or sent.")
    if release.state not in APPROVABLE:
        return _("The release is %(state)s; only a ready one can be approved.") % {
            "state": state_text(release.state)
        }
    if is_stale(release, upload):
        return _("It is being rendered again. Look again in a moment.")
    errors = [one["message"] for one in upload.problems if one["severity"] == "error"]
    if errors:
        return " ".join(errors)
    return "" if upload.digest else _("Nothing was rendered yet.")
