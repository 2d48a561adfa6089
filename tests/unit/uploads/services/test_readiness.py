"""Right before sending, everything is compared with what was approved."""

import pytest

from tests.driving import drive
from uploads.models import Upload
from uploads.services.running import uploads_work
from uploads.states import UploadStatus

pytestmark = pytest.mark.django_db


def test_a_stored_payload_that_was_tampered_with_is_refused(approved, upload, sandbox):
    red = upload("red")
    red.payload["title"] = "Something else"
    red.save()
    uploads_work()
    red = upload("red")
    assert red.status == UploadStatus.FAILED
    assert red.reason["code"] == "not_as_approved"
    assert "does not match its approved digest" in red.reason["message"]
    assert sandbox.requests("red") == []
    assert upload("ops").status == UploadStatus.SUCCESS


def test_a_torrent_that_was_tampered_with_is_refused(approved, upload, sandbox):
    other = bytes(upload("ops").torrent_file)
    Upload.objects.filter(pk=upload("red").pk).update(torrent_file=other)
    uploads_work()
    assert upload("red").reason["code"] == "not_as_approved"
    assert sandbox.requests("red") == []


def test_a_digest_that_was_never_approved_is_refused(approved, upload, sandbox):
    Upload.objects.filter(pk=upload("red").pk).update(approved_digest="0" * 64)
    uploads_work()
    assert upload("red").status == UploadStatus.FAILED
    assert upload("red").reason["code"] == "not_as_approved"
    assert sandbox.requests("red") == []


def test_another_form_than_approved_is_refused(approved, upload, sandbox):
    """A later version of Herald might write other fields for the same payload."""
    from uploads.payloads import payload_digest

    red = upload("red")
    red.payload["form"] = red.payload["form"][1:]
    red.digest = payload_digest(red.payload, bytes(red.torrent_file))
    red.approved_digest = red.digest
    red.save()
    uploads_work()
    assert "would send other form fields" in upload("red").reason["message"]
    assert sandbox.requests("red") == []


def test_another_source_flag_after_approval_sends_nothing_else(
    approved, upload, sandbox, quick_desk
):
    tracker = quick_desk.trackers["red"]
    tracker.source_flag = "OTHER"
    tracker.save()
    drive()
    red = upload("red")
    assert red.status == UploadStatus.FAILED
    assert red.reason["code"] == "unsupported"
    assert "source flag is 'RED'" in red.reason["message"]
    assert sandbox.requests("red") == []
    assert upload("ops").status == UploadStatus.SUCCESS
