"""What was approved is what is sent: everything else ends the approval."""

import os
from pathlib import Path

import pytest

from releases.models import Release
from releases.services.lifecycle import release_reopen
from releases.services.prepare import release_prepare
from releases.services.remerge import release_override
from releases.states import ReleaseState
from tests.driving import claim, drive, moves, work
from trackers.models import Template
from trackers.services.templates import template_save, version_fields
from uploads.errors import UploadError
from uploads.models import Approval, Upload
from uploads.services.approval import release_approve, release_reject
from uploads.services.drafting import drafts_make, drafts_renew
from uploads.services.running import upload_run, uploads_work
from uploads.states import UploadStatus

pytestmark = pytest.mark.django_db


def approve(release, **wishes):
    return release_approve(release_id=release.pk, actor_id=None, **wishes)


def edit(release, **changes):
    release_override(release_id=release.pk, changes=changes, actor_id=None)
    drafts_renew(release.pk)  # what the queued task does


def template_anew():
    """A new version of RED's template."""
    template = Template.objects.get(slug="audiobook-red")
    assert template.current
    fields = version_fields(template.current)
    return template_save(
        template, fields={**fields, "release_description": "Made anew."}
    )


def file_of(release):
    return next(Path(release.path).rglob("*.m4b"))


# --- Deciding ---------------------------------------------------------------------


def test_approval_freezes_the_digests_that_were_shown(ready, people, upload):
    actor = people["approver"]
    report = release_approve(release_id=ready.pk, actor_id=actor.pk, note="Fine.")
    assert sorted(str(row.tracker.slug) for row in report.approved) == ["ops", "red"]
    assert report.left_out == []
    decided = Approval.objects.get()
    assert (decided.actor, decided.note) == (actor, "Fine.")
    for site in ("red", "ops"):
        row = upload(site)
        assert decided.digests[str(row.pk)] == row.digest == row.approved_digest
        assert row.approved_at
        assert row.events.last().actor == actor
    ready.refresh_from_db()
    assert ready.state == ReleaseState.APPROVED


def test_one_tracker_can_be_approved_alone(ready, upload, sandbox):
    approve(ready, upload_ids=[upload("ops").pk])
    drive()
    assert upload("red").status == UploadStatus.DRAFT
    assert sandbox.requests("red") == []
    ready.refresh_from_db()
    assert ready.state == ReleaseState.APPROVED, "one draft is still open"
    approve(ready)
    drive()
    ready.refresh_from_db()
    assert ready.state == ReleaseState.PUBLISHED


def test_a_draft_that_was_not_shown_is_not_approved(ready, upload):
    shown = {upload("ops").pk: upload("ops").digest}
    report = approve(ready, digests=shown)
    assert [row.tracker.slug for row in report.approved] == ["ops"]
    assert upload("red").status == UploadStatus.DRAFT


def test_a_draft_that_changed_while_it_was_looked_at_is_left_out(ready, upload):
    shown = {upload("red").pk: "0" * 64, upload("ops").pk: upload("ops").digest}
    report = approve(ready, digests=shown)
    assert [row.tracker.slug for row in report.approved] == ["ops"]
    assert report.left_out == [
        "Redacted is left out: it was changed while you were looking. Look at it again "
        "and approve once more."
    ]
    assert upload("red").status == UploadStatus.DRAFT


def test_a_draft_older_than_the_release_is_left_out(ready):
    Release.objects.update(revision=9)
    with pytest.raises(UploadError, match="it is being rendered again") as refused:
        approve(ready)
    assert refused.value.code == "nothing_to_approve"


def test_a_draft_with_errors_is_left_out(ready, upload):
    error = {"field": "year", "code": "x", "message": "No.", "severity": "error"}
    Upload.objects.filter(tracker__slug="red").update(problems=[error])
    report = approve(ready)
    assert report.left_out == [
        "Redacted is left out: its problems must be solved first."
    ]


def test_files_that_changed_before_approval_are_prepared_again(ready, upload):
    os.utime(file_of(ready))
    with pytest.raises(UploadError, match="was changed after the release") as refused:
        approve(ready)
    assert refused.value.code == "release_changed"
    assert upload("red").status == UploadStatus.DRAFT


@pytest.mark.parametrize("state", ["new", "preparing", "failed", "rejected"])
def test_only_a_ready_release_can_be_approved(state, ready):
    Release.objects.update(state=state)
    with pytest.raises(UploadError, match=f"This release is {state}"):
        approve(ready)


def test_rejecting_is_recorded_and_can_be_taken_back(ready, people):
    actor = people["approver"].pk
    release_reject(release_id=ready.pk, actor_id=actor, note="Bad cover.")
    ready.refresh_from_db()
    assert ready.state == ReleaseState.REJECTED
    assert Approval.objects.get().decision == "rejected"
    with pytest.raises(UploadError, match="Only a ready release can be rejected"):
        release_reject(release_id=ready.pk, actor_id=actor)
    release_reopen(release_id=ready.pk, actor_id=actor)
    assert approve(ready).approved


def test_a_draft_that_nobody_approved_is_never_sent(ready, sandbox):
    for _ in range(3):
        work()
    assert sandbox.requests() == []


# --- What ends an approval --------------------------------------------------------


def test_an_edit_after_approval_ends_it_and_says_what_changed(
    approved, upload, sandbox
):
    edit(approved, title="Another Title")
    assert uploads_work() == 0
    assert sandbox.requests() == []
    red = upload("red")
    assert red.status == UploadStatus.DRAFT
    assert red.approved_digest == ""
    assert red.reason == {
        "code": "approval_void",
        "message": "Edited by hand: title.",
    }
    assert "Another Title" in red.payload["title"]
    ended = Approval.objects.get()
    assert ended.void_at
    assert ended.void_reason == "Edited by hand: title."
    approved.refresh_from_db()
    assert approved.state == ReleaseState.READY

    approve(approved)
    drive()
    assert "Another Title" in str(sandbox.uploads("red")[0]["form"])


def test_an_edit_ends_what_failed_as_well(approved, upload, sandbox):
    sandbox.fail("red", "upload", "refuse")
    drive()
    assert upload("red").status == UploadStatus.FAILED
    edit(approved, title="Another Title")
    assert upload("red").status == UploadStatus.DRAFT
    assert upload("ops").status == UploadStatus.SUCCESS, "sent is sent"
    approve(approved)
    drive()
    assert upload("red").status == UploadStatus.SUCCESS
    approved.refresh_from_db()
    assert approved.state == ReleaseState.PUBLISHED


def test_an_edit_while_it_is_sent_lets_nothing_follow(approved, upload, sandbox):
    """The request that is under way fails; a second one would need a new approval."""
    sandbox.fail("red", "upload", "forbidden")
    claimed = claim()
    while claimed.tracker.slug != "red":
        upload_run(claimed)
        claimed = claim()
    edit(approved, title="Another Title")
    upload_run(claimed)
    drive()
    red = upload("red")
    assert red.status == UploadStatus.DRAFT
    assert sandbox.uploads("red") == []
    assert "changed after its approval" in red.reason["message"]


def test_an_edit_between_claim_and_send_sends_nothing(approved, upload, sandbox):
    claimed = claim()
    site = claimed.tracker.slug
    edit(approved, title="Another Title")
    upload_run(claimed)
    assert sandbox.requests(site) == []
    assert upload(site).status == UploadStatus.DRAFT


@pytest.mark.parametrize("change", ["touched", "gone", "new"])
def test_files_that_changed_after_approval_send_nothing(
    change, approved, upload, sandbox
):
    file = file_of(approved)
    if change == "touched":
        os.utime(file)
    elif change == "gone":
        file.rename(file.with_suffix(".bak"))
    else:
        (file.parent / "extra.m4b").write_bytes(b"more")
    uploads_work()
    assert sandbox.requests() == []
    approved.refresh_from_db()
    assert approved.state == ReleaseState.READY
    for site in ("red", "ops"):
        assert upload(site).status == UploadStatus.DRAFT
    assert file.name in Approval.objects.get().void_reason or change != "touched"


def test_changed_files_are_prepared_and_approved_again(approved, upload, sandbox):
    before = upload("red").infohash
    file = file_of(approved)
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    uploads_work()
    assert release_prepare(approved.pk)
    assert upload("red").infohash != before
    assert upload("red").status == UploadStatus.DRAFT
    approve(approved)
    drive()
    assert sandbox.uploads("red")[0]["infohash"] == upload("red").infohash


def test_a_new_template_version_shows_in_the_next_draft(ready, upload):
    newest = template_anew()
    before = upload("red")
    drafts_make(ready.pk)
    after = upload("red")
    assert after.template_version == newest
    assert after.digest != before.digest
    assert "Made anew." in str(after.payload["form"])
    assert upload("ops").digest


def test_rendering_again_without_a_change_keeps_the_approval(approved, upload):
    digest = upload("red").approved_digest
    drafts_make(approved.pk)
    assert upload("red").status == UploadStatus.PENDING
    assert upload("red").approved_digest == digest
    assert moves(upload("red")) == ["draft", "pending"]


def test_rendering_something_else_asks_for_approval_again(approved, upload):
    template_anew()
    drafts_make(approved.pk)
    assert upload("red").status == UploadStatus.DRAFT
    assert "needs approval again" in upload("red").events.last().reason
    assert upload("ops").status == UploadStatus.PENDING
