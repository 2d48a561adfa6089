"""Which account is used for whom."""

import pytest
from django.utils import timezone

from tests import factories
from trackers.services.choosing import (
    credential_choose,
    credential_for,
    is_sendable,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def tracker(db):
    return factories.TrackerFactory()


@pytest.fixture
def account(tracker):
    def make(owner=None, **values):
        return factories.CredentialFactory(tracker=tracker, owner=owner, **values)

    return make


def pause(credential):
    credential.paused_at = timezone.now()
    credential.save()


def test_ones_own_comes_before_the_shared_whatever_the_priority(
    tracker, account, people
):
    shared = account(priority=1)
    own = account(people["approver"], priority=99)
    assert credential_choose(tracker, people["approver"].pk) == own
    assert credential_choose(tracker, people["preparer"].pk) == shared
    assert credential_choose(tracker) == shared


def test_that_of_somebody_else_is_never_used(tracker, account, people):
    account(people["approver"], takes_over=True)
    assert credential_choose(tracker, people["preparer"].pk) is None
    assert credential_choose(tracker) is None


@pytest.mark.parametrize("allowed", [False, True])
def test_a_paused_own_one_is_replaced_by_the_shared_only_with_leave(
    tracker, account, people, allowed
):
    shared = account(takes_over=allowed)
    pause(account(people["approver"]))
    chosen = credential_choose(tracker, people["approver"].pk)
    assert chosen == (shared if allowed else None)


def test_one_that_is_switched_off_counts_as_not_there(tracker, account, people):
    shared = account()
    account(people["approver"], is_active=False)
    assert credential_choose(tracker, people["approver"].pk) == shared


def test_two_of_ones_own_go_by_priority(tracker, account, people):
    account(people["approver"], priority=20)
    first = account(people["approver"], priority=10)
    assert credential_choose(tracker, people["approver"].pk) == first


def test_what_was_sent_is_asked_about_by_the_account_that_sent_it(
    tracker, account, people
):
    shared, own = account(), account(people["approver"])
    assert credential_for(tracker, own, None) == own
    pause(own)
    assert credential_for(tracker, own, None) == shared
    assert credential_for(tracker, None, people["preparer"].pk) == shared


def test_a_draft_is_warned_only_where_nobody_could_send(tracker, account, people):
    assert not is_sendable(tracker)
    own = account(people["approver"])
    assert is_sendable(tracker)
    pause(own)
    assert not is_sendable(tracker)


def test_an_owner_who_is_deleted_takes_the_account_along(tracker, account, people):
    account(people["approver"])
    people["approver"].delete()
    assert not tracker.credentials.exists()


def test_two_people_may_use_the_same_label(tracker, account, people):
    account(people["approver"], label="mine")
    account(people["preparer"], label="mine")
    account(label="mine")
    assert tracker.credentials.count() == 3
