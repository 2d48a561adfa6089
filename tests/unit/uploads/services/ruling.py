"""A release for rules to decide about, and rules of a certain age."""

from datetime import timedelta

from django.utils import timezone

from tests import factories
from uploads.models import ApprovalRule
from uploads.services.rules import rule_save

ERROR = {"code": "x", "severity": "error", "message": "No title.", "field": "title"}


def make(name="Trusted", *, is_active=True, ago=60, **conditions):
    """A rule, active for some seconds already."""
    rule = ApprovalRule(name=name, is_active=is_active, **conditions)
    rule_save(rule, actor_id=factories.UserFactory().pk)
    if rule.active_since:
        rule.active_since = timezone.now() - timedelta(seconds=ago)
        rule.save()
    return rule
