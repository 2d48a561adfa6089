"""What a person may do with an upload."""

import pytest

from releases.models import Release
from tests.driving import drive
from uploads.errors import UploadError
from uploads.models import Upload
from uploads.services.approval import release_approve
from uploads.services.drafting import drafts_make
from uploads.services.queueing import (
    upload_cancel,
    upload_prioritise,
    upload_retry,
)
from uploads.states import QUESTIONS, UploadStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(approved, sandbox, upload):
    """RED refused, OPS took it."""
    sandbox.fail("red", "upload", "refuse")
    drive()
    return upload("red")


def test_a_retry_is_recorded_with_who_pressed_it(refused, people, upload, sandbox):
    actor = people["approver"]
    upload_retry(upload_id=refused.pk, actor_id=actor.pk)
    again = upload("red")
    assert again.status == UploadStatus.PENDING
    assert (again.tries, again.looks, again.finished_at) == (0, 0, None)
    assert again.events.last().actor == actor
    drive()
    assert upload("red").status == UploadStatus.SUCCESS
    assert [a.number for a in upload("red").attempts.all()] == [1, 2]


@pytest.mark.parametrize("status", ["draft", "pending", "uploading", "unknown"])
def test_only_a_failed_upload_can_be_retried(status, refused):
    Upload.objects.filter(pk=refused.pk).update(status=status)
    with pytest.raises(UploadError, match=f"is {status}; only a failed one") as no:
        upload_retry(upload_id=refused.pk)
    assert no.value.code == "upload_not_failed"


@pytest.mark.parametrize("code", sorted(QUESTIONS))
def test_a_question_is_answered_and_not_retried(code, refused, upload):
    Upload.objects.filter(pk=refused.pk).update(reason={"code": code})
    with pytest.raises(UploadError, match="Nobody knows whether Redacted has") as no:
        upload_retry(upload_id=refused.pk)
    assert no.value.code == "upload_question"
    assert upload("red").status == UploadStatus.FAILED


def test_what_was_never_approved_cannot_be_retried(refused):
    Upload.objects.filter(pk=refused.pk).update(approved_digest="")
    with pytest.raises(UploadError, match="was never approved") as no:
        upload_retry(upload_id=refused.pk)
    assert no.value.code == "not_as_approved"


@pytest.mark.parametrize("status", ["draft", "pending", "failed"])
def test_what_is_not_being_sent_can_be_cancelled(status, refused, upload, people):
    Upload.objects.filter(pk=refused.pk).update(status=status)
    upload_cancel(upload_id=refused.pk, actor_id=people["admin"].pk)
    gone = upload("red")
    assert gone.status == UploadStatus.CANCELLED
    assert gone.events.last().actor == people["admin"]


@pytest.mark.parametrize("status", ["uploading", "unknown", "success", "cancelled"])
def test_what_was_sent_cannot_be_cancelled(status, refused):
    Upload.objects.filter(pk=refused.pk).update(status=status)
    with pytest.raises(UploadError, match=f"is {status} and cannot be cancelled"):
        upload_cancel(upload_id=refused.pk)


def test_a_release_is_published_when_the_last_open_upload_is_given_up(refused):
    assert Release.objects.get().state == "approved"
    upload_cancel(upload_id=refused.pk)
    assert Release.objects.get().state == "published"


def test_giving_up_everything_publishes_nothing(ready):
    for pk in Upload.objects.values_list("pk", flat=True):
        upload_cancel(upload_id=pk)
    assert Release.objects.get().state == "ready"


def test_after_a_cancel_a_new_upload_can_be_made(refused, ready, upload, sandbox):
    upload_cancel(upload_id=refused.pk)
    drafts_make(ready.pk)
    release_approve(release_id=ready.pk, actor_id=None)
    drive()
    assert len(sandbox.uploads("red")) == 1
    assert set(Upload.objects.values_list("status", flat=True)) == {
        "cancelled",
        "success",
    }


@pytest.mark.parametrize("priority", [-100, 0, 100])
def test_a_priority_can_be_set(priority, refused, upload):
    upload_prioritise(upload_id=refused.pk, priority=priority)
    assert upload("red").priority == priority


@pytest.mark.parametrize("priority", [-101, 101])
def test_a_priority_out_of_bounds_is_refused(priority, refused):
    with pytest.raises(UploadError, match="between -100 and 100"):
        upload_prioritise(upload_id=refused.pk, priority=priority)
