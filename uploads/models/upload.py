"""The intent to publish one release on one tracker. The queue is these rows."""

from collections.abc import Mapping

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.fields import EncryptedJSONField
from releases.models import Release, Torrent
from trackers.models import Credential, TemplateVersion, Tracker
from uploads.states import Seeding, UploadStatus


class Upload(models.Model):
    """One release × one tracker; states are drawn in uploads/states.py.

    `payload` is exactly what will be said: {"form": [[name, value], …], "title",
    "description", "tags", "attributes", "category", "infohash", "files"…}.
    `torrent_file` is the derived torrent without announce URL (that is a secret and
    joins when it is sent); `digest` the SHA-256 over both. `infohash` is ours,
    `site_infohash` the site's. `problems` and `duplicates` are lists of dicts for
    people, with their numbers beside them; `reason` is {"code", "message", "remedy"?}
    behind the present status.
    """

    class Status(models.TextChoices):
        DRAFT = UploadStatus.DRAFT.value, _("Draft")
        PENDING = UploadStatus.PENDING.value, _("Pending")
        UPLOADING = UploadStatus.UPLOADING.value, _("Uploading")
        SUCCESS = UploadStatus.SUCCESS.value, _("Success")
        FAILED = UploadStatus.FAILED.value, _("Failed")
        UNKNOWN = UploadStatus.UNKNOWN.value, _("Unknown")
        CANCELLED = UploadStatus.CANCELLED.value, _("Cancelled")

    class SeedingState(models.TextChoices):
        NONE = Seeding.NONE.value, "—"
        WAITING = Seeding.WAITING.value, _("Waiting for the client")
        ADDED = Seeding.ADDED.value, _("Added, not yet proven")
        CONFIRMED = Seeding.CONFIRMED.value, _("Confirmed")
        PROBLEM = Seeding.PROBLEM.value, _("Problem")
        LOST = Seeding.LOST.value, _("Stopped")
        NO_CLIENT = Seeding.NO_CLIENT.value, _("No torrent client")

    release = models.ForeignKey(
        Release,
        on_delete=models.PROTECT,
        related_name="uploads",
        verbose_name=_("release"),
    )
    tracker = models.ForeignKey(
        Tracker,
        on_delete=models.PROTECT,
        related_name="uploads",
        verbose_name=_("tracker"),
    )
    kind = models.CharField(
        _("kind"),
        max_length=20,
        blank=True,
        choices=Release.Kind.choices,
        help_text=_("The release's kind that the payload was made for."),
    )
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.DRAFT
    )
    reason = models.JSONField(default=dict, blank=True)
    payload = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    release_revision = models.PositiveIntegerField(
        default=0,
        help_text=_("The release's revision that the payload was made from."),
    )
    approved_digest = models.CharField(max_length=64, blank=True)
    torrent = models.ForeignKey(
        Torrent, on_delete=models.PROTECT, null=True, related_name="uploads"
    )
    torrent_file = models.BinaryField(null=True)
    infohash = models.CharField(max_length=40, blank=True)
    site_infohash = models.CharField(max_length=40, blank=True)
    site_torrent = models.BinaryField(null=True)
    remote_id = models.CharField(max_length=100, blank=True)
    remote_url = models.CharField(_("link"), max_length=500, blank=True)
    problems = models.JSONField(default=list, blank=True)
    # Written with problems and duplicates: to look into JSON is to read every draft.
    errors = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text=_("How many of the problems are errors.")
    )
    warnings = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text=_("How many of the problems are warnings.")
    )
    duplicates = models.JSONField(default=list, blank=True)
    own_duplicates = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text=_("How many duplicates there are.")
    )
    template_version = models.ForeignKey(
        TemplateVersion, on_delete=models.PROTECT, null=True, related_name="uploads"
    )
    credential = models.ForeignKey(
        Credential, on_delete=models.SET_NULL, null=True, related_name="uploads"
    )
    priority = models.SmallIntegerField(
        _("priority"), default=0, help_text=_("Higher goes first.")
    )
    not_before = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    misses = models.PositiveSmallIntegerField(
        default=0,
        editable=False,
        help_text=_("Tries and looks in a row that did not reach the tracker."),
    )
    looks = models.PositiveSmallIntegerField(default=0)
    # What the tracker said in a look that waits for its budget: it may hold secrets.
    look_answers = EncryptedJSONField(  # type: ignore[misc]  # mostly there is none
        null=True, editable=False, remember=False
    )
    ask_first = models.BooleanField(
        default=False,
        editable=False,
        help_text=_(
            "It may be on the tracker without our knowing, so that is asked before "
            "anything is sent."
        ),
    )
    said_absent = models.BooleanField(
        default=False,
        editable=False,
        help_text=_(
            "A person looked and did not find it: the tracker is asked once more, and "
            "unless it has it, it is sent."
        ),
    )
    claimed_by = models.CharField(max_length=200, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_(
            "Whose approval counts, and whose own account sends it; empty: a rule, or "
            "a person who is gone."
        ),
    )
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    seeding = models.CharField(
        _("seeding"),
        max_length=20,
        choices=SeedingState.choices,
        default=SeedingState.NONE,
        blank=True,
    )
    seeding_message = models.CharField(max_length=500, blank=True)
    seeding_looks = models.PositiveIntegerField(default=0)
    seeding_due_at = models.DateTimeField(null=True, blank=True)
    seeding_confirmed_at = models.DateTimeField(
        _("seeding confirmed at"), null=True, blank=True
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-created_at", "-pk"]
        permissions = [
            ("approve_upload", "Can approve and reject uploads"),
            ("drive_upload", "Can retry, cancel and prioritise uploads"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "tracker"],
                condition=~Q(status="cancelled"),
                name="one_live_upload_per_release_and_tracker",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in UploadStatus]),
                name="upload_status_known",
            ),
        ]
        # The first columns of a row are its heavy ones: what workers look for every
        # second is found in an index alone, however long the queue is.
        indexes = [
            models.Index(fields=["status", "not_before"], name="upload_queue"),
            models.Index(
                fields=[
                    *("status", "-priority", "approved_at", "id"),
                    *("not_before", "tracker"),
                ],
                name="upload_due",
            ),
            models.Index(
                fields=["status", "approved_digest"], name="upload_unapproved"
            ),
            models.Index(fields=["seeding", "seeding_due_at"], name="upload_seeding"),
            models.Index(
                fields=["tracker", "status", "release"], name="upload_tracker_status"
            ),
            models.Index(fields=["infohash", "tracker"], name="upload_infohash"),
            models.Index(fields=["kind", "id"], name="upload_kind"),
            # Orders and filters of lists, and what a search knows of whole.
            models.Index(fields=["created_at", "id"], name="upload_created"),
            models.Index(fields=["priority", "id"], name="upload_priority"),
            models.Index(
                fields=["seeding_confirmed_at", "id"], name="upload_proven_at"
            ),
            models.Index(KT("reason__code"), "id", name="upload_cause"),
            models.Index(fields=["remote_id"], name="upload_remote_id"),
            models.Index(fields=["site_infohash"], name="upload_site_infohash"),
            # The newest of a state, as the dashboard shows them.
            models.Index(fields=["status", "-updated_at", "-id"], name="upload_newest"),
            models.Index(
                fields=["seeding", "-updated_at", "-id"], name="upload_seeding_newest"
            ),
            models.Index(
                fields=["finished_at"],
                condition=Q(status="success"),
                name="upload_published",
            ),
            models.Index(
                fields=[
                    *("tracker", "seeding_confirmed_at", "status", "finished_at"),
                    *("kind", "approved_by", "template_version"),
                ],
                name="upload_proof",
            ),
            models.Index(
                fields=["tracker"],
                condition=Q(status="success", finished_at__isnull=False)
                & ~Q(seeding="confirmed"),
                name="upload_unproven",
            ),
            # For pages of people: what ended lately, and what failed and why.
            models.Index(
                fields=["finished_at", "tracker", "status"],
                condition=Q(finished_at__isnull=False),
                name="upload_ended",
            ),
            models.Index(
                fields=["tracker", "-finished_at"],
                condition=Q(status="success"),
                name="upload_last_success",
            ),
            models.Index(
                fields=["-id"], condition=Q(status="failed"), name="upload_failed"
            ),
            # Which drafts are wrong, and whether a release has one that is not.
            models.Index(
                fields=["errors", "release", "warnings", "own_duplicates", "id"],
                condition=Q(status="draft"),
                name="upload_drafts",
            ),
            # Those that can be approved: counted on every dashboard.
            models.Index(
                fields=["release"],
                condition=Q(status="draft", errors=0) & ~Q(digest=""),
                name="upload_sound_drafts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release} → {self.tracker}"

    @property
    def has_errors(self) -> bool:
        """Whether a problem stands in the way of approval."""
        return any(problem["severity"] == "error" for problem in self.problems)


# In the middle of a sentence.
_STATE_WORDS: Mapping[str, Promise] = {
    UploadStatus.DRAFT: _("draft"),
    UploadStatus.PENDING: _("pending"),
    UploadStatus.UPLOADING: _("uploading"),
    UploadStatus.SUCCESS: _("success"),
    UploadStatus.FAILED: _("failed"),
    UploadStatus.UNKNOWN: _("unknown"),
    UploadStatus.CANCELLED: _("cancelled"),
}


def state_word(state: str) -> str:
    """An upload's status as a word, in the language of the page."""
    return str(_STATE_WORDS.get(state, state))
