"""How many requests an account may make, shared by every worker."""

from django.db import models

from trackers.models.credential import Credential


class RequestBudget(models.Model):
    """The recent requests of one credential: the row all workers agree on.

    One counts them all (`action` is ""), and one those of each action that has a budget
    of its own. `spent` are the times (seconds since the epoch, by the database's clock)
    of requests inside the window. Nothing is sent before the first row's
    `blocked_until`, which a site's "too many requests" moves.
    """

    credential = models.ForeignKey(
        Credential, on_delete=models.CASCADE, related_name="budgets"
    )
    action = models.CharField(max_length=20, blank=True)
    spent = models.JSONField(default=list)
    blocked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["credential", "action"], name="one_budget_per_action"
            )
        ]

    def __str__(self) -> str:
        return f"Budget of {self.credential_id}"
