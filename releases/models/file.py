"""The files of a release."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from releases.models.release import Release


class ReleaseFile(models.Model):
    """One file on disk; `path` is relative to the release, "/" separated.

    Files that are not `included` (hidden, junk) are reported and stay out of the
    torrent; `note` says why. `audio` is an AudioInfo as a dict, or empty.
    """

    class Kind(models.TextChoices):
        AUDIO = "audio", _("Audio")
        IMAGE = "image", _("Image")
        TEXT = "text", _("Text")
        VIDEO = "video", _("Video")
        OTHER = "other", _("Other")

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(_("path"), max_length=2000)
    size = models.BigIntegerField(_("size"), help_text=_("Bytes."))
    mtime_ns = models.BigIntegerField()
    ctime_ns = models.BigIntegerField(
        null=True, help_text=_("Unknown for files that were read by an earlier Herald.")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    position = models.PositiveIntegerField(_("position"))
    included = models.BooleanField(_("included"), default=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    audio = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("release file")
        verbose_name_plural = _("release files")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "path"], name="file_once_per_release"
            )
        ]

    def __str__(self) -> str:
        return self.path
