"""Every move of a release, with its reason, time and actor."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from releases.models.release import Release


class ReleaseEvent(models.Model):
    """One move between states, append-only."""

    release = models.ForeignKey(
        Release, on_delete=models.CASCADE, related_name="events"
    )
    old = models.CharField(_("old"), max_length=20, blank=True)
    new = models.CharField(_("new"), max_length=20)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("actor"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("release event")
        verbose_name_plural = _("release events")
        ordering = ["pk"]
        # What a person did lately, among all that workers did.
        indexes = [
            models.Index(
                fields=["actor", "-created_at", "-id"],
                condition=models.Q(actor__isnull=False),
                name="release_event_of_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.old_text} → {self.new_text}"

    @property
    def old_text(self) -> str:
        """The state before for people, "" for none: "ready"."""
        return state_text(self.old)

    @property
    def new_text(self) -> str:
        """The state after for people."""
        return state_text(self.new)


def state_text(state: str) -> str:
    """A state inside a sentence: "being ready"; one that is no more stays as it is."""
    if state not in Release.State.values:
        return state
    return str(Release.State(state).label).lower()
