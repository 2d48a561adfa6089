"""Libraries by the API: what may be stored."""

import pytest

from releases.models import Library

pytestmark = pytest.mark.django_db


def test_a_library_must_be_a_folder_that_is_there(api, tmp_path):
    answer = api("admin").post(
        "/api/libraries/", {"name": "Books", "path": str(tmp_path)}, "json"
    )
    assert answer.status_code == 201
    pk = answer.json()["id"]
    for path in ("relative", "/not/there", "/etc/passwd"):
        wrong = api("admin").patch(f"/api/libraries/{pk}/", {"path": path}, "json")
        assert set(wrong.json()["extra"]["fields"]) == {"path"}, path
    answer = api("admin").patch(f"/api/libraries/{pk}/", {"name": "Mine"}, "json")
    assert answer.json()["name"] == "Mine"
    assert Library.objects.get(pk=pk).path == str(tmp_path)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"client_path": "downloads"}, "client_path"),
        ({"torrent_client": None}, "torrent_client"),
        ({"torrent_client": None, "client_path": ""}, ""),
    ],
)
def test_a_client_path_needs_a_client_and_to_be_whole(
    api, rows, tmp_path, changes, field
):
    library = rows["libraries"]
    library.path, library.client_path = str(tmp_path), "/downloads"
    library.save()
    answer = api("admin").patch(f"/api/libraries/{library.pk}/", changes, "json")
    if field:
        assert set(answer.json()["extra"]["fields"]) == {field}
    else:
        assert answer.status_code == 200


def test_the_same_folder_twice_is_refused(api, tmp_path):
    body = {"name": "Books", "path": str(tmp_path)}
    api("admin").post("/api/libraries/", body, "json")
    answer = api("admin").post("/api/libraries/", body, "json")
    assert set(answer.json()["extra"]["fields"]) == {"name", "path"}
