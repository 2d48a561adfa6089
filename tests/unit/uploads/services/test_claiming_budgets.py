"""Budgets: no account is asked more often than its tracker allows."""

import base64

import pytest
from django.db import connection
from django.utils import timezone

from tests.driving import drive, pass_time, work
from tests.factories import UploadFactory
from tests.unit.uploads.services.claims import in_threads, limit
from trackers.models import Credential, RequestBudget, Tracker
from trackers.services.budgets import BudgetSpent, budget_block, budget_take
from trackers.types import Action
from uploads.models import Upload, UploadEvent
from uploads.services.claiming import _take, claim_next
from uploads.services.lanes import Lane
from uploads.states import UploadStatus

pytestmark = pytest.mark.django_db


def test_a_budget_lets_so_many_through_and_says_when_the_next(queue):
    limit("red", 2, 10)
    queue(5)
    assert claim_next()
    assert claim_next()
    assert claim_next() is None
    waiting = Upload.objects.filter(status="pending")
    assert {row.reason["code"] for row in waiting} == {"budget"}
    assert len({row.not_before for row in waiting}) == 1
    assert not UploadEvent.objects.filter(upload__in=waiting).exists(), "no noise"
    pass_time(9)
    assert claim_next() is None
    pass_time(1.2)
    assert claim_next()
    assert claim_next()
    assert claim_next() is None


def test_one_trackers_budget_holds_no_other_back(approved, sandbox):
    limit("red", 1, 60)
    budget_take(Credential.objects.get(tracker__slug="red"), Action.UPLOAD)
    work()
    assert len(sandbox.uploads("ops")) == 1
    assert sandbox.requests("red") == []
    drive()
    assert len(sandbox.uploads("red")) == 1


def test_a_blocked_account_is_not_used_before_its_time(quick_desk):
    account = Credential.objects.get(tracker__slug="red")
    budget_block(account, 30)
    budget_block(account, 5)
    assert 25 < budget_take(account, Action.UPLOAD) <= 30
    pass_time(31)
    assert budget_take(account, Action.UPLOAD) == 0


@pytest.mark.parametrize("requests", [1, 3])
def test_a_look_goes_on_from_where_its_budget_ended(
    requests, approved, upload, sandbox
):
    """RED's look takes five questions. Nobody sleeps over it, and none is repeated."""
    limit("red", requests, 100)
    sandbox.fail("red", "upload", "drop-before")
    work()
    for _ in range(0, 5 - requests, requests):
        pass_time(101)
        work()
        waiting = upload("red")
        assert waiting.looks == 0
        assert waiting.claimed_by == "", "no claim while it waits"
        assert waiting.look_answers is not None
        assert not waiting.events.filter(old="unknown").exists(), "no look yet"
    pass_time(101)
    work()
    assert upload("red").looks == 1
    assert upload("red").look_answers is None
    asked = [request["action"] for request in sandbox.requests("red")][1:]
    assert asked == ["torrent", "browse", "browse", "index", "user_torrents"]


def test_what_a_look_was_told_is_kept_as_a_secret(approved, upload, sandbox):
    limit("red", 4, 100)
    sandbox.fail("red", "upload", "drop-before")
    work()
    pass_time(101)
    work()
    with connection.cursor() as cursor:
        cursor.execute("SELECT look_answers FROM uploads_upload")
        stored = " ".join(str(value) for (value,) in cursor.fetchall())
    told = upload("red").look_answers["answers"][-1]["body"]
    assert sandbox.passkey("red") in base64.b64decode(told).decode()
    assert sandbox.passkey("red") not in stored
    assert told not in stored


def test_a_look_without_budget_is_no_look(approved, upload, sandbox):
    sandbox.fail("red", "upload", "drop-after")
    work()
    limit("red", 1, 100)
    for _ in range(15):
        pass_time(5)
        budget_block(Credential.objects.get(tracker__slug="red"), 60)
        Upload.objects.update(not_before=None)
        work()
    red = upload("red")
    assert red.status == UploadStatus.UNKNOWN
    assert not red.events.filter(old="unknown").exists()
    assert len(sandbox.requests("red")) == 1


@pytest.mark.django_db(transaction=True)
def test_a_budget_holds_to_the_request_in_parallel(prepared_rows, sandbox, tmp_path):
    prepared_rows.load(sandbox, tmp_path)
    limit("red", 7, 3600)
    account = Credential.objects.select_related("tracker").get(tracker__slug="red")

    def take():
        return sum(budget_take(account, Action.UPLOAD) == 0 for _ in range(5))

    granted = sum(in_threads(4, take))
    assert granted <= 7
    while granted < 7 and budget_take(account, Action.UPLOAD) == 0:
        granted += 1
    assert granted == 7
    assert budget_take(account, Action.UPLOAD) > 3000
    assert len(RequestBudget.objects.get().spent) == 7


@pytest.mark.django_db(transaction=True)
def test_who_finds_nothing_to_send_leaves_the_budget_alone(
    prepared_rows, sandbox, tmp_path
):
    """Several workers see the same due upload; one gets it."""
    red = prepared_rows.load(sandbox, tmp_path).trackers["red"]
    Upload.objects.all().delete()
    Tracker.objects.update(concurrency=10)
    for _ in range(2):
        UploadFactory(tracker=red, status="pending", approved_at=timezone.now())
    connection.close()
    taken = [one for one in in_threads(6, claim_next) if one is not None]
    assert len(taken) == 2
    assert len(RequestBudget.objects.get(credential__tracker=red).spent) == 2


def test_an_account_with_nothing_due_keeps_its_budget(quick_desk):
    account = Credential.objects.select_related("tracker").get(tracker__slug="red")
    lane = Lane(
        tracker_id=account.tracker_id,
        person_id=None,
        owners=frozenset(),
        credential=account,
    )
    assert _take(lane, account) is None
    assert RequestBudget.objects.get(credential=account).spent == []


@pytest.mark.parametrize(("ahead", "longest"), [(86_400, 0), (4, 10), (11, 0)])
def test_a_clock_that_was_ahead_holds_an_account_for_a_window_at_most(
    ahead, longest, quick_desk
):
    limit("red", 5, 10)
    account = Credential.objects.get(tracker__slug="red")
    spent = [timezone.now().timestamp() + ahead] * 5
    RequestBudget.objects.update_or_create(
        credential=account, defaults={"spent": spent}
    )
    assert budget_take(account, Action.UPLOAD) <= longest


def test_a_spent_budget_says_for_how_long():
    assert BudgetSpent(2.5).wait == 2.5
