"""A new version of a template asks for approval again, and says so."""

import pytest
from django.utils import timezone

from releases.models import Release
from tests.driving import drive
from trackers.models import Template, TemplateChoice, Tracker
from trackers.services.templates import template_save, version_fields
from uploads.models import Upload
from uploads.services.approval import release_approve
from uploads.services.drafting import drafts_renew
from uploads.services.recovery import _nudges, uploads_sweep
from uploads.services.running import uploads_work
from uploads.states import UploadStatus

pytestmark = pytest.mark.django_db


def template_anew(**changes):
    """A new version of RED's template."""
    template = Template.objects.get(slug="audiobook-red")
    assert template.current
    fields = version_fields(template.current)
    return template_save(template, fields={**fields, **changes})


def sweep():
    """What a worker does between two sends."""
    uploads_sweep()
    for pk in asked_to_render():
        drafts_renew(pk)


def asked_to_render():
    tasks = _nudges(timezone.now())
    return [pk for task, _, pk in tasks if task == "uploads.tasks.draft_release"]


def test_drafts_are_rendered_again_by_themselves(ready, upload):
    newest = template_anew(release_description="Made anew.")
    sweep()
    assert upload("red").template_version == newest
    assert "Made anew." in str(upload("red").payload["form"])
    assert asked_to_render() == [], "once is enough"


def test_what_waits_asks_for_approval_again_and_says_what_changed(
    approved, upload, sandbox
):
    newest = template_anew(release_description="Made anew.")
    sweep()
    red = upload("red")
    assert red.status == UploadStatus.DRAFT
    why = f"{newest} replaced v{newest.number - 1}; it needs approval again."
    assert red.reason == {"code": "approval_void", "message": why}
    assert red.events.latest("pk").reason == why
    assert upload("ops").status == UploadStatus.PENDING, "another template"
    drive()
    assert sandbox.requests("red") == []
    release_approve(release_id=approved.pk, actor_id=None)
    drive()
    assert "Made anew." in str(sandbox.uploads("red")[0]["form"])
    assert Release.objects.get().state == "published"


def test_a_version_saved_just_before_sending_sends_nothing(approved, upload, sandbox):
    template_anew(release_description="Made anew.")
    uploads_work()
    assert upload("red").status == UploadStatus.DRAFT
    assert "replaced v1" in upload("red").reason["message"]
    assert sandbox.requests("red") == []
    assert upload("ops").status == UploadStatus.SUCCESS


@pytest.mark.parametrize("is_swept", [True, False])
def test_a_version_that_reads_the_same_is_sent_as_approved(
    is_swept, approved, upload, sandbox
):
    before = upload("red")
    assert before.template_version
    title = version_fields(before.template_version)["title"]
    newest = template_anew(title=title + "{{ '' }}")
    if is_swept:
        sweep()
        assert upload("red").status == UploadStatus.PENDING
    uploads_work()
    red = upload("red")
    assert red.status == UploadStatus.SUCCESS
    assert red.approved_digest == before.digest
    assert red.template_version == red.attempts.get().template_version == newest


def test_what_failed_is_a_draft_again(approved, upload, sandbox):
    sandbox.fail("red", "upload", "refuse")
    drive()
    template_anew(release_description="Made anew.")
    sweep()
    assert upload("red").status == UploadStatus.DRAFT
    assert upload("red").finished_at is None


def test_another_template_for_the_tracker_counts_as_well(approved, upload):
    old = upload("red").template_version
    assert old
    other = Template.objects.create(slug="short", name="Short", family="gazelle")
    fields = {**version_fields(old), "release_description": "Short."}
    new = template_save(other, fields=fields)
    choice = TemplateChoice.objects.get(tracker__slug="red", kind="audiobook")
    choice.template = other
    choice.save()
    sweep()
    assert upload("red").reason["message"] == (
        f"{new} replaced {old}; it needs approval again."
    )


@pytest.mark.parametrize("status", ["uploading", "unknown", "success", "cancelled"])
def test_what_is_on_its_way_or_over_is_left_alone(status, approved, upload):
    Upload.objects.update(status=status, claimed_by="somebody")
    template_anew(release_description="Made anew.")
    assert asked_to_render() == []


def test_a_draft_that_cannot_be_made_is_not_tried_for_ever(approved, upload):
    Tracker.objects.filter(slug="red").update(family="gone")
    template_anew(release_description="Made anew.")
    sweep()
    assert upload("red").status == UploadStatus.DRAFT
    assert upload("red").problems
    assert asked_to_render() == []
