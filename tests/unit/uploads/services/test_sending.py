"""The way of an upload that meets nothing bad."""

import pytest

from tests.driving import moves, work
from uploads.states import Outcome, UploadStatus

pytestmark = pytest.mark.django_db
SITES = ("red", "ops")


@pytest.mark.parametrize("site", SITES)
def test_an_approved_upload_is_stored_once_as_approved(site, approved, upload, sandbox):
    payload = upload(site).payload
    work()
    (stored,) = sandbox.uploads(site)
    sent = upload(site)
    assert stored["form"] == payload["form"]
    assert stored["infohash"] == sent.infohash == sent.site_infohash
    assert str(stored["id"]) == sent.remote_id
    assert sent.remote_id in sent.remote_url
    assert sent.status == UploadStatus.SUCCESS
    assert sent.finished_at
    assert (sent.claimed_by, sent.claimed_at) == ("", None)
    assert sent.credential.label == "rehearsal"
    assert moves(sent) == ["draft", "pending", "uploading", "success"]


def test_the_attempt_says_what_happened_and_when(approved, upload):
    work()
    (attempt,) = upload("red").attempts.all()
    assert attempt.number == 1
    assert attempt.outcome == Outcome.SUCCESS
    assert attempt.phase == "answered"
    assert attempt.http_status == 200
    assert attempt.template_version == upload("red").template_version
    assert attempt.credential == upload("red").credential
    assert attempt.decision == "Done; next comes the proof of seeding."
    times = [
        attempt.started_at,
        attempt.sending_at,
        attempt.answered_at,
        attempt.finished_at,
    ]
    assert times == sorted(times)
