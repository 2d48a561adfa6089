"""The way of an upload that meets nothing bad."""

import pytest

from tests.driving import moves, work
from tests.far_end import far_end, http_answer
from uploads.services.running import uploads_work
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


@pytest.mark.parametrize(
    ("answer", "head", "status"),
    [
        (b"\x89PNG\x00\x00", "413 Content Too Large", UploadStatus.FAILED),
        (
            b'{"status":"failure","error":"No \\u0000 such year."}',
            "200 OK",
            UploadStatus.FAILED,
        ),
        (b'{"status":"wh\\u0000t"}', "200 OK", UploadStatus.UNKNOWN),
        (
            b'{"status":"success","response":{"torrentid":7,"private":true,'
            b'"source":true,"warnings":["Look\\u0000 here"]}}',
            "200 OK",
            UploadStatus.SUCCESS,
        ),
    ],
)
def test_what_no_database_stores_may_stand_in_an_answer(
    answer, head, status, approved, upload, quick_desk
):
    def answers(connection, _request, _number):
        connection.sendall(http_answer(answer, head))

    with far_end(answers) as far:
        quick_desk.trackers["red"].base_url = far.url
        quick_desk.trackers["red"].save()
        uploads_work()
    sent = upload("red")
    assert sent.status == status
    attempt = sent.attempts.get()
    assert "\x00" not in "".join(
        map(str, [sent.reason["message"], *sent.reason.get("warnings", ())])
    )
    assert "\x00" not in f"{attempt.message}{attempt.answer}"
