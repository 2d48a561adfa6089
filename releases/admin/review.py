"""What the release page shows of the release itself: plain rows for the template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.figures import files_text, size_text
from releases.admin.field_text import HINTS, to_text
from releases.metadata.html import sanitise_html
from releases.metadata.types import EMBEDDED
from releases.metadata.vocabulary import (
    VOCABULARY,
    FieldSpec,
    Kind,
    duration,
    label,
    show,
)
from releases.models import MetadataRecord, Release, ReleaseFile
from releases.services.remerge import field_mark
from releases.states import ReleaseState

MOST_FILES = 2_000
WORKING = (ReleaseState.NEW, ReleaseState.PREPARING)
TONES: Mapping[str, str] = {
    ReleaseState.NEW: "info",
    ReleaseState.PREPARING: "busy",
    ReleaseState.READY: "info",
    ReleaseState.APPROVED: "busy",
    ReleaseState.PUBLISHED: "good",
    ReleaseState.REJECTED: "warn",
    ReleaseState.FAILED: "bad",
}
PHASES: Mapping[str, str | Promise] = {
    "scan": gettext_lazy("Looking at the files"),
    "read": gettext_lazy("Reading the audio files"),
    "enrich": gettext_lazy("Asking the metadata service"),
    "hash": gettext_lazy("Hashing"),
    "draft": gettext_lazy("Rendering what each tracker gets"),
}
SOURCES: Mapping[str, str | Promise] = {
    **dict(MetadataRecord.Source.choices),
    "person": gettext_lazy("Person"),
}
LONG = (Kind.TEXT, Kind.HTML, Kind.LINES, Kind.PEOPLE, Kind.SERIES, Kind.CHAPTERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What a person typed into a field that was not changed, and why it was not.

    `text` is None where nothing was typed. `overtaken`: the field says something else
    than the person saw, so that they choose between that and their own.
    """

    name: str
    message: str
    text: str | None
    overtaken: bool


@dataclass(kw_only=True)
class FieldRow:
    """One field of the vocabulary as the page shows and edits it."""

    spec: FieldSpec
    text: str = ""
    html: SafeString | None = None
    source: str = ""
    source_label: str | Promise = ""
    alternatives: list[tuple[str | Promise, str]] = field(default_factory=list)
    overridden: bool = False
    left_out: bool = False
    edit_text: str = ""
    rows: int = 1
    hint: str | Promise = ""
    mark: str = ""
    refused: Refused | None = None

    @property
    def is_link(self) -> bool:
        """Whether a browser may be sent to the value."""
        return self.spec.kind is Kind.URL and self.text.startswith(
            ("http://", "https://")
        )

    @property
    def is_empty(self) -> bool:
        """Whether nobody knows it and nobody asks about it, so that it need not show."""
        return not (self.text or self.left_out or self.refused)

    @property
    def is_choice(self) -> bool:
        """Whether a person chooses between what they typed and what it is by now."""
        refused = self.refused
        return refused is not None and refused.overtaken and refused.text is not None

    @property
    def typed(self) -> str:
        """What stands in the form: what a person typed that was refused, or the value."""
        if self.refused is None or self.refused.text is None:
            return self.edit_text
        return self.refused.text


def field_parts(release: Release, refused: Refused | None) -> dict[str, Any]:
    """The fields by name, and all but the chapters, known and unknown."""
    rows = field_rows(release, refused)
    listed = [row for row in rows if row.spec.name != "chapters"]
    return {
        "fields": {row.spec.name: row for row in rows},
        "known_fields": [row for row in listed if not row.is_empty],
        "empty_fields": [row for row in listed if row.is_empty],
    }


def field_rows(release: Release, refused: Refused | None = None) -> list[FieldRow]:
    """Every field of the vocabulary, also those nobody knows."""
    rows = [_field_row(release, spec) for spec in VOCABULARY.values()]
    for row in rows:
        if refused is not None and row.spec.name == refused.name:
            row.refused = refused
            row.rows = _lines(row.typed) if row.rows > 1 else 1
    return rows


def _field_row(release: Release, spec: FieldSpec) -> FieldRow:
    entry = release.metadata.get(spec.name) or {}
    value = entry.get("value")
    row = FieldRow(
        spec=spec,
        overridden=spec.name in release.overrides,
        left_out=spec.name in release.overrides
        and release.overrides[spec.name] is None,
        hint=HINTS.get(spec.kind, ""),
        mark=field_mark(release, spec.name),
    )
    if value is not None:
        row.text = show(spec.name, value)
        row.source = str(entry.get("source", ""))
        row.source_label = SOURCES.get(row.source, row.source)
        row.edit_text = to_text(spec, value) if spec.editable else ""
        if spec.kind is Kind.HTML:
            # Sanitised when it was merged; once more, since it goes out unescaped.
            row.html = mark_safe(sanitise_html(value))  # noqa: S308 - just sanitised
    row.alternatives = [
        (SOURCES.get(one["source"], one["source"]), show(spec.name, one["value"]))
        for one in entry.get("alternatives", ())
    ]
    if spec.kind in LONG:
        row.rows = _lines(row.edit_text)
    return row


def _lines(text: str) -> int:
    """How many lines the box for a text shows."""
    return min(max(text.count("\n") + 2, 3), 20)


def files_of(release: Release) -> list[ReleaseFile]:
    """The files on disk, in their order; not more than a page can show."""
    return list(release.files.all()[:MOST_FILES])


def picture_rows(release: Release) -> list[dict[str, Any]]:
    """The pictures to choose from, and which one is the cover."""
    url = reverse("admin:releases_release_picture", args=[release.pk])
    return [
        {
            **one,
            "url": f"{url}?v={one['sha256']}",
            "in_use": one["sha256"] == release.cover.get("sha256"),
            **cover_facts(one),
        }
        for one in release.pictures
    ]


def cover_facts(picture: Mapping[str, Any]) -> dict[str, str]:
    """How large its file is, and where it was found, for people."""
    place = picture.get("origin", "")
    return {
        "size": size_text(picture.get("bytes", 0)),
        "place": _("inside an audio file") if place == EMBEDDED else place,
    }


def file_rows(rows: Sequence[ReleaseFile]) -> list[dict[str, Any]]:
    """The files, with what their audio is and why some stay out."""
    return [
        {
            "path": row.path,
            "size": size_text(row.size),
            "kind": row.get_kind_display(),
            "audio": show("audio", row.audio) if row.audio else "",
            "length": duration(row.audio["duration_ms"])
            if row.audio.get("duration_ms")
            else "",
            "included": row.included,
            "note": row.note,
        }
        for row in rows
    ]


def source_rows(release: Release) -> list[dict[str, Any]]:
    """The newest answer of each source; its raw form is fetched when opened."""
    newest = release.records.values("source").annotate(newest=Max("pk"))
    rows = release.records.filter(pk__in=[one["newest"] for one in newest])
    return [
        {
            "source": row.get_source_display(),
            "slug": row.source,
            "fetched_at": row.fetched_at,
            "fields": ", ".join(label(name) for name in row.fields),
            "notices": row.notices,
            "error": row.error.get("message", ""),
            "raw_url": reverse("admin:releases_metadatarecord_raw", args=[row.pk]),
            "url": reverse("admin:releases_metadatarecord_change", args=[row.pk]),
        }
        for row in rows.defer("raw").order_by("source")
    ]


def torrent_rows(release: Release) -> list[dict[str, Any]]:
    """Base torrents; `current` means of the files as they were last prepared."""
    return [
        {
            "url": reverse("admin:releases_torrent_change", args=[row.pk]),
            "piece_length": size_text(row.piece_length),
            "pieces": -(-row.total_size // row.piece_length),
            "size": size_text(row.total_size),
            "engine": row.engine,
            "duration": f"{row.duration_ms / 1000:.2f} s",
            "created_at": row.created_at,
            "current": row.fingerprint == release.fingerprint,
        }
        for row in release.torrents.defer("pieces", "files")
    ]


def facts_line(release: Release) -> str:
    """ "Audiobook · 7 h 32 min · AAC LC in MP4 · 15 chapters · 1 file · 205.1 MiB"."""
    values = release.values
    parts = [
        release.get_kind_display() if release.kind else "",
        duration(values["runtime_ms"]) if values.get("runtime_ms") else "",
        show("audio", values["audio"]) if values.get("audio") else "",
        show("chapters", values["chapters"]) if values.get("chapters") else "",
        files_text(release.file_count),
        size_text(release.total_size),
    ]
    return " · ".join(part for part in parts if part)


def progress_facts(release: Release) -> dict[str, Any]:
    """How far a preparation is: phase, per cent or None, and a line of figures."""
    progress = release.progress
    done, total = progress.get("done") or 0, progress.get("total") or 0
    phase = progress.get("phase", "")
    figures = []
    if total and phase == "hash":
        figures.append(
            _("%(done)s of %(total)s")
            % {"done": size_text(done), "total": size_text(total)}
        )
        if rate := progress.get("rate"):
            figures.append(f"{size_text(round(rate))}/s")
        if (eta := progress.get("eta")) is not None:
            figures.append(_("%(time)s left") % {"time": duration(round(eta * 1000))})
    elif total:
        figures.append(
            ngettext("%(done)d of %(total)d file", "%(done)d of %(total)d files", total)
            % {"done": done, "total": total}
        )
    return {
        "phase": PHASES.get(phase) or _("Waiting for a worker"),
        "percent": min(100, round(100 * done / total)) if total else None,
        "figures": " · ".join(figures),
        "cancelling": release.cancel_requested,
    }
