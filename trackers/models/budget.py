"""How many requests an account may make, shared by every worker."""

from django.db import models

from trackers.models.credential import Credential


class RequestBudget(models.Model):
    """The recent requests of one credential: the one row all workers agree on.

    `spent` are the times (seconds since the epoch) of requests inside the window;
    `version` makes each change a compare-and-set; nothing is sent before
    `blocked_until`, which a site's "too many requests" moves.
    """

    credential = models.OneToOneField(
        Credential, on_delete=models.CASCADE, related_name="budget"
    )
    spent = models.JSONField(default=list)
    version = models.PositiveBigIntegerField(default=0)
    blocked_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Budget of {self.credential_id}"
