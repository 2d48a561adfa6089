"""What is wrong with Herald or its surroundings, for as long as it is."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Trouble(models.Model):
    """One thing that keeps work from going on. It ends by itself with its cause.

    `subject` tells apart what the code is about: a tracker, a client, an account.
    """

    code = models.CharField(_("code"), max_length=40)
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    message = models.CharField(_("message"), max_length=500)
    remedy = models.CharField(_("remedy"), max_length=300, blank=True)
    since = models.DateTimeField(_("since"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("trouble")
        verbose_name_plural = _("troubles")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "subject"],
                condition=Q(ended_at=None),
                name="one_present_trouble_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return self.message
