"""Accounts of one's own in the admin: for oneself and admins, for nobody else."""

import pytest
from django.urls import reverse

from tests import factories
from trackers.models import Credential, RequestBudget
from trackers.services.credentials import credential_pause

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared():
    return factories.CredentialFactory(label="everybody's account")


@pytest.fixture
def own(shared, people):
    return factories.CredentialFactory(
        tracker=shared.tracker, owner=people["approver"], label="pat's account"
    )


def url(name, *args):
    return reverse(f"admin:trackers_credential_{name}", args=args)


def form(**changes):
    values = {"label": "mine", "priority": "5", "is_active": "on"}
    return {**values, "value_api_key": "made-up-key", **changes}


@pytest.mark.parametrize("role", ["preparer", "approver"])
def test_preparers_and_approvers_add_their_own(client, people, shared, role):
    client.force_login(people[role])
    assert b"Add an account of my own" in client.get(url("add")).content
    client.post(f"{url('add')}?tracker={shared.tracker_id}", form())
    assert Credential.objects.get(label="mine").owner == people[role]


@pytest.mark.parametrize(("query", "is_own"), [("", False), ("&own=1", True)])
def test_an_admin_adds_either(client, people, shared, query, is_own):
    client.force_login(people["admin"])
    client.post(f"{url('add')}?tracker={shared.tracker_id}{query}", form())
    row = Credential.objects.get(label="mine")
    assert row.owner == (people["admin"] if is_own else None)


def test_the_label_is_once_per_person(client, people, shared, own):
    client.force_login(people["approver"])
    add = f"{url('add')}?tracker={shared.tracker_id}"
    answer = client.post(add, form(label=own.label))
    assert b"already has an account with this label" in answer.content
    assert client.post(add, form(label=shared.label)).status_code == 302


def test_the_owner_and_admins_see_it_and_nobody_else(client, people, shared, own):
    tracker = reverse("admin:trackers_tracker_change", args=[shared.tracker_id])
    for role, sees in (
        ("approver", True),
        ("admin", True),
        ("preparer", False),
        ("viewer", False),
    ):
        client.force_login(people[role])
        for page in (url("changelist"), tracker):
            text = client.get(page).content.decode()
            assert "everybody" in text
            assert ("pat&#x27;s account" in text) is sees, (role, page)
        opened = client.get(url("change", own.pk))
        assert (opened.status_code == 200) is sees


@pytest.mark.parametrize("name", ["change", "test", "pause", "resume", "delete"])
@pytest.mark.parametrize("role", ["preparer", "viewer"])
def test_nobody_else_touches_it(client, people, own, role, name):
    client.force_login(people[role])
    answer = client.post(url(name, own.pk), form(post="yes"))
    assert answer.status_code in (302, 403, 404)
    own.refresh_from_db()
    assert (own.label, own.paused_at, own.checked_at) == ("pat's account", None, None)


def test_the_owner_edits_pauses_and_deletes_it(client, people, own):
    client.force_login(people["approver"])
    text = client.get(url("change", own.pk)).content.decode()
    assert url("test", own.pk) in text
    client.post(url("change", own.pk), form(label="new name"))
    client.post(url("pause", own.pk))
    own.refresh_from_db()
    assert (own.label, own.owner) == ("new name", people["approver"])
    assert own.paused_at
    client.post(url("resume", own.pk))
    RequestBudget.objects.create(credential=own)
    client.post(url("delete", own.pk), {"post": "yes"})
    assert not Credential.objects.filter(pk=own.pk).exists()


def test_the_owner_does_not_touch_shared_ones(client, people, shared, own):
    client.force_login(people["approver"])
    for name in ("change", "test", "pause", "delete"):
        answer = client.post(url(name, shared.pk), form(post="yes"))
        assert answer.status_code == 403, name
    assert (
        url("test", shared.pk)
        not in client.get(url("change", shared.pk)).content.decode()
    )


def test_budgets_are_shown_of_what_one_sees(client, people, shared, own):
    RequestBudget.objects.create(credential=own)
    page = reverse("admin:trackers_requestbudget_changelist")
    client.force_login(people["viewer"])
    assert b"pat&#x27;s account" not in client.get(page).content
    client.force_login(people["approver"])
    assert b"pat&#x27;s account" in client.get(page).content


def test_a_budget_of_everything_says_so(client, people, own):
    RequestBudget.objects.create(credential=own)
    client.force_login(people["approver"])
    page = client.get(reverse("admin:trackers_requestbudget_changelist"))
    assert 'data-label="Action">all<' in page.content.decode()


def test_the_dashboard_tells_the_owner_of_a_pause(client, people, own):
    credential_pause(own, "The key was refused.")
    for role, told in (("approver", True), ("preparer", False)):
        client.force_login(people[role])
        link = url("change", own.pk)
        assert (link in client.get("/admin/").content.decode()) is told


def test_an_uploads_page_links_to_it_for_its_owner_only(client, people, own):
    upload = factories.UploadFactory(tracker=own.tracker, credential=own)
    page = reverse("admin:uploads_upload_change", args=[upload.pk])
    for role, linked in (("approver", True), ("preparer", False), ("admin", True)):
        client.force_login(people[role])
        text = client.get(page).content.decode()
        assert "pat&#x27;s account" in text
        assert (url("change", own.pk) in text) is linked
