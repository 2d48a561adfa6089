"""Rules by the API."""

import pytest

from releases.models import Release
from uploads.models import ApprovalRule, DuplicateSearch, Upload
from uploads.services.rules import rules_apply

pytestmark = pytest.mark.django_db


@pytest.fixture
def prepared_book(desk):
    return desk.prepare()


def test_the_life_of_a_rule(api, people):
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
