"""Who sends what, in which order, and how often."""

import base64
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.driving import claim, drive, pass_time, work
from tests.factories import CredentialFactory, UploadFactory
from tests.publishing import SITES
from trackers.models import Credential, RequestBudget, Tracker
from trackers.services.budgets import BudgetSpent, budget_block, budget_take
from trackers.types import Action
from uploads.models import Upload, UploadAttempt, UploadEvent
from uploads.services.approval import release_approve
from uploads.services.claiming import _take, claim_next, upload_claim
from uploads.services.lanes import Lane
from uploads.services.queueing import upload_prioritise
from uploads.services.running import uploads_work
from uploads.states import UploadStatus

pytestmark = pytest.mark.django_db


def in_threads(count, action):
    """Run `action` in so many threads at the same moment; gives what each returned."""
    gate, results = threading.Barrier(count), []

    def run():
        try:
            gate.wait()
            results.append(action())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == count, "a thread failed"
    return results


def limit(site, requests, seconds):
    Tracker.objects.filter(slug=site).update(
        budget_requests=requests, budget_seconds=seconds
    )


@pytest.fixture
def queue(quick_desk, approved):
    """Add due uploads to RED that nobody will send; gives their ids, oldest first."""

    def add(count, **values):
        return [
            UploadFactory(
                tracker=quick_desk.trackers["red"],
                status="pending",
                approved_at=approved.created_at,
                **values,
            ).pk
            for _ in range(count)
        ]

    Upload.objects.all().delete()
    return add


# --- Order ------------------------------------------------------------------------


def test_the_most_urgent_goes_first_then_the_oldest(queue):
    first, second, urgent = queue(3)
    upload_prioritise(upload_id=urgent, priority=5)
    assert [claim().pk for _ in range(3)] == [urgent, first, second]
    assert claim_next() is None


def test_an_urgent_one_of_another_tracker_does_not_wait_behind(queue, quick_desk):
    queue(2)
    other = UploadFactory(
        tracker=quick_desk.trackers["ops"], status="pending", priority=9
    )
    assert claim().pk == other.pk


def test_what_is_not_due_yet_is_not_taken(queue, approved):
    queue(1, not_before=timezone.now() + timedelta(hours=1))
    assert claim_next() is None
    pass_time(3601)
    assert claim_next()


def test_only_one_of_two_claims_succeeds(queue, quick_desk):
    (pk,) = queue(1)
    account = Credential.objects.get(tracker__slug="red")
    assert upload_claim(pk, account)
    assert not upload_claim(pk, account)
    assert UploadEvent.objects.filter(upload_id=pk, new="uploading").count() == 1


@pytest.mark.django_db(transaction=True)
def test_workers_in_parallel_take_each_upload_once(prepared_rows, sandbox, tmp_path):
    desk = prepared_rows.load(sandbox, tmp_path)
    Upload.objects.all().delete()
    limit("red", 1000, 1)
    Tracker.objects.update(concurrency=100)
    for _ in range(10):
        UploadFactory(tracker=desk.trackers["red"], status="pending")

    def take():
        taken: list[int] = []
        while True:
            upload = claim_next()
            if upload is None:
                # A slot of the budget may have been contended, that holds for a moment.
                if not Upload.objects.filter(status="pending").exists():
                    return taken
                Upload.objects.filter(status="pending").update(not_before=None)
                continue
            taken.append(upload.pk)

    taken = [pk for share in in_threads(4, take) for pk in share]
    assert sorted(taken) == sorted(Upload.objects.values_list("pk", flat=True))
    assert UploadEvent.objects.filter(new="uploading").count() == 10


@pytest.mark.django_db(transaction=True)
def test_workers_in_parallel_send_each_upload_once(prepared_rows, sandbox, tmp_path):
    desk = prepared_rows.load(sandbox, tmp_path)
    sandbox.options(limits=False)
    release_approve(release_id=desk.library.releases.get().pk, actor_id=None)
    in_threads(4, uploads_work)
    drive()
    for site in SITES:
        assert len(sandbox.requests(site, "upload")) == 1
        assert len(sandbox.uploads(site)) == 1
    assert UploadAttempt.objects.count() == 2


# --- Budgets ----------------------------------------------------------------------


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


# --- Accounts ---------------------------------------------------------------------


def test_the_account_with_the_lowest_number_is_used(approved, upload, quick_desk):
    CredentialFactory(tracker=quick_desk.trackers["red"], priority=20)
    best = Credential.objects.get(label="rehearsal", tracker__slug="red")
    work()
    assert upload("red").credential == best


def test_an_upload_waits_for_an_account_and_goes_on_by_itself(
    approved, upload, sandbox
):
    account = Credential.objects.filter(tracker__slug="red")
    account.update(is_active=False)
    for _ in range(3):
        work()
    waiting = upload("red")
    assert waiting.status == UploadStatus.PENDING
    assert waiting.reason["message"] == (
        "Redacted has no usable credential. Add one or switch one on; it goes on by "
        "itself."
    )
    assert upload("ops").status == UploadStatus.SUCCESS
    account.update(is_active=True)
    work()
    work()
    assert upload("red").status == UploadStatus.SUCCESS


def test_an_upload_waits_for_a_tracker_that_is_switched_off(approved, upload, sandbox):
    Tracker.objects.filter(slug="red").update(is_active=False)
    for _ in range(3):
        work()
    assert upload("red").reason["code"] == "tracker_inactive"
    assert sandbox.requests("red") == []
    Tracker.objects.filter(slug="red").update(is_active=True)
    work()
    work()
    assert upload("red").status == UploadStatus.SUCCESS
