"""How ready each tracker's upload is, in one word: the labels of the list."""

from django.db.models import Prefetch, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.admin import chip
from common.spoken import spoken
from trackers.models import Tracker
from uploads.duplicates import duplicates_of, duplicates_warned
from uploads.models import Upload
from uploads.states import Seeding, UploadStatus, is_question

READINESS = (
    *("release_id", "tracker_id", "status", "reason", "digest", "release_revision"),
    *("problems", "duplicates", "seeding", "seeding_message"),
    *(f"duplicate_search__{name}" for name in ("upload", "found", "checked_at")),
    *("duplicate_search__due_at", "duplicate_search__problem"),
)


def with_readiness(rows: QuerySet[Upload]) -> QuerySet[Upload]:
    """Uploads with what their labels need and little else; their trackers, which are
    few, in a query of their own."""
    trackers = Prefetch("tracker", Tracker.objects.only("name"))
    return (
        rows.exclude(status=UploadStatus.CANCELLED)
        .select_related("duplicate_search")
        .only(*READINESS)
        .prefetch_related(trackers)
    )


def readiness_chip(upload: Upload, revision: int) -> SafeString:
    """The word as a label; its title says the sentences behind it."""
    word, tone = readiness(upload, revision)
    said = [problem["message"] for problem in upload.problems]
    said += dict.fromkeys(one["message"] for one in duplicates_of(upload))
    if upload.status != UploadStatus.DRAFT:
        said = [str(upload.reason.get("message", "")), upload.seeding_message]
    return chip(word, tone, title="\n".join(spoken(one) for one in said if one))


def readiness(upload: Upload, revision: int) -> tuple[str, str]:
    """The word and its tone. `revision` is the release's: what is older is stale."""
    if upload.status != UploadStatus.DRAFT:
        return _on_its_way(upload)
    if upload.release_revision != revision:
        return _("rendering"), "busy"
    errors = _count(upload, "error")
    if errors:
        words = ngettext("%(n)s error", "%(n)s errors", errors) % {"n": errors}
        return words, "bad"
    if duplicates_warned(upload):
        return _("duplicate?"), "warn"
    warnings = _count(upload, "warning")
    if warnings:
        words = ngettext("%(n)s warning", "%(n)s warnings", warnings) % {"n": warnings}
        return words, "warn"
    return (_("ready"), "good") if upload.digest else (_("empty"), "warn")


def _on_its_way(upload: Upload) -> tuple[str, str]:
    if upload.status == UploadStatus.SUCCESS:
        confirmed = upload.seeding == Seeding.CONFIRMED
        return (_("seeding"), "good") if confirmed else (_("sent"), "good")
    if is_question(upload.status, upload.reason):
        return _("question"), "warn"
    words = {
        UploadStatus.PENDING: (_("approved"), "info"),
        UploadStatus.UPLOADING: (_("sending"), "busy"),
        UploadStatus.FAILED: (_("failed"), "bad"),
        UploadStatus.UNKNOWN: (_("looking"), "warn"),
    }
    return words[UploadStatus(upload.status)]


def _count(upload: Upload, severity: str) -> int:
    return sum(problem["severity"] == severity for problem in upload.problems)
