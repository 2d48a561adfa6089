"""What a tracker was asked for before an upload is approved."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.fields import EncryptedJSONField
from trackers.models import Tracker
from uploads.models.upload import Upload


class DuplicateSearch(models.Model):
    """The search for duplicates of one draft on its tracker; a row of its own.

    It never touches the upload, so that neither waits for the other. `key` is a hash of
    what is asked for (uploads/services/searching.py); `found` the `Similar` torrents of
    the last answer as dicts; `checked_at` when that was. `due_at` is when to ask next,
    and None when there is nothing to ask; `problem` the sentence why there is no answer
    yet; `misses` counts vain tries in a row.
    """

    upload = models.OneToOneField(
        Upload, on_delete=models.CASCADE, related_name="duplicate_search"
    )
    # The upload's, which never changes: who looks for work reads this table alone.
    tracker = models.ForeignKey(
        Tracker, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    key = models.CharField(max_length=64, blank=True)
    found = models.JSONField(default=list, blank=True)
    warned = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text=_("How many of them are sure or likely.")
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=500, blank=True)
    misses = models.PositiveSmallIntegerField(default=0)
    # As `Upload.look_answers`: they may hold secrets.
    answers = EncryptedJSONField(  # type: ignore[misc]  # mostly there is none
        null=True, editable=False, remember=False
    )
    claimed_by = models.CharField(max_length=200, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("duplicate search")
        verbose_name_plural = _("duplicate searches")
        # Of all the drafts there ever were, few are to be asked for, and fewer are just
        # now: workers look for those every second.
        indexes = [
            models.Index(
                fields=["tracker", "due_at", "upload", "claimed_by"],
                condition=Q(due_at__isnull=False),
                name="duplicate_search_due",
            ),
            models.Index(
                fields=["claimed_at"],
                condition=Q(claimed_at__isnull=False),
                name="duplicate_search_claimed",
            ),
            models.Index(
                fields=["upload"],
                condition=Q(warned__gt=0),
                name="duplicate_search_warned",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Duplicates of upload %(id)s") % {"id": self.upload_id}
