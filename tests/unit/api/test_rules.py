"""Rules by the API."""

import pytest

from releases.models import Release
from tests import factories
from uploads.models import ApprovalRule, DuplicateSearch, Upload
from uploads.services.rules import rules_apply

pytestmark = pytest.mark.django_db


@pytest.fixture
def prepared_book(desk):
    return desk.prepare()


def test_the_life_of_a_rule(api, people):
    factories.TrackerFactory(slug="red")
    admin = api("admin")
    made = admin.post("/api/approval-rules/", {"name": "Mine"}, "json").json()
    assert (made["is_active"], made["no_warnings"], made["trackers"]) == (
        *(False, True, []),
    )
    url = f"/api/approval-rules/{made['id']}/"
    on = admin.patch(url, {"is_active": True, "trackers": ["red"]}, "json").json()
    assert on["active_since"]
    history = api("viewer").get(f"{url}history/").json()["results"]
    name = people["admin"].username
    assert [(one["action"], one["actor"]) for one in history] == [
        *(("changed", name), ("made", name))
    ]
    assert history[0]["conditions"]["is_active"] is True
    assert admin.delete(url).status_code == 204
    assert admin.post("/api/approval-rules/", {}, "json").status_code == 400


def test_a_rule_for_a_tracker_that_is_not_there_is_refused(api):
    factories.TrackerFactory(slug="red")
    wanted = {"name": "Mine", "trackers": ["red", "nope"]}
    answer = api("admin").post("/api/approval-rules/", wanted, "json")
    assert answer.status_code == 400
    (said,) = answer.json()["extra"]["fields"]["trackers"]
    assert "“nope”" in said
    assert not ApprovalRule.objects.exists()


def test_a_rule_keeps_the_tracker_that_was_deleted_since(api):
    rule = ApprovalRule.objects.create(name="Mine", trackers=["gone"])
    url = f"/api/approval-rules/{rule.pk}/"
    kept = api("admin").patch(url, {"name": "New", "trackers": ["gone"]}, "json")
    assert kept.status_code == 200
    refused = api("admin").patch(url, {"trackers": ["gone", "nope"]}, "json")
    assert refused.status_code == 400


def test_a_dry_run(api, prepared_book):
    Upload.objects.filter(tracker__slug="ops").update(
        problems=[{"code": "x", "severity": "error", "message": "Bad.", "field": ""}]
    )
    rule = ApprovalRule.objects.create(name="Mine", no_warnings=False)
    tried = api("viewer").get(f"/api/approval-rules/{rule.pk}/dry-run/").json()
    assert tried["past"] == []
    assert [
        (one["tracker"], one["approves"], one["objection"]) for one in tried["now"]
    ] == [
        ("red", True, ""),
        ("ops", False, "It has an error: Bad."),
    ]


def test_who_approved(api, prepared_book):
    Upload.objects.update(problems=[])
    Release.objects.update(notices=[])
    ApprovalRule.objects.create(
        name="Mine", is_active=True, active_since="2020-01-01T00:00:00Z"
    )
    release = Release.objects.get()
    DuplicateSearch.objects.update(due_at=None, checked_at="2020-01-01T00:00:00Z")
    (upload, _) = rules_apply(release.pk)
    url = f"/api/releases/{release.pk}/approvals/"
    (approval,) = api("viewer").get(url).json()["results"]
    assert (approval["by"], approval["actor"]) == ("rule Mine", None)
    assert approval["rule_snapshot"]["name"] == "Mine"
    seen = api("viewer").get(f"/api/uploads/{upload.pk}/").json()
    assert seen["approved_by"] == "rule Mine"
