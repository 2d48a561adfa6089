"""Batches and watch folders by the API."""

import pytest

from releases.models import Candidate, Library, Release, WatchFolder

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(tmp_path):
    for name in ("One", "Two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.mp3").write_bytes(b"audio")
    return Library.objects.create(
        name="Books", path=str(tmp_path), client_path="/downloads"
    )


def post(api, path, body, role="preparer", status=200, format="json"):
    answer = api(role).post(path, body, format)
    assert answer.status_code == status, answer.content
    return answer.json()


def test_the_same_path_twice(library, api):
    once = post(api, "/api/releases/", {"path": "/downloads/One"}, status=201)
    again = post(api, "/api/releases/", {"path": "/downloads/One"}, status=409)
    assert (again["code"], again["extra"]) == (
        "release_exists",
        {"release": once["id"]},
    )
    wish = {"path": "/downloads/One", "exist_ok": True}
    same = post(api, "/api/releases/", wish)
    assert (same["id"], same["source_path"]) == (once["id"], "One")
    made = post(api, "/api/releases/", {**wish, "path": "/downloads/Two"}, status=201)
    assert made["id"] != once["id"]
    inside = {**wish, "path": "/downloads/One/a.mp3", "root": "/downloads/One"}
    assert post(api, "/api/releases/", inside)["id"] == once["id"]
    wrong = {**wish, "path": "/downloads/Three"}
    assert post(api, "/api/releases/", wrong, status=400)["code"] == "path_not_found"


def test_a_batch_of_paths(library, api, people):
    post(api, "/api/releases/", {"path": f"{library.path}/One"}, status=201)
    paths = [f"{library.path}/One", "/downloads/Two", "/etc"]
    answer = post(api, "/api/releases/batch/", {"paths": paths, "kind": "music"})
    assert [one["path"] for one in answer["results"]] == paths
    assert [one["result"] for one in answer["results"]] == [
        *("exists", "created", "refused")
    ]
    assert answer["results"][2]["code"] == "path_outside"
    made = Release.objects.get(pk=answer["results"][1]["release"])
    assert (made.kind, made.created_by) == ("music", people["preparer"])


def test_a_batch_from_a_folder(library, api):
    wish = {"parent": library.path, "preview": True}
    seen = post(api, "/api/releases/batch/", wish)
    assert [one["result"] for one in seen["results"]] == ["found", "found"]
    assert not Release.objects.exists()
    made = post(api, "/api/releases/batch/", {"parent": "/downloads"})
    assert [one["result"] for one in made["results"]] == ["created", "created"]
    again = post(api, "/api/releases/batch/", {"parent": "/downloads"})
    assert [one["result"] for one in again["results"]] == ["exists", "exists"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid"),
        ({"paths": ["/x"], "parent": "/x"}, "invalid"),
        ({"paths": []}, "batch_empty"),
        ({"paths": ["/x"] * 501}, "invalid"),
        ({"paths": ["/x"], "trackers": ["nowhere"]}, "tracker_unknown"),
        ({"parent": "/etc"}, "path_outside"),
    ],
)
def test_a_wrong_batch(library, api, body, code):
    assert post(api, "/api/releases/batch/", body, status=400)["code"] == code


def test_watch_folders(library, api):
    wish = {"library": library.pk, "path": "", "targets": ["red"]}
    made = post(api, "/api/watch-folders/", wish, role="admin", status=201)
    assert (made["depth"], made["settle_seconds"], made["is_active"]) == (1, 60, True)
    watch = WatchFolder.objects.get()
    Candidate.objects.create(watch=watch, path="One", message="Still changing.")
    (one,) = (
        api("viewer")
        .get(f"/api/watch-folders/{watch.pk}/candidates/")
        .json()["results"]
    )
    assert (one["path"], one["state"], one["message"]) == (
        *("One", "waiting", "Still changing."),
    )
    changed = api("admin").patch(
        f"/api/watch-folders/{watch.pk}/", {"path": "One/"}, "json"
    )
    assert (changed.status_code, changed.json()["path"]) == (200, "One")


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"path": "nowhere"}, "path"),
        ({"path": "/etc"}, "path"),
        ({"path": "../.."}, "path"),
        ({"settle_seconds": 0}, "settle_seconds"),
        ({"settle_seconds": 86_401}, "settle_seconds"),
        ({"depth": 4}, "depth"),
        ({"library": 0}, "library"),
    ],
)
def test_wrong_watch_folders(library, api, wish, field):
    body = {"library": library.pk, **wish}
    answer = post(api, "/api/watch-folders/", body, role="admin", status=400)
    assert list(answer["extra"]["fields"]) == [field]


def test_the_same_folder_twice(library, api):
    wish = {"library": library.pk, "path": "One"}
    post(api, "/api/watch-folders/", wish, role="admin", status=201)
    answer = post(api, "/api/watch-folders/", wish, role="admin", status=400)
    assert answer["code"] == "invalid"
