"""Rules of a certain age, a release to decide about, and what they left behind."""

from datetime import timedelta

from django.utils import timezone

from releases.services.prepare import release_prepare
from tests import factories
from uploads.models import ApprovalRule, DuplicateSearch, Upload
from uploads.selectors import rules_said
from uploads.services.rules import rule_save, rules_apply
from uploads.services.searching import upload_search

ERROR = {"code": "x", "severity": "error", "message": "No title.", "field": "title"}


def make(name="Trusted", *, is_active=True, ago=60, **conditions):
    """A rule, active for some seconds already."""
    rule = ApprovalRule(name=name, is_active=is_active, **conditions)
    rule_save(rule, actor_id=factories.UserFactory().pk)
    if rule.active_since:
        rule.active_since = timezone.now() - timedelta(seconds=ago)
        rule.save()
    return rule


def prepare_and_decide(release):
    """Prepare, let the trackers say that they have nothing similar, ask the rules."""
    release_prepare(release.pk)
    for pk in DuplicateSearch.objects.values_list("upload", flat=True):
        upload_search(pk)
    rules_apply(release.pk)
    release.refresh_from_db()


def statuses():
    return {u.tracker.slug: u.status for u in Upload.objects.select_related("tracker")}


def said(release):
    release.refresh_from_db()
    return rules_said(release)
