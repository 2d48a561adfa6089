"""How many requests an account may make, shared by every worker."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trackers.models.credential import Credential


class RequestBudget(models.Model):
    """The recent requests of one credential: the row all workers agree on.

    One counts them all (`action` is ""), and one those of each action that has a budget
    of its own. `spent` are the times (seconds since the epoch, by the database's clock)
    of requests inside the window. Nothing is sent before the first row's
    `blocked_until`, which a site's "too many requests" moves.
    """

    credential = models.ForeignKey(
        Credential,
        on_delete=models.CASCADE,
        related_name="budgets",
        verbose_name=_("credential"),
    )
    action = models.CharField(_("action"), max_length=20, blank=True)
    spent = models.JSONField(default=list)
    blocked_until = models.DateTimeField(_("blocked until"), null=True, blank=True)

    class Meta:
        verbose_name = _("request budget")
        verbose_name_plural = _("request budgets")
        constraints = [
            models.UniqueConstraint(
                fields=["credential", "action"], name="one_budget_per_action"
            )
        ]

    def __str__(self) -> str:
        return gettext("Budget of %(id)s") % {"id": self.credential_id}
