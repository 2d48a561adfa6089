"""Uploads go by the account of whoever approved them, in lanes of their own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import factories
from tests.many import pending
from trackers.models import Credential
from trackers.services.credentials import credential_pause, credential_resume
from uploads.models import Upload
from uploads.services.approval import approvals_void
from uploads.services.claiming import claim_next
from uploads.services.lanes import due_lanes, holds_end
from uploads.services.troubles import troubles_now, troubles_watch

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(db):
    return factories.CredentialFactory(label="shared")


@pytest.fixture
def own(shared, people):
    return factories.CredentialFactory(
        tracker=shared.tracker, owner=people["approver"], label="own"
    )


def approved(count, tracker, person=None):
    before = set(Upload.objects.values_list("pk", flat=True))
    pending(count, tracker=tracker)
    rows = Upload.objects.exclude(pk__in=before)
    rows.update(approved_by=person)
    return list(rows.order_by("pk"))


def claimed():
    found = {}
    while upload := claim_next():
        found[upload.pk] = upload.credential.label if upload.credential else ""
    return found


def test_each_is_claimed_for_its_own_account(shared, own, people):
    theirs = approved(2, shared.tracker, people["approver"])
    others = approved(1, shared.tracker, people["admin"])
    by_rule = approved(1, shared.tracker)
    assert claimed() == {
        **{row.pk: "own" for row in theirs},
        **{row.pk: "shared" for row in (*others, *by_rule)},
    }


def test_a_full_account_does_not_hold_up_the_other(shared, own, people):
    shared.tracker.concurrency = 1
    shared.tracker.save()
    approved(3, shared.tracker, people["approver"])
    approved(3, shared.tracker)
    assert sorted(claimed().values()) == ["own", "shared"]


def test_a_spent_budget_holds_only_its_own_lane(shared, own, people):
    shared.tracker.budget_requests, shared.tracker.budget_seconds = 1, 600
    shared.tracker.save()
    mine = approved(2, shared.tracker, people["approver"])
    assert list(claimed().values()) == ["own"]
    late = approved(1, shared.tracker)
    assert claimed() == {late[0].pk: "shared"}
    held = Upload.objects.get(pk=mine[1].pk)
    assert held.reason["code"] == "budget"


def test_a_paused_own_account_holds_its_person_only_and_says_so(shared, own, people):
    mine = approved(1, shared.tracker, people["approver"])
    others = approved(1, shared.tracker)
    credential_pause(own, "The key was refused.")
    assert claimed() == {others[0].pk: "shared"}
    held = Upload.objects.get(pk=mine[0].pk)
    assert held.reason["code"] == "credential_missing"
    assert f"{own} is paused: The key was refused." in held.reason["message"]
    holds_end()
    held.refresh_from_db()
    assert held.not_before
    assert held.not_before > timezone.now()
    credential_resume(own)
    holds_end()
    assert claimed() == {mine[0].pk: "own"}


def test_without_any_account_of_theirs_or_shared_it_waits(shared, own, people):
    Credential.objects.filter(pk=shared.pk).delete()
    waiting = approved(1, own.tracker, people["admin"])
    assert claimed() == {}
    row = Upload.objects.get(pk=waiting[0].pk)
    assert row.reason["code"] == "credential_missing"


def test_an_approval_that_ends_forgets_who_gave_it(shared, people):
    row = approved(1, shared.tracker, people["approver"])[0]
    approvals_void(row.release_id, "Changed.")
    row.refresh_from_db()
    assert (row.status, row.approved_by) == ("draft", None)


def test_nobody_asks_who_approved_where_all_accounts_are_shared(shared):
    approved(30, shared.tracker)
    with CaptureQueriesContext(connection) as queries:
        assert len(due_lanes()) == 1
    # PostgreSQL is also asked for the time.
    asked = [q["sql"] for q in queries if "clock_timestamp" not in q["sql"]]
    assert len(asked) == 3
    assert not [sql for sql in asked if "approved_by" in sql]


def test_two_paused_accounts_of_one_label_are_two_troubles(shared, people):
    for who in ("approver", "preparer"):
        account = factories.CredentialFactory(
            tracker=shared.tracker, owner=people[who], label="mine"
        )
        credential_pause(account, "Refused.")
    troubles_watch()
    troubles_watch()
    assert len(troubles_now()) == 2
