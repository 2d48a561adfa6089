"""Who sends what, in which order, and as whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.driving import claim, drive, pass_time, work
from tests.factories import CredentialFactory, UploadFactory
from tests.publishing import SITES
from tests.unit.uploads.services.claims import in_threads, limit
from trackers.models import Credential, Tracker
from uploads.models import Upload, UploadAttempt, UploadEvent
from uploads.services.approval import release_approve
from uploads.services.claiming import claim_next, upload_claim
from uploads.services.queueing import upload_prioritise
from uploads.services.running import uploads_work
from uploads.states import UploadStatus

pytestmark = pytest.mark.django_db


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
