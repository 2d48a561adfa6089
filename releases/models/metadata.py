"""What every source said, kept whole."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from releases.models.release import Release


class MetadataRecord(models.Model):
    """One answer of one source, append-only: its raw form and the fields read from it.

    `error` is {"code", "message"} when the source could not be read or asked.
    """

    class Source(models.TextChoices):
        TAGS = "tags", _("Tags")
        NAMES = "names", _("Names")
        AUDNEXUS = "audnexus", _("Audnexus")

    release = models.ForeignKey(
        Release, on_delete=models.CASCADE, related_name="records"
    )
    source = models.CharField(_("source"), max_length=30, choices=Source.choices)
    fetched_at = models.DateTimeField(_("fetched at"), auto_now_add=True)
    raw = models.JSONField(default=dict)
    fields = models.JSONField(default=dict)
    notices = models.JSONField(default=list)
    error = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("metadata record")
        verbose_name_plural = _("metadata records")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["release", "source", "-id"]),
            models.Index(fields=["source", "id"], name="record_source"),
            models.Index(fields=["fetched_at", "id"], name="record_moment"),
        ]

    def __str__(self) -> str:
        # Its name where it is at hand: a query for each row would cost too much.
        known = MetadataRecord.release.is_cached(self)
        return _("%(source)s of %(release)s") % {
            "source": self.get_source_display(),
            "release": self.release if known else self.release_id,
        }


class ProviderAnswer(models.Model):
    """A cached answer of a metadata service; `key` is endpoint, ASIN and region."""

    key = models.CharField(_("key"), max_length=200, unique=True)
    value = models.JSONField()
    expires_at = models.DateTimeField(_("expires at"), db_index=True)

    class Meta:
        verbose_name = _("provider answer")
        verbose_name_plural = _("provider answers")

    def __str__(self) -> str:
        return self.key
