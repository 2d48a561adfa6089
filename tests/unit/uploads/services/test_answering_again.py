"""A person says that it is not there: it is sent again, and never twice."""

import pytest

from tests.driving import drive, drive_until, work
from tests.unit.uploads.services.answers import ask
from uploads.errors import UploadError
from uploads.models import Upload
from uploads.services.answering import upload_send_again
from uploads.states import UploadStatus

pytestmark = pytest.mark.django_db


def test_what_is_not_there_is_sent_again(approved, people, sandbox, upload):
    question = ask(sandbox, upload, "red", "drop-before")
    upload_send_again(upload_id=question.pk, actor_id=people["approver"].pk)
    waiting = upload("red")
    assert (waiting.status, waiting.tries) == (UploadStatus.PENDING, 0)
    assert waiting.events.last().actor == people["approver"]
    work()
    assert "a person did not find it" in upload("red").reason["message"]
    drive()
    assert upload("red").status == UploadStatus.SUCCESS
    assert upload("red").said_absent is False
    assert len(sandbox.uploads("red")) == 1
    assert len(sandbox.requests("red", "upload")) == 2


def test_a_site_that_has_it_after_all_is_believed(asked, sandbox, upload):
    upload_send_again(upload_id=asked.pk)
    drive()
    assert upload("red").status == UploadStatus.SUCCESS
    assert len(sandbox.requests("red", "upload")) == 1


def test_a_wrong_word_about_a_silent_site_ends_linked(asked, sandbox, upload):
    sandbox.fail("red", "torrent", "server-error", times=0)
    sandbox.fail("red", "browse", "server-error", times=0)
    upload_send_again(upload_id=asked.pk)
    drive()
    (stored,) = sandbox.uploads("red")
    found = upload("red")
    assert (found.status, found.remote_id) == ("success", str(stored["id"]))
    assert found.attempts.last().outcome == "duplicate"


def test_a_word_counts_for_what_was_sent_before_it_only(
    asked, sandbox, upload, settings
):
    settings.TRACKER_PATIENCE_SECONDS = 3600
    sandbox.fail("red", "torrent", "server-error", times=0)
    sandbox.fail("red", "upload", "drop-before")
    upload_send_again(upload_id=asked.pk)
    drive_until(lambda: upload("red").attempts.count() == 2)
    assert upload("red").said_absent is False
    drive()
    assert upload("red").reason["code"] == "outcome_unsettled", "asked anew"


def test_only_a_question_is_sent_again_like_this(approved, upload):
    with pytest.raises(UploadError, match="is no question") as no:
        upload_send_again(upload_id=upload("red").pk)
    assert no.value.code == "upload_no_question"


def test_what_was_never_approved_is_not_sent_again(asked):
    Upload.objects.filter(pk=asked.pk).update(approved_digest="")
    with pytest.raises(UploadError, match="was never approved"):
        upload_send_again(upload_id=asked.pk)
