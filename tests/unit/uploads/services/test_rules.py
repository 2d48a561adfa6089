"""Rules that approve: what they take, what they leave alone, and what they write down."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.translation import override

from common.errors import AppError
from releases.models import Candidate, Release, WatchFolder
from tests import factories
from tests.unit.uploads.services.ruling import (
    ERROR,
    make,
    prepare_and_decide,
    said,
    statuses,
)
from uploads.models import Approval, ApprovalRule, RuleCheck, Upload
from uploads.selectors import approver, rules_said
from uploads.services.approval import release_approve
from uploads.services.rules import rule_delete, rule_save, rules_apply, rules_sweep
from uploads.services.running import uploads_work
from uploads.tasks import apply_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(trusted):
    return trusted


def test_a_rule_approves_as_a_person_would(release, quick_desk):
    rule = make()
    assert len(rules_apply(release.pk)) == 2
    release.refresh_from_db()
    assert release.state == "approved"
    approval = Approval.objects.get()
    assert (approval.actor, approval.rule, approval.by) == (None, rule, "rule Trusted")
    assert str(approval) == "Approved by rule Trusted"
    assert approval.rule_snapshot == {
        "name": "Trusted",
        "trackers": [],
        "kind": "",
        "library": "",
        "watch_folder": "",
        "made_by": "",
        "no_warnings": True,
    }
    for upload in Upload.objects.all():
        assert upload.status == "pending"
        assert upload.approved_digest == upload.digest
        assert approval.digests[str(upload.pk)] == upload.digest
        assert approver(upload) == "rule Trusted"
        last = upload.events.last()
        assert last
        assert last.reason == "Approved by rule Trusted."
    assert release.events.last().reason == "Approved by rule Trusted."
    assert said(release) == []
    assert uploads_work() == 2
    assert [len(quick_desk.sandbox.uploads(site)) for site in ("red", "ops")] == [1, 1]


@pytest.mark.usefixtures("marked_german")
def test_why_not_is_written_down_in_english(release):
    make(library=factories.LibraryFactory())
    with override("de"):
        assert rules_apply(release.pk) == []
    assert len(said(release)) == 2
    assert all(one.endswith(": It is for another library.") for one in said(release))


def test_what_it_approved_outlives_the_rule(release):
    rule = make(trackers=["red"], kind="audiobook", library=release.library)
    rules_apply(release.pk)
    rule.name = "Renamed"
    rule_save(rule, actor_id=None)
    rule_delete(rule, actor_id=None)
    approval = Approval.objects.get()
    assert (approval.rule, approval.by) == (None, "rule Trusted")
    assert approval.rule_snapshot["library"] == "Books"
    assert statuses() == {"red": "pending", "ops": "draft"}


def test_a_preparation_asks_the_rules(quick_desk):
    make(no_warnings=False)
    release = Release.objects.get()
    prepare_and_decide(release)
    assert release.state == "approved", rules_said(release)
    assert Approval.objects.get().by == "rule Trusted"


@pytest.mark.parametrize(
    "conditions",
    [
        {"is_active": False},
        {"trackers": ["elsewhere"]},
        {"kind": "music"},
        {"ago": -60},  # switched on after the preparation
    ],
)
def test_a_rule_that_does_not_fit_approves_nothing(release, conditions):
    make(**conditions)
    assert rules_apply(release.pk) == []
    assert set(statuses().values()) == {"draft"}


def test_only_from_its_library_person_and_watch_folder(release):
    rule = make(library=factories.LibraryFactory())
    assert rules_apply(release.pk) == []
    assert (
        said(release)
        == [
            "Orpheus: Trusted: It is for another library.",
            "Redacted: Trusted: It is for another library.",
        ]
        or len(said(release)) == 2
    )
    ApprovalRule.objects.update(library=None, made_by=factories.UserFactory())
    assert rules_apply(release.pk) == []
    assert "It is for releases of somebody else." in said(release)[0]
    watch = WatchFolder.objects.create(library=release.library)
    ApprovalRule.objects.update(made_by=None, watch_folder=watch)
    assert rules_apply(release.pk) == []
    assert "It is for what came from a watch folder." in said(release)[0]
    Candidate.objects.create(watch=watch, path="x", state="known", release=release)
    assert rules_apply(release.pk) == []
    Candidate.objects.update(state="taken")
    assert len(rules_apply(release.pk)) == 2
    rule.refresh_from_db()
    assert Approval.objects.get().rule_snapshot["watch_folder"] == "Books"


def test_two_rules_share_the_trackers(release):
    make("First", trackers=["red"])
    make("Second", trackers=["ops", "red"])
    rules_apply(release.pk)
    by = {one.by: len(one.digests) for one in Approval.objects.all()}
    assert by == {"rule First": 1, "rule Second": 1}
    assert set(statuses().values()) == {"pending"}


WARNING = {
    "code": "tags_few",
    "severity": "warning",
    "message": "Few tags.",
    "field": "",
}
RECORDING = {"code": "other_recording", "message": "Another recording.", "path": ""}


def test_warnings_matter_unless_the_rule_says_otherwise(release):
    Upload.objects.filter(tracker__slug="red").update(problems=[WARNING])
    make()
    assert len(rules_apply(release.pk)) == 1
    assert any("There is a warning: Few tags." in why for why in said(release))
    assert statuses() == {"red": "draft", "ops": "pending"}
    make("Lenient", no_warnings=False)
    rules_apply(release.pk)  # it is approved by now, so nobody is asked
    assert statuses()["red"] == "draft"


def test_a_lenient_rule_takes_warnings(release):
    Upload.objects.update(problems=[WARNING])
    make(no_warnings=False)
    assert len(rules_apply(release.pk)) == 2


def test_a_harmless_notice_is_no_warning(release):
    Release.objects.update(notices=[{"code": "file_left_out", "message": "x"}])
    make()
    assert len(rules_apply(release.pk)) == 2


@pytest.mark.parametrize(
    ("uploads", "releases", "why"),
    [
        ({"problems": [ERROR]}, {}, "It has an error: No title."),
        ({"duplicates": [{"message": "Was sent."}]}, {}, "duplicate: Was sent."),
        ({}, {"notices": [RECORDING]}, "Another recording."),
        (
            {"problems": [{**WARNING, "code": "site_duplicate"}]},
            {},
            "Few tags.",
        ),
        ({}, {"overrides": {"title": "Mine"}}, "A person edited it (title)"),
    ],
)
def test_what_no_rule_ever_approves(release, uploads, releases, why):
    Upload.objects.update(**uploads) if uploads else None
    Release.objects.update(**releases) if releases else None
    make(no_warnings=False)
    assert rules_apply(release.pk) == []
    assert all(why in sentence for sentence in said(release))
    assert len(said(release)) == 2


def test_a_rule_that_was_changed_meanwhile_approves_nothing(release):
    rule = make()
    drafts = {one.pk: one.digest for one in Upload.objects.all()}
    ApprovalRule.objects.update(updated_at=timezone.now() + timedelta(seconds=1))
    with pytest.raises(AppError) as caught:
        release_approve(release_id=release.pk, actor_id=None, digests=drafts, rule=rule)
    assert caught.value.code == "rule_changed"
    assert not Approval.objects.exists()
    release.refresh_from_db()
    assert release.state == "ready"


def test_a_changed_file_stops_a_rule_too(release):
    make()
    Path(release.path, "new.txt").write_text("one more")
    assert rules_apply(release.pk) == []
    assert "approve what it says then" in said(release)[0]


def test_the_sweep_asks_about_what_nobody_asked_about(release):
    assert rules_sweep() == 0
    make(trackers=["elsewhere"])
    assert rules_sweep() == 1
    apply_rules(release_id=release.pk)
    assert rules_sweep() == 0  # asked once at each revision
    Release.objects.update(revision=7)
    assert rules_sweep() == 1
    apply_rules(release_id=release.pk)
    assert RuleCheck.objects.get().revision == 7
    RuleCheck.objects.all().delete()
    Release.objects.update(prepared_at=timezone.now() - timedelta(days=1))
    assert rules_sweep() == 0  # what waited before the rule was made waits on


def test_what_is_not_ready_is_left_alone(release):
    make()
    Release.objects.update(state="failed")
    assert rules_apply(release.pk) == []
    assert not RuleCheck.objects.exists()
