"""ETags: what is the same is not sent again, and what changed is not overwritten."""

import pytest

from releases.models import Library, Release
from trackers.models import Template, Tracker
from uploads.models import Upload

pytestmark = pytest.mark.django_db

KINDS = (
    "releases",
    "uploads",
    "trackers",
    "credentials",
    "templates",
    "libraries",
    "clients",
    "webhooks",
)


def page(rows, kind, more=""):
    return f"/api/{kind}/{rows[kind].pk}/{more}"


@pytest.mark.parametrize("kind", KINDS)
def test_one_row_has_a_strong_etag_and_is_not_sent_twice(api, rows, kind):
    client = api("admin")
    first = client.get(page(rows, kind))
    tag = first["ETag"]
    assert tag.startswith('"') and len(tag) == 34
    for known in (tag, f'W/{tag}, "other"', "*"):
        again = client.get(page(rows, kind), headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == tag
    other = client.get(page(rows, kind), headers={"If-None-Match": '"other"'})
    assert (other.status_code, other["ETag"]) == (200, tag)


@pytest.mark.parametrize("kind", [k for k in KINDS if k not in ("releases", "uploads")])
def test_a_change_needs_what_was_read_and_gives_the_new_tag(api, rows, kind, tmp_path):
    Library.objects.update(path=str(tmp_path))
    client = api("admin")
    field = "label" if kind == "credentials" else "name"
    tag = client.get(page(rows, kind))["ETag"]
    first = client.patch(
        page(rows, kind), {field: "mine"}, "json", headers={"If-Match": tag}
    )
    assert first.status_code == 200, first.content
    assert first["ETag"] != tag
    assert first["ETag"] == client.get(page(rows, kind))["ETag"]
    late = client.patch(
        page(rows, kind), {field: "yours"}, "json", headers={"If-Match": tag}
    )
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    assert client.get(page(rows, kind)).json()[field] == "mine"
    gone = client.delete(page(rows, kind), headers={"If-Match": tag})
    assert gone.status_code == 412


@pytest.mark.parametrize("match", ["*", '"a", {tag}'])
def test_any_of_the_tags_will_do(api, rows, match):
    client = api("admin")
    tag = client.get(page(rows, "trackers"))["ETag"]
    answer = client.patch(
        page(rows, "trackers"),
        {"name": "mine"},
        "json",
        headers={"If-Match": match.format(tag=tag)},
    )
    assert answer.status_code == 200
    assert Tracker.objects.get().name == "mine"


def test_a_weak_tag_matches_no_change(api, rows):
    client = api("admin")
    tag = client.get(page(rows, "trackers"))["ETag"]
    answer = client.patch(
        page(rows, "trackers"), {}, "json", headers={"If-Match": f"W/{tag}"}
    )
    assert answer.status_code == 412


def test_a_change_that_is_refused_changes_nothing(api, rows):
    client = api("admin")
    tag = client.get(page(rows, "trackers"))["ETag"]
    answer = client.patch(
        page(rows, "trackers"), {"slug": "no"}, "json", headers={"If-Match": tag}
    )
    assert answer.status_code == 400
    assert client.get(page(rows, "trackers"))["ETag"] == tag


def test_a_release_is_approved_only_as_it_was_read(api, rows):
    client = api("approver")
    tag = client.get(page(rows, "releases"))["ETag"]
    Release.objects.update(revision=7)  # its metadata changed, which it does not show
    for action in ("approve", "reject"):
        answer = client.post(
            page(rows, "releases", f"{action}/"), headers={"If-Match": tag}
        )
        assert answer.status_code == 412, action
    assert Release.objects.get().state == "ready"
    tag = client.get(page(rows, "releases"))["ETag"]
    answer = client.post(page(rows, "releases", "reject/"), headers={"If-Match": tag})
    assert answer.status_code == 200
    assert answer["ETag"] == client.get(page(rows, "releases"))["ETag"]


def test_metadata_have_a_tag_of_their_own(api, rows):
    client = api("preparer")
    place = page(rows, "releases", "metadata/")
    tag = client.get(place)["ETag"]
    assert tag != client.get(page(rows, "releases"))["ETag"]
    body = {"fields": {"title": "The Time Machine"}}
    first = client.patch(place, body, "json", headers={"If-Match": tag})
    assert first.status_code == 200, first.content
    assert first["ETag"] == client.get(place)["ETag"] != tag
    late = client.patch(place, body, "json", headers={"If-Match": tag})
    assert late.status_code == 412


def test_a_correction_of_a_release_needs_what_was_read(api, rows):
    client = api("preparer")
    place = page(rows, "releases")
    tag = client.get(place)["ETag"]
    first = client.patch(place, {"kind": "music"}, "json", headers={"If-Match": tag})
    assert first.status_code == 202, first.content
    late = client.patch(place, {"kind": "tv"}, "json", headers={"If-Match": tag})
    assert late.status_code == 412
    assert Release.objects.get().kind == "music"


def test_an_upload_is_driven_only_as_it_was_read(api, rows):
    client = api("approver")
    tag = client.get(page(rows, "uploads"))["ETag"]
    first = client.post(
        page(rows, "uploads", "prioritise/"),
        {"priority": 5},
        "json",
        headers={"If-Match": tag},
    )
    assert first.status_code == 200
    assert first["ETag"] == client.get(page(rows, "uploads"))["ETag"]
    late = client.post(page(rows, "uploads", "cancel/"), headers={"If-Match": tag})
    assert late.status_code == 412
    assert Upload.objects.get().status == "draft"


def test_a_new_version_changes_the_templates_tag(api, rows):
    client = api("admin")
    tag = client.get(page(rows, "templates"))["ETag"]
    place = page(rows, "templates", "versions/")
    added = client.post(
        place, {"fields": {"title": "x"}}, "json", headers={"If-Match": tag}
    )
    assert added.status_code == 201
    assert client.get(page(rows, "templates"))["ETag"] != tag
    late = client.post(
        place, {"fields": {"title": "y"}}, "json", headers={"If-Match": tag}
    )
    assert late.status_code == 412
    assert Template.objects.get().versions.count() == 2
