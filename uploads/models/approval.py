"""A person's decision, or that of a rule which an admin switched on."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from releases.models import Release
from uploads.models.rule import ApprovalRule


class Approval(models.Model):
    """Who decided what, when, and about which exact payloads.

    `digests` maps upload ids to the digest that was shown, `forms` to the form fields
    behind it ([[name, value], …]; no secret is among them). The approval is void once
    the release changes, and `void_reason` says what changed. Where a rule decided,
    `rule_snapshot` keeps its conditions of that moment, whatever becomes of `rule`.
    """

    class Decision(models.TextChoices):
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")

    release = models.ForeignKey(
        Release,
        on_delete=models.CASCADE,
        related_name="approvals",
        verbose_name=_("release"),
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    rule = models.ForeignKey(
        ApprovalRule, on_delete=models.SET_NULL, null=True, blank=True
    )
    rule_snapshot = models.JSONField(default=dict, blank=True)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    note = models.TextField(_("note"), blank=True)
    digests = models.JSONField(default=dict)
    forms = models.JSONField(default=dict)
    decided_at = models.DateTimeField(_("decided at"), auto_now_add=True)
    void_at = models.DateTimeField(_("void at"), null=True, blank=True)
    void_reason = models.CharField(_("void reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["actor", "-decided_at", "-id"], name="approval_of_person"
            ),
            models.Index(fields=["decided_at", "id"], name="approval_moment"),
            models.Index(fields=["decision", "id"], name="approval_decision"),
        ]

    def __str__(self) -> str:
        return gettext("%(decision)s by %(who)s") % {
            "decision": self.get_decision_display(),
            "who": self.by,
        }

    @property
    def by(self) -> str:
        """Who decided, as it is shown wherever a person's name would be."""
        if self.rule_snapshot:
            return gettext("rule %(name)s") % {"name": self.rule_snapshot["name"]}
        return str(self.actor or gettext("somebody unknown"))
