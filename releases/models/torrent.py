"""The base torrent: pieces, hashed once per piece length."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from releases.models.release import Release


class Torrent(models.Model):
    """The pieces of a release's files at one piece length, without any tracker.

    `files` is [[path, size], …] in hashing order; `fingerprint` is the release's at
    the time; `pieces` are SHA-1 digests of 20 bytes each.
    """

    release = models.ForeignKey(
        Release, on_delete=models.CASCADE, related_name="torrents"
    )
    name = models.CharField(_("name"), max_length=255)
    is_single = models.BooleanField(_("is single"), default=False)
    files = models.JSONField()
    total_size = models.BigIntegerField()
    piece_length = models.PositiveIntegerField()
    pieces = models.BinaryField()
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    engine = models.CharField(_("engine"), max_length=40)
    duration_ms = models.PositiveIntegerField()
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("torrent")
        verbose_name_plural = _("torrents")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "piece_length", "fingerprint"],
                name="torrent_once_per_piece_length",
            )
        ]

    def __str__(self) -> str:
        return _("%(name)s (%(size)s KiB pieces)") % {
            "name": self.name,
            "size": self.piece_length // 1024,
        }
