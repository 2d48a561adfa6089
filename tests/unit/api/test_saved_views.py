"""A person's own views of the list, from a program."""

import pytest

from releases.models import SavedView

pytestmark = pytest.mark.django_db
URL = "/api/saved-views/"


@pytest.fixture
def mine(people):
    return SavedView.objects.create(
        user=people["preparer"], name="Ready", query="state=ready"
    )


def test_a_view_is_kept_in_its_one_form_renamed_and_forgotten(api, people):
    client = api("preparer")
    made = client.post(
        URL, {"name": " Broken  ones ", "query": "?state=failed&p=3&kind=music"}, "json"
    )
    assert made.status_code == 201
    assert made.json()["name"] == "Broken ones"
    assert made.json()["query"] == "kind=music&state=failed"
    page = f"{URL}{made.json()['id']}/"
    tag = client.get(page)["ETag"]
    changed = client.patch(page, {"name": "Stuck"}, "json", headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["name"]) == (200, "Stuck")
    assert changed["ETag"] == client.get(page)["ETag"] != tag
    late = client.delete(page, headers={"If-Match": tag})
    assert late.status_code == 412
    assert client.delete(page).status_code == 204
    assert not SavedView.objects.exists()


def test_nobody_sees_or_changes_somebody_elses(api, mine):
    client = api("admin")
    assert client.get(URL).json()["results"] == []
    for call in (client.get, client.delete):
        assert call(f"{URL}{mine.pk}/").status_code == 404
    renamed = client.patch(f"{URL}{mine.pk}/", {"name": "x"}, "json")
    assert renamed.status_code == 404
    assert [one["id"] for one in api("preparer").get(URL).json()["results"]] == [
        mine.pk
    ]


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"name": "Ready", "query": "kind=music"}, 409, "view_name_taken"),
        ({"name": "Other", "query": "p=2"}, 400, "view_empty"),
        ({"name": "x" * 61, "query": "kind=music"}, 400, "invalid"),
        ({"query": "kind=music"}, 400, "invalid"),
    ],
)
def test_what_cannot_be_kept_is_said(api, mine, given, status, code):
    answer = api("preparer").post(URL, given, "json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert SavedView.objects.count() == 1


def test_asking_twice_with_a_key_keeps_one(api):
    client = api("preparer")
    given = {"name": "Ready", "query": "state=ready"}
    for _ in range(2):
        answer = client.post(URL, given, "json", headers={"Idempotency-Key": "one"})
        assert answer.status_code == 201
    assert SavedView.objects.count() == 1
