"""How uploads look wherever a page names them."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.admin import chip
from common.spoken import spoken
from releases.admin.readonly import page_url
from releases.models import Release
from uploads.models import Upload
from uploads.states import Outcome, Seeding, UploadStatus

TONES: Mapping[str, str] = {
    UploadStatus.DRAFT: "info",
    UploadStatus.PENDING: "info",
    UploadStatus.UPLOADING: "busy",
    UploadStatus.SUCCESS: "good",
    UploadStatus.FAILED: "bad",
    UploadStatus.UNKNOWN: "warn",
    UploadStatus.CANCELLED: "plain",
}
SEEDING_TONES: Mapping[str, str] = {
    Seeding.WAITING: "info",
    Seeding.ADDED: "busy",
    Seeding.CONFIRMED: "good",
    Seeding.PROBLEM: "bad",
    Seeding.LOST: "bad",
    Seeding.NO_CLIENT: "plain",
}
# Of what there is to say about the seeding, what a person has to read.
SEEDING_ALERTS: Mapping[str, str] = {
    Seeding.WAITING: "warn",
    Seeding.PROBLEM: "bad",
    Seeding.LOST: "bad",
    Seeding.NO_CLIENT: "warn",
}
OUTCOMES: Mapping[str, Promise] = {
    Outcome.SUCCESS: gettext_lazy("success"),
    Outcome.DUPLICATE: gettext_lazy("duplicate"),
    Outcome.REJECTED: gettext_lazy("rejected"),
    Outcome.UNAVAILABLE: gettext_lazy("unavailable"),
    Outcome.RATE_LIMITED: gettext_lazy("rate limited"),
    Outcome.AUTH: gettext_lazy("account refused"),
    Outcome.CONFIG: gettext_lazy("set up wrong"),
    Outcome.UNSUPPORTED: gettext_lazy("unsupported"),
    Outcome.UNKNOWN: gettext_lazy("unknown"),
    Outcome.STALE: gettext_lazy("worker lost"),
    Outcome.CHANGED: gettext_lazy("changed"),
    Outcome.INTERNAL: gettext_lazy("failed in Herald"),
}
GOOD_OUTCOMES = (Outcome.SUCCESS, Outcome.DUPLICATE)
PASSING_OUTCOMES = (Outcome.UNAVAILABLE, Outcome.RATE_LIMITED, Outcome.STALE)
# What a list never shows of an upload and its release.
HEAVY = (
    *("payload", "torrent_file", "site_torrent", "duplicates"),
    *("release__metadata", "release__overrides", "release__notices"),
    "release__given_torrent",
)
SETTLING = (UploadStatus.PENDING, UploadStatus.UPLOADING, UploadStatus.UNKNOWN)
UNPROVEN = (Seeding.WAITING, Seeding.ADDED)
NOT_SEEDING = (Seeding.PROBLEM, Seeding.LOST)


def is_moving(upload: Upload) -> bool:
    """Whether a page should look again in a moment."""
    if upload.status == UploadStatus.SUCCESS:
        return upload.seeding in UNPROVEN
    return upload.status in SETTLING


def is_stale(release: Release, upload: Upload) -> bool:
    """Whether a draft waits to be rendered from what the release says now."""
    return (
        upload.status == UploadStatus.DRAFT
        and upload.release_revision != release.revision
    )


def status_chip(upload: Upload) -> SafeString:
    """The status as a coloured label; a draft says whether it can be approved."""
    text, tone = upload.get_status_display(), TONES[upload.status]
    if upload.status == UploadStatus.DRAFT:
        text, tone = draft_words(upload)
    return chip(text, tone, title=spoken(str(upload.reason.get("message", ""))))


def draft_words(upload: Upload) -> tuple[str, str]:
    """ "Draft ready", "Draft, 2 errors" or "Draft, 1 warning", and the tone."""
    severities = [problem["severity"] for problem in upload.problems]
    if number := severities.count("error"):
        words = ngettext("Draft, %(n)s error", "Draft, %(n)s errors", number)
        return words % {"n": number}, "bad"
    if number := severities.count("warning"):
        words = ngettext("Draft, %(n)s warning", "Draft, %(n)s warnings", number)
        return words % {"n": number}, "warn"
    if upload.digest:
        return _("Draft ready"), "info"
    return _("Draft, empty"), "warn"


def seeding_chip(upload: Upload) -> SafeString:
    """The state of the proof of seeding; "—" before success."""
    if not upload.seeding:
        return chip("—")
    return chip(
        upload.get_seeding_display(),
        SEEDING_TONES[upload.seeding],
        title=upload.seeding_message,
    )


def seeding_place(upload: Upload) -> dict[str, str]:
    """Where the seeding is mended: the torrent client, or the library without one."""
    library = upload.release.library
    if library.torrent_client is None:
        return {
            "url": page_url(library),
            "text": _("Library: %(name)s") % {"name": library},
        }
    client = library.torrent_client
    text = _("Torrent client: %(name)s") % {"name": client}
    return {"url": page_url(client), "text": text}


def outcome_chip(outcome: str) -> SafeString:
    """How an attempt ended."""
    if not outcome:
        return chip(_("running"), "busy")
    tone = "good" if outcome in GOOD_OUTCOMES else "bad"
    if outcome in PASSING_OUTCOMES or outcome == Outcome.UNKNOWN:
        tone = "warn"
    return chip(outcome_words(outcome), tone)


def outcome_words(code: str) -> str:
    """An outcome, or the code of a reason, in words; the code where it has none."""
    return str(OUTCOMES.get(code, code))


def reason_lines(upload: Upload) -> dict[str, Any]:
    """What stands behind the status: a sentence, and what to do by now."""
    remedy = upload.reason.get("remedy", "")
    account = upload.credential
    refused = upload.reason.get("code") == Outcome.AUTH
    if refused and account and account.is_active and not account.paused_at:
        words = _("The credential “%(label)s” is in use again. Retry.")
        remedy = words % {"label": account.label}
    return {
        "message": upload.reason.get("message", ""),
        "remedy": remedy,
        "warnings": upload.reason.get("warnings", []),
    }


def remote_link(upload: Upload, text: str) -> SafeString | None:
    """A link to the tracker's page; None when there is none that a browser may open."""
    if not upload.remote_url.startswith(("http://", "https://")):
        return None
    return format_html(
        '<a class="hd-link" href="{}" rel="noopener noreferrer" target="_blank">'
        "{}&nbsp;↗</a>",
        upload.remote_url,
        text,
    )
