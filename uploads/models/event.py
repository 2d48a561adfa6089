"""Every move of an upload, with its reason, time and actor."""

from collections.abc import Sequence

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from uploads.models.upload import Upload, state_word


class UploadEvents(models.QuerySet["UploadEvent"]):
    """Events, and those that are news."""

    def news(self, pks: Sequence[int]) -> "UploadEvents":
        """Those of these numbers by which an upload moved, or Herald learned something.

        Where its state stays, what a person did to it is none: another priority, say.
        """
        return self.filter(pk__in=pks).exclude(old=F("new"), actor__isnull=False)


class UploadEvent(models.Model):
    """One move between states, append-only.

    `evidence` is what the tracker was asked for it: [{"way", "asked", "found"}, …],
    for people and without secrets.
    """

    upload = models.ForeignKey(
        Upload,
        on_delete=models.CASCADE,
        related_name="events",
        verbose_name=_("upload"),
    )
    old = models.CharField(_("old"), max_length=20, blank=True)
    new = models.CharField(_("new"), max_length=20)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    evidence = models.JSONField(default=list, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("actor"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = UploadEvents.as_manager()

    class Meta:
        verbose_name = _("upload event")
        verbose_name_plural = _("upload events")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(old="unknown") & ~Q(new="unknown"),
                name="event_settled",
            ),
            # What a person did lately, among all that workers did.
            models.Index(
                fields=["actor", "-created_at", "-id"],
                condition=Q(actor__isnull=False),
                name="event_of_person",
            ),
            models.Index(fields=["created_at", "id"], name="event_moment"),
            models.Index(fields=["new", "id"], name="event_new"),
        ]

    def __str__(self) -> str:
        return f"{state_word(self.old)} → {state_word(self.new)}"
