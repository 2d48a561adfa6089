"""Accounts of one's own by the API."""

import pytest

from tests import factories
from trackers.models import Credential

pytestmark = pytest.mark.django_db
LIST = "/api/credentials/"


@pytest.fixture
def shared():
    return factories.CredentialFactory(label="shared")


@pytest.fixture
def own(shared, people):
    return factories.CredentialFactory(
        tracker=shared.tracker, owner=people["approver"], label="own"
    )


def body(tracker, **changes):
    return {
        "tracker": tracker.slug,
        "label": "new",
        "values": {"api_key": "made-up-key"},
        **changes,
    }


def labels(client, query=""):
    return {row["label"] for row in client.get(LIST + query).json()["results"]}


def test_each_sees_the_shared_ones_and_their_own(api, people, shared, own):
    assert labels(api("approver")) == {"shared", "own"}
    assert labels(api("admin")) == {"shared", "own"}
    assert labels(api("preparer")) == labels(api("viewer")) == {"shared"}
    name = people["approver"].username
    assert labels(api("admin"), f"?owner={name}") == {"own"}
    assert api("viewer").get(f"{LIST}{own.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("role", "own", "owner"),
    [
        ("preparer", None, "preparer"),
        ("approver", True, "approver"),
        ("approver", False, "approver"),
        ("admin", None, None),
        ("admin", True, "admin"),
    ],
)
def test_who_makes_whose(api, people, shared, role, own, owner):
    given = body(shared.tracker) if own is None else body(shared.tracker, own=own)
    answer = api(role).post(LIST, given, "json")
    assert answer.status_code == 201, answer.content
    row = Credential.objects.get(label="new")
    assert row.owner == (people[owner] if owner else None)
    assert answer.json()["owner"] == (people[owner].username if owner else None)


def test_a_viewer_makes_none(api, shared):
    assert api("viewer").post(LIST, body(shared.tracker), "json").status_code == 403


def test_the_owner_changes_and_deletes_it(api, own):
    mine = f"{LIST}{own.pk}/"
    assert api("approver").patch(mine, {"label": "x"}, "json").status_code == 200
    assert api("approver").post(f"{mine}resume/").status_code == 200
    assert api("approver").delete(mine).status_code == 204


def test_the_owner_does_not_change_shared_ones(api, shared, own):
    there = f"{LIST}{shared.pk}/"
    client = api("approver")
    assert client.patch(there, {"label": "x"}, "json").status_code == 403
    assert client.post(f"{there}test/").status_code == 403
    assert client.post(f"{there}resume/").status_code == 403
    assert client.delete(there).status_code == 403


def test_it_stays_whose_it_is(api, own, shared):
    client = api("admin")
    answer = client.patch(f"{LIST}{own.pk}/", {"own": False}, "json")
    assert answer.status_code == 400
    assert "own" in answer.json()["extra"]["fields"]
    assert client.patch(f"{LIST}{own.pk}/", {"own": True}, "json").status_code == 200
