"""What the release page shows of each tracker: one panel an upload."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common.figures import size_text
from releases.admin.readonly import page_url
from releases.models import Release
from trackers.markup import DIALECTS, render_bbcode
from trackers.registry import families, get_adapter_class
from trackers.types import Markup
from uploads.admin.approved_before import Before
from uploads.admin.duplicates import DuplicateRows, duplicate_rows
from uploads.admin.jumps import jump
from uploads.admin.look import (
    is_moving,
    is_stale,
    reason_lines,
    remote_link,
    seeding_chip,
    status_chip,
)
from uploads.admin.readiness import readiness_chip
from uploads.duplicates import duplicates_warned
from uploads.models import Upload
from uploads.services.approval import APPROVABLE
from uploads.states import UploadStatus

LONG_VALUE = 120
PREVIEWS = (
    (gettext_noop("Description"), "description"),
    (gettext_noop("Description of this copy"), "release_description"),
)


@dataclass(kw_only=True)
class Panel:
    """One tracker's upload as the page shows it."""

    upload: Upload
    url: str
    chip: SafeString
    ready: SafeString
    seeding: SafeString
    reason: Mapping[str, Any]
    problems: list[dict[str, str]]
    before: Before | None
    torrent: Mapping[str, Any]
    version_url: str
    remote: SafeString | None
    can_approve: bool
    is_stale: bool
    torrent_size: str = ""

    @property
    def findings(self) -> int:
        """How many problems and duplicates there are to look at."""
        return len(self.problems) + duplicates_warned(self.upload)

    # Made only where a page shows them: a list of many releases does not.
    @cached_property
    def form(self) -> list[tuple[str, str, bool]]:
        """(name, value, is it long)."""
        return form_rows(self.upload)

    @cached_property
    def duplicates(self) -> DuplicateRows:
        """What is there already, and whether the tracker was asked."""
        return duplicate_rows(self.upload)

    @cached_property
    def previews(self) -> list[tuple[str, SafeString | None, str]]:
        """(label, safe HTML, source)."""
        return previews(self.upload)


def live_uploads(*releases: Release) -> QuerySet[Upload]:
    """The uploads of releases that count, without their torrents."""
    return (
        Upload.objects.filter(release__in=releases)
        .exclude(status=UploadStatus.CANCELLED)
        .select_related("tracker", "template_version__template", "credential")
        .select_related("duplicate_search")
        .defer("torrent_file", "site_torrent", "duplicate_search__answers")
        .order_by("tracker__name")
    )


def panels(
    release: Release,
    uploads: Sequence[Upload],
    before: Mapping[int, Before] = MappingProxyType({}),
) -> list[Panel]:
    """A panel for each upload; `before` are their earlier approvals."""
    return [_panel(release, one, before.get(one.pk)) for one in uploads]


def _panel(release: Release, upload: Upload, before: Before | None) -> Panel:
    stale = is_stale(release, upload)
    torrent = upload.payload.get("torrent", {})
    return Panel(
        upload=upload,
        url=reverse("admin:uploads_upload_change", args=[upload.pk]),
        chip=status_chip(upload),
        ready=readiness_chip(upload, release.revision),
        seeding=seeding_chip(upload),
        reason=reason_lines(upload),
        problems=[
            {**one, "jump": jump(one["field"])}
            for one in sorted(upload.problems, key=lambda o: o["severity"] != "error")
        ],
        before=before,
        torrent=torrent,
        torrent_size=size_text(torrent["size"]) if "size" in torrent else "",
        version_url=page_url(upload.template_version),
        remote=remote_link(upload, _("On the tracker")),
        can_approve=release.state in APPROVABLE
        and upload.status == UploadStatus.DRAFT
        and bool(upload.digest)
        and not upload.has_errors
        and not stale,
        is_stale=stale,
    )


def any_moving(release: Release, uploads: Sequence[Upload]) -> bool:
    """Whether the page should look again in a moment."""
    return any(is_moving(one) or is_stale(release, one) for one in uploads)


def form_rows(upload: Upload) -> list[tuple[str, str, bool]]:
    """The exact form that is sent, and whether a value needs a box of its own."""
    return [
        (name, value, len(value) > LONG_VALUE or "\n" in value)
        for name, value in upload.payload.get("form", ())
    ]


def previews(upload: Upload) -> list[tuple[str, SafeString | None, str]]:
    """The texts in the site's markup: their label, as the site shows them, as sent.

    The HTML is None where Herald cannot render the site's markup.
    """
    payload = upload.payload
    found = {
        **payload.get("attributes", {}),
        "description": payload.get("description", ""),
    }
    dialect = str(upload.tracker.options.get("dialect", ""))
    is_known = dialect in DIALECTS and speaks_bbcode(upload.tracker.family)
    return [
        (
            _(label),
            # render_bbcode gives safe HTML whatever the text is.
            mark_safe(render_bbcode(found[name], dialect))  # noqa: S308
            if is_known
            else None,
            found[name],
        )
        for label, name in PREVIEWS
        if found.get(name)
    ]


def speaks_bbcode(family: str) -> bool:
    """Whether sites of a family take BBCode."""
    return family in families() and get_adapter_class(family).markup is Markup.BBCODE
