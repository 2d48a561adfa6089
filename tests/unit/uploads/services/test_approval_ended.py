"""An approval that ends while its upload is under way lets nothing more be sent."""

import pytest

from releases.services.lifecycle import release_reopen
from tests.driving import claim, drive, work
from tests.interrupting import calling
from uploads.models import Approval, Upload
from uploads.services.approval import release_approve
from uploads.services.drafting import drafts_renew
from uploads.services.running import upload_run, uploads_work
from uploads.services.settling import upload_settle
from uploads.states import UploadStatus

pytestmark = pytest.mark.django_db


def reopen(release):
    release_reopen(release_id=release.pk, actor_id=None)
    drafts_renew(release.pk)  # what the queued task does


def sends(sandbox, site):
    return len(sandbox.requests(site, "upload"))


def waits_for_approval(upload):
    assert upload.status == UploadStatus.DRAFT
    assert (upload.approved_digest, upload.approved_at) == ("", None)
    assert upload.reason["code"] == "approval_void"
    assert not upload.attempts.filter(outcome="").exists()


def test_what_was_lost_is_not_sent_again_by_another_trackers_approval(
    ready, upload, sandbox
):
    release_approve(release_id=ready.pk, actor_id=None, upload_ids=[upload("red").pk])
    sandbox.fail("red", "upload", "server-error", times=1)
    uploads_work()
    assert upload("red").status == UploadStatus.UNKNOWN
    reopen(ready)
    release_approve(release_id=ready.pk, actor_id=None, upload_ids=[upload("ops").pk])
    drive()
    assert sends(sandbox, "red") == 1
    waits_for_approval(upload("red"))
    assert upload("ops").status == UploadStatus.SUCCESS
    release_approve(release_id=ready.pk, actor_id=None)
    drive()
    assert len(sandbox.uploads("red")) == 1


def test_what_was_lost_and_is_there_succeeds_without_its_approval(
    approved, upload, sandbox
):
    sandbox.fail("red", "upload", "drop-after", times=1)
    uploads_work()
    reopen(approved)
    drive()
    assert upload("red").status == UploadStatus.SUCCESS


def test_a_claim_older_than_the_end_of_its_approval_sends_nothing(
    approved, upload, sandbox
):
    claimed = claim()
    site = claimed.tracker.slug
    reopen(approved)
    upload_run(claimed)
    assert sends(sandbox, site) == 0
    waits_for_approval(upload(site))


def test_the_end_between_the_last_check_and_the_request_sends_nothing(
    approved, upload, sandbox
):
    claimed = claim()
    site = claimed.tracker.slug
    with calling(
        lambda: reopen(approved), "return", "uploads.services.readiness.upload_ready"
    ):
        upload_run(claimed)
    assert sends(sandbox, site) == 0
    waits_for_approval(upload(site))
    attempt = upload(site).attempts.get()
    assert (attempt.outcome, attempt.sending_at) == ("changed", None)
    assert attempt.decision == "Nothing was sent."
    assert "changed after its approval" in attempt.message
    assert not Approval.objects.filter(void_at=None).exists()


@pytest.mark.parametrize("site", ["red", "ops"])
def test_a_refusal_after_the_end_waits_for_a_new_approval(site, ready, upload, sandbox):
    """Failed it could not be approved, and a retry would send what nobody wants."""
    release_approve(release_id=ready.pk, actor_id=None, upload_ids=[upload(site).pk])
    sandbox.fail(site, "upload", "refuse", times=1)
    with calling(lambda: reopen(ready), "return", "trackers.adapters.http.send_upload"):
        upload_run(claim())
    assert upload(site).status == UploadStatus.FAILED
    work()
    waits_for_approval(upload(site))


def test_an_answer_that_cannot_be_found_waits_for_a_new_approval(
    approved, upload, sandbox, settings
):
    settings.TRACKER_PATIENCE_SECONDS = 3600
    sandbox.fail("red", "upload", "server-error", times=1)
    uploads_work()
    sandbox.fail("red", "torrent", "server-error", times=None)
    reopen(approved)
    for _ in range(12):
        Upload.objects.filter(status="unknown").update(not_before=None)
        upload_settle(upload("red").pk)
    assert upload("red").status == UploadStatus.FAILED
    work()
    waits_for_approval(upload("red"))
