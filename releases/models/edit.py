"""What people changed of a release's metadata, so that it can be undone."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from releases.models.release import Release


class MetadataEdit(models.Model):
    """One change by a person; the newest one that stands can be undone.

    `before` and `after` map fields to {"value"} where a person insisted on something
    (None: left out on purpose), and to {} where the sources spoke.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="edits")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("metadata edit")
        verbose_name_plural = _("metadata edits")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return _("Edit %(id)s of release %(release)s") % {
            "id": self.pk,
            "release": self.release_id,
        }
