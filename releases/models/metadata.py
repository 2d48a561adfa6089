"""What every source said, kept whole."""

from django.db import models

from releases.models.release import Release


class MetadataRecord(models.Model):
    """One answer of one source, append-only: its raw form and the fields read from it.

    `error` is {"code", "message"} when the source could not be read or asked.
    """

    class Source(models.TextChoices):
        TAGS = "tags", "Tags"
        NAMES = "names", "Names"
        AUDNEXUS = "audnexus", "Audnexus"

    release = models.ForeignKey(
        Release, on_delete=models.CASCADE, related_name="records"
    )
    source = models.CharField(max_length=30, choices=Source.choices)
    fetched_at = models.DateTimeField(auto_now_add=True)
    raw = models.JSONField(default=dict)
    fields = models.JSONField(default=dict)
    notices = models.JSONField(default=list)
    error = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["release", "source", "-id"]),
            models.Index(fields=["source", "id"], name="record_source"),
            models.Index(fields=["fetched_at", "id"], name="record_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} of {self.release_id}"


class ProviderAnswer(models.Model):
    """A cached answer of a metadata service; `key` is endpoint, ASIN and region."""

    key = models.CharField(max_length=200, unique=True)
    value = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
