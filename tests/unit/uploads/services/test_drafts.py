"""Drafts: one per tracker, and one tracker's trouble is never another's."""

import pytest

from releases.models import Release
from releases.services.remerge import release_merge
from tests.driving import drive, work
from tests.factories import TrackerFactory
from tests.interrupting import calling, raising
from trackers.models import Credential, TemplateChoice, Tracker
from uploads.models import Upload
from uploads.services.approval import release_approve
from uploads.services.drafting import drafts_make, drafts_renew
from uploads.services.recovery import uploads_sweep
from uploads.states import UploadStatus

pytestmark = pytest.mark.django_db


def problems(upload):
    severities = [problem["severity"] for problem in upload.problems]
    counts = (upload.errors, upload.warnings)
    assert counts == (severities.count("error"), severities.count("warning"))
    return [problem["code"] for problem in upload.problems]


def test_drafts_say_exactly_what_would_be_sent(ready, upload):
    for site in ("red", "ops"):
        draft = upload(site)
        assert draft.status == UploadStatus.DRAFT
        assert draft.payload["form"]
        assert draft.infohash
        assert len(draft.digest) == 64
        assert draft.template_version
        assert draft.release_revision == ready.revision
        assert not draft.has_errors
        assert problems(draft) == []
    assert upload("red").infohash != upload("ops").infohash


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"options": {}}, "tracker_config"),
        ({"family": "unheard_of"}, "tracker_config"),
    ],
)
def test_a_tracker_set_up_wrongly_spoils_only_its_own_draft(
    change, code, ready, upload
):
    Tracker.objects.filter(slug="red").update(**change)
    drafts_make(ready.pk)
    assert problems(upload("red")) == [code]
    assert upload("red").has_errors
    assert upload("red").digest == ""
    assert not upload("ops").has_errors


def test_a_missing_template_is_named(ready, upload):
    TemplateChoice.objects.filter(tracker__slug="red").delete()
    drafts_make(ready.pk)
    assert problems(upload("red")) == ["template_missing"]
    assert not upload("ops").has_errors


def test_our_own_error_is_a_problem_of_one_draft(ready, upload):
    place = "trackers.adapters.gazelle.adapter.site_values"
    with raising(ZeroDivisionError(), "call", place):
        drafts_make(ready.pk)
    found = sorted(problems(upload(site)) for site in ("red", "ops"))
    assert found == [[], ["internal"]]


def test_without_a_credential_there_is_a_warning_and_no_more(ready, upload):
    Credential.objects.filter(tracker__slug="red").delete()
    drafts_make(ready.pk)
    assert problems(upload("red")) == ["credential_missing"]
    assert not upload("red").has_errors


def test_a_tracker_that_is_new_gets_a_draft(ready):
    TrackerFactory(slug="third", name="Third")
    assert len(drafts_make(ready.pk)) == 3


def test_drafts_for_trackers_no_longer_meant_are_given_up(ready, upload):
    Release.objects.update(targets=["ops"])
    drafts_make(ready.pk)
    assert upload("red").status == UploadStatus.CANCELLED
    assert upload("ops").status == UploadStatus.DRAFT


def test_a_target_that_was_switched_off_is_said_on_each_draft(ready, upload):
    Release.objects.update(targets=["red", "ops"], revision=ready.revision + 1)
    Tracker.objects.filter(slug="red").update(is_active=False)
    drafts_renew(ready.pk)
    for site in ("red", "ops"):
        assert problems(upload(site)) == ["tracker_unknown"]
    assert uploads_sweep() == 0, "nothing is rendered over and over"


def test_sent_uploads_are_never_drafted_again(ready, upload, sandbox):
    release_approve(release_id=ready.pk, actor_id=None)
    drive()
    before = upload("red").digest
    Release.objects.update(revision=ready.revision + 1, metadata={})
    drafts_make(ready.pk)
    assert upload("red").status == UploadStatus.SUCCESS
    assert upload("red").digest == before


def test_a_copy_of_what_is_there_already_is_shown(ready, upload, quick_desk):
    release_approve(release_id=ready.pk, actor_id=None)
    work()
    twin = Upload.objects.get(pk=upload("red").pk)
    Release.objects.update(source_path="elsewhere")
    again = Release.objects.create(
        library=quick_desk.library, source_path="twin", name="twin", kind="audiobook"
    )
    from uploads.services.contents import find_duplicates

    (shown,) = find_duplicates(again, twin.tracker, twin.infohash)
    assert shown["url"] == twin.remote_url
    assert "was uploaded to Redacted" in shown["message"]


def test_outdated_drafts_are_rendered_again_by_the_sweep(ready):
    Release.objects.update(revision=ready.revision + 1)
    assert uploads_sweep() == 1
    drafts_renew(ready.pk)
    assert uploads_sweep() == 2, "both trackers are asked for duplicates, no more"


def test_doubts_about_the_recording_are_a_warning_on_every_draft(ready, upload):
    ready.records.filter(source="audnexus").delete()
    ready.records.create(
        source="audnexus", fields={"asin": "B0HERALD01", "runtime_ms": 99_000_000}
    )
    release_merge(ready)
    assert ready.other_recording is not None
    assert ready.other_recording["figures"][0]["differs"]

    drafts_make(ready.pk)

    for site in ("red", "ops"):
        found = [one for one in upload(site).problems if one["field"] == "asin"]
        assert [one["code"] for one in found] == ["other_recording"]
        assert found[0]["severity"] == "warning"
        assert not upload(site).has_errors


def test_what_was_made_from_an_earlier_state_replaces_nothing_newer(ready, upload):
    def edited_meanwhile():
        Release.objects.update(revision=ready.revision + 1, title="Newer")
        drafts_make(ready.pk)

    with calling(
        edited_meanwhile, "return", "uploads.services.contents.contents_build"
    ):
        drafts_make(ready.pk)
    for site in ("red", "ops"):
        assert upload(site).release_revision == ready.revision + 1
