"""The pages of rules, and "by rule" wherever a person's name would be."""

import pytest

from releases.models import Release
from tests import factories
from uploads.models import ApprovalRule, RuleEvent, Upload
from uploads.services.rules import rules_apply

pytestmark = pytest.mark.django_db
LIST = "/admin/uploads/approvalrule/"


@pytest.fixture
def rule(quick_desk):
    Upload.objects.update(problems=[])
    Release.objects.update(notices=[])
    return ApprovalRule.objects.create(
        name="Trusted", is_active=True, active_since="2020-01-01T00:00:00Z"
    )


def open_page(client, people, who, url):
    client.force_login(people[who])
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_admin_makes_a_rule_and_its_history_is_kept(client, people, quick_desk):
    client.force_login(people["admin"])
    answer = client.post(
        f"{LIST}add/", {"name": "New", "trackers": ["red"], "no_warnings": "on"}
    )
    assert answer.status_code == 302, answer.context["adminform"].errors
    rule = ApprovalRule.objects.get()
    assert (rule.trackers, rule.is_active) == (["red"], False)
    client.post(
        f"{LIST}{rule.pk}/change/",
        {"name": "New", "trackers": ["red"], "no_warnings": "on", "is_active": "on"},
    )
    page = open_page(client, people, "admin", f"{LIST}{rule.pk}/change/")
    assert "Switched on" in page
    client.post(f"{LIST}{rule.pk}/delete/", {"post": "yes"})
    assert not ApprovalRule.objects.exists()
    assert list(RuleEvent.objects.values_list("action", "actor__username")) == [
        ("deleted", people["admin"].username),
        ("on", people["admin"].username),
        ("made", people["admin"].username),
    ]


def test_chosen_rules_are_deleted_with_their_history(client, people, rule):
    client.force_login(people["admin"])
    client.post(
        LIST,
        {"action": "delete_selected", "_selected_action": [rule.pk], "post": "yes"},
    )
    assert not ApprovalRule.objects.exists()
    assert RuleEvent.objects.get().action == "deleted"


@pytest.mark.parametrize("who", ["viewer", "preparer", "approver"])
def test_only_admins_make_rules(client, people, rule, who):
    page = open_page(client, people, who, f"{LIST}{rule.pk}/change/")
    assert "What it would approve now" in page
    assert client.get(f"{LIST}add/").status_code == 403
    client.post(f"{LIST}{rule.pk}/change/", {"name": "Mine"})
    rule.refresh_from_db()
    assert rule.name == "Trusted"


def test_the_page_shows_a_dry_run(client, people, rule):
    page = open_page(client, people, "admin", f"{LIST}{rule.pk}/change/")
    assert page.count("Would approve") == 2
    assert "2 of 2" in page
    assert "There is nothing to look at." in page  # in the last 30 days
    assert "The Time Machine" in page


def test_the_list_says_what_a_rule_does(client, people, rule):
    rule.made_by, rule.trackers = people["preparer"], ["red"]
    rule.library = factories.LibraryFactory(name="Mine")
    rule.save()
    page = open_page(client, people, "viewer", LIST)
    name = people["preparer"].username
    assert f"any kind · red · library Mine · by {name} · no warnings" in page


def test_by_rule_wherever_a_name_would_be(client, people, rule):
    release = Release.objects.get()
    (upload, _) = rules_apply(release.pk)
    pages = (
        f"/admin/releases/release/{release.pk}/change/",
        f"/admin/uploads/upload/{upload.pk}/change/",
        "/admin/uploads/approval/",
        f"/admin/uploads/approval/{release.approvals.get().pk}/change/",
    )
    for url in pages:
        page = open_page(client, people, "viewer", url)
        assert "rule Trusted" in page, url
    assert "by rule Trusted" in open_page(client, people, "viewer", pages[1])


def test_the_release_page_says_why_no_rule_approved(client, people, rule):
    rule.trackers = ["elsewhere"]
    rule.save()
    release = Release.objects.get()
    rules_apply(release.pk)
    page = open_page(
        client, people, "viewer", f"/admin/releases/release/{release.pk}/change/"
    )
    assert "Why no rule approved it" in page
    assert "Trusted: It is for other trackers." in page
