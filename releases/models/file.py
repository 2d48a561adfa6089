"""The files of a release."""

from django.db import models

from releases.models.release import Release


class ReleaseFile(models.Model):
    """One file on disk; `path` is relative to the release, "/" separated.

    Files that are not `included` (hidden, junk) are reported and stay out of the
    torrent; `note` says why. `audio` is an AudioInfo as a dict, or empty.
    """

    class Kind(models.TextChoices):
        AUDIO = "audio", "Audio"
        IMAGE = "image", "Image"
        TEXT = "text", "Text"
        VIDEO = "video", "Video"
        OTHER = "other", "Other"

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=2000)
    size = models.BigIntegerField(help_text="Bytes.")
    mtime_ns = models.BigIntegerField()
    ctime_ns = models.BigIntegerField(
        null=True, help_text="Unknown for files that were read by an earlier Herald."
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    position = models.PositiveIntegerField()
    included = models.BooleanField(default=True)
    note = models.CharField(max_length=300, blank=True)
    audio = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "path"], name="file_once_per_release"
            )
        ]

    def __str__(self) -> str:
        return self.path
