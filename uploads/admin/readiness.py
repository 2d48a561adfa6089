"""How ready each tracker's upload is, in one word: the labels of the list."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.admin import chip
from uploads.duplicates import duplicates_of, duplicates_warned
from uploads.models import Upload
from uploads.states import Seeding, UploadStatus, is_question


def readiness_chip(upload: Upload, revision: int) -> SafeString:
    """The word as a label; its title says the sentences behind it."""
    word, tone = readiness(upload, revision)
    said = [problem["message"] for problem in upload.problems]
    said += [one["message"] for one in duplicates_of(upload)]
    if upload.status != UploadStatus.DRAFT:
        said = [str(upload.reason.get("message", "")), upload.seeding_message]
    return chip(word, tone, title="\n".join(filter(None, said)))


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
