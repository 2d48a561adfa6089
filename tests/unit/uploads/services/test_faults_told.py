"""What a tracker says in so many words: refusals, limits, and that it is closed."""

import pytest

from releases.models import Release
from tests.driving import drive, pass_time, work
from tests.publishing import SITES
from tests.unit.uploads.services.ends import in_the_end_one, other
from trackers.models import Credential, RequestBudget
from trackers.services.credentials import credential_resume
from uploads.services.queueing import upload_retry
from uploads.states import UploadStatus

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("site", SITES)
def test_a_refusal_waits_for_a_person_with_the_sites_own_words(
    site, approved, upload, sandbox
):
    sandbox.fail(site, "upload", "refuse", message="The year must be a number")
    drive()
    refused = upload(site)
    assert refused.status == UploadStatus.FAILED
    assert refused.reason["code"] == "rejected"
    assert "The year must be a number" in refused.reason["message"]
    assert refused.reason["remedy"].startswith("Correct what the site names")
    assert refused.finished_at
    assert sandbox.uploads(site) == []
    assert len(sandbox.requests(site, "upload")) == 1
    in_the_end_one(sandbox, upload, other(site))
    assert Release.objects.get().state == "approved"

    upload_retry(upload_id=refused.pk)
    drive()
    in_the_end_one(sandbox, upload, site)
    assert Release.objects.get().state == "published"


@pytest.mark.parametrize("site", SITES)
def test_a_page_that_forbids_is_tried_again_later(site, approved, upload, sandbox):
    sandbox.fail(site, "upload", "forbidden", times=2)
    work()
    waiting = upload(site)
    assert waiting.status == UploadStatus.PENDING
    assert (waiting.tries, waiting.misses) == (0, 1)
    assert "Nothing was stored" in waiting.reason["message"]
    work()
    assert len(sandbox.requests(site, "upload")) == 1, "not before its time"
    drive()
    in_the_end_one(sandbox, upload, site)
    assert [a.outcome for a in upload(site).attempts.all()] == [
        "unavailable",
        "unavailable",
        "success",
    ]


@pytest.mark.parametrize("site", SITES)
def test_a_tracker_that_never_opens_is_given_up(
    site, approved, upload, sandbox, settings
):
    settings.TRACKER_PATIENCE_SECONDS = 3600
    sandbox.fail(site, "upload", "forbidden", times=0)
    drive()
    failed = upload(site)
    assert failed.status == UploadStatus.FAILED
    assert failed.reason["message"].startswith("Not reachable in 10 tries")
    assert failed.attempts.count() == 10
    assert sandbox.uploads(site) == []


def test_a_tracker_that_is_down_is_tried_again(approved, upload, sandbox, quick_desk):
    tracker = quick_desk.trackers["red"]
    good, tracker.base_url = tracker.base_url, "http://127.0.0.1:9/red"
    tracker.save()
    work()
    assert upload("red").status == UploadStatus.PENDING
    assert upload("red").attempts.get().outcome == "unavailable"
    assert upload("ops").status == UploadStatus.SUCCESS
    tracker.base_url = good
    tracker.save()
    drive()
    in_the_end_one(sandbox, upload, "red")


@pytest.mark.parametrize("site", SITES)
def test_a_refused_key_pauses_its_credential_and_nothing_else(
    site, approved, upload, sandbox
):
    sandbox.fail(site, "upload", "bad-key")
    drive()
    failed = upload(site)
    assert failed.status == UploadStatus.FAILED
    assert failed.reason["code"] == "auth"
    assert "The credential is paused" in failed.reason["remedy"]
    paused = Credential.objects.get(tracker__slug=site)
    assert paused.paused_at
    assert paused.paused_reason
    assert Credential.objects.get(tracker__slug=other(site)).paused_at is None
    in_the_end_one(sandbox, upload, other(site))

    upload_retry(upload_id=failed.pk)
    for _ in range(3):
        work()
    waiting = upload(site)
    assert waiting.status == UploadStatus.PENDING
    assert waiting.reason["code"] == "credential_missing"
    assert len(sandbox.requests(site, "upload")) == 1
    credential_resume(paused)
    work()  # its sweep sees that there is an account again
    work()
    in_the_end_one(sandbox, upload, site)


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("fault", ["rate-limit", "429"])
def test_a_rate_limit_blocks_the_account_and_is_no_try(
    fault, site, approved, upload, sandbox
):
    sandbox.fail(site, "upload", fault, seconds=90)
    work()
    waiting = upload(site)
    assert waiting.status == UploadStatus.PENDING
    assert waiting.tries == 0
    assert waiting.attempts.get().outcome == "rate_limited"
    budget = RequestBudget.objects.get(credential__tracker__slug=site)
    assert budget.blocked_until
    assert upload(other(site)).status == UploadStatus.SUCCESS
    work()
    pass_time(5)
    work()
    assert len(sandbox.requests(site, "upload")) == 1, "not before the site allows it"
    drive()
    in_the_end_one(sandbox, upload, site)
    assert upload(site).tries == 0


def test_a_site_may_ask_to_wait_for_hours(approved, upload, sandbox):
    sandbox.fail("red", "upload", "429", seconds=4 * 3600)
    work()
    pass_time(3 * 3600)
    work()
    assert len(sandbox.requests("red", "upload")) == 1
    pass_time(3601)
    work()
    in_the_end_one(sandbox, upload, "red")
