"""Making rules, trying them out, and telling people what they did."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories
from tests.unit.uploads.services.ruling import ERROR, make, prepare_and_decide
from uploads.models import (
    Approval,
    ApprovalRule,
    EventCursor,
    Notification,
    RuleCheck,
    RuleEvent,
    Upload,
)
from uploads.services.approval import release_approve
from uploads.services.noticing import notices_collect
from uploads.services.rules import rule_delete, rule_save, rule_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(trusted):
    return trusted


def test_every_change_of_a_rule_is_kept():
    ada = factories.UserFactory(username="ada")
    rule = rule_save(ApprovalRule(name="Trusted"), actor_id=ada.pk)
    assert (rule.is_active, rule.active_since) == (False, None)
    rule_save(rule, actor_id=ada.pk)  # nothing changed
    rule.is_active = True
    since = rule_save(rule, actor_id=ada.pk).active_since
    assert since is not None
    rule.trackers = ["red"]
    again = rule_save(rule, actor_id=ada.pk).active_since
    assert again is not None
    assert again > since
    rule.is_active = False
    assert rule_save(rule, actor_id=ada.pk).active_since is None
    rule_delete(rule, actor_id=ada.pk)
    events = list(RuleEvent.objects.order_by("pk"))
    assert [one.action for one in events] == ["made", "on", "changed", "off", "deleted"]
    assert {one.actor for one in events} == {ada}
    assert events[2].conditions["trackers"] == ["red"]
    assert str(events[2]) == "Trusted: Changed"


def test_a_dry_run_changes_nothing(release, quick_desk, django_assert_max_num_queries):
    old = factories.ReleaseFactory(state="published", library=release.library)
    sent = factories.UploadFactory(
        release=old, tracker=quick_desk.trackers["red"], status="success"
    )
    bad = factories.UploadFactory(
        release=old, tracker=quick_desk.trackers["ops"], problems=[ERROR]
    )
    Approval.objects.create(
        release=old, decision="approved", actor=factories.UserFactory(username="ada")
    )
    rule = ApprovalRule(name="Not stored")
    with django_assert_max_num_queries(8):
        now, past = rule_trial(rule)
    assert [(one.upload.release, one.objection) for one in now] == [(release, "")] * 2
    assert [(one.upload, one.objection, one.decided) for one in past] == [
        (sent, "", "Approved by ada"),
        (bad, "It has an error: No title.", "Approved by ada"),
    ]
    Upload.objects.filter(release=old).update(
        created_at=timezone.now() - timedelta(days=31)
    )
    assert rule_trial(rule)[1] == []
    assert not RuleCheck.objects.exists()
    assert set(Upload.objects.filter(release=release).values_list("status")) == {
        ("draft",)
    }


# --- Telling people -------------------------------------------------------------------


def test_people_are_told_by_which_rule(release, target):
    EventCursor.objects.bulk_create(
        [
            EventCursor(name="releases", last=release.events.last().pk),
            EventCursor(name="uploads", last=10**9),
            EventCursor(name="troubles", last=10**9),
        ]
    )
    make(no_warnings=False)
    prepare_and_decide(release)
    release.events.update(created_at=timezone.now() - timedelta(minutes=1))
    notices_collect()
    (told,) = Notification.objects.all()
    assert told.event == "rule_approved"
    assert told.title == "A rule approved a release: The Time Machine"
    assert "Approved by rule Trusted." in told.body


def test_what_a_person_approved_is_not_told(release, target):
    EventCursor.objects.create(name="releases", last=release.events.last().pk)
    release_approve(release_id=release.pk, actor_id=factories.UserFactory().pk)
    release.events.update(created_at=timezone.now() - timedelta(minutes=1))
    notices_collect()
    assert not Notification.objects.exists()
