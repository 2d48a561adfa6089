"""What a person may do with an upload, by the API."""

import pytest

from tests.unit.api.calls import uploads_of
from uploads.models import Upload
from uploads.services.running import uploads_work

pytestmark = pytest.mark.django_db


def test_a_failed_upload_is_retried(api, prepared, desk):
    desk.sandbox.fail("red", "upload", "refuse", message="Choose another category.")
    api("approver").post(f"/api/releases/{prepared}/approve/", {}, "json")
    uploads_work()
    red = next(u for u in uploads_of(api, prepared) if u["tracker"] == "red")
    assert red["status"] == "failed"
    assert "Choose another category" in red["reason"]["message"]
    answer = api("approver").post(f"/api/uploads/{red['id']}/retry/")
    assert (answer.status_code, answer.json()["status"]) == (200, "pending")
    uploads_work()
    red = api("viewer").get(f"/api/uploads/{red['id']}/").json()
    assert red["status"] == "success"
    again = api("approver").post(f"/api/uploads/{red['id']}/retry/")
    assert (again.status_code, again.json()["code"]) == (409, "upload_not_failed")


def test_a_draft_is_cancelled_once(api, prepared):
    draft = uploads_of(api, prepared)[0]["id"]
    answer = api("approver").post(f"/api/uploads/{draft}/cancel/")
    assert answer.json()["status"] == "cancelled"
    again = api("approver").post(f"/api/uploads/{draft}/cancel/")
    assert (again.status_code, again.json()["code"]) == (409, "upload_not_cancellable")


@pytest.mark.parametrize(("priority", "status"), [(100, 200), (101, 400), ("x", 400)])
def test_a_priority_has_bounds(api, prepared, priority, status):
    draft = uploads_of(api, prepared)[0]["id"]
    answer = api("approver").post(
        f"/api/uploads/{draft}/prioritise/", {"priority": priority}, "json"
    )
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["priority"] == 100


def test_a_person_says_where_it_is(api, prepared, desk):
    red = next(u for u in uploads_of(api, prepared) if u["tracker"] == "red")["id"]
    link = f"{desk.sandbox.url('red')}/torrents.php?torrentid=5"
    early = api("approver").post(f"/api/uploads/{red}/settle/", {"url": link}, "json")
    assert (early.status_code, early.json()["code"]) == (409, "upload_not_failed")
    Upload.objects.filter(pk=red).update(status="failed")
    wrong = api("approver").post(
        f"/api/uploads/{red}/settle/", {"url": "https://example.org/x"}, "json"
    )
    assert (wrong.status_code, wrong.json()["code"]) == (400, "link_elsewhere")
    answer = api("approver").post(f"/api/uploads/{red}/settle/", {"url": link}, "json")
    assert (answer.json()["status"], answer.json()["remote_url"]) == ("success", link)


def test_only_what_is_there_can_seed(api, prepared):
    upload = uploads_of(api, prepared)[0]["id"]
    answer = api("approver").post(f"/api/uploads/{upload}/check-seeding/")
    assert (answer.status_code, answer.json()["code"]) == (409, "upload_not_done")
    Upload.objects.filter(pk=upload).update(status="success", seeding="no_client")
    answer = api("approver").post(f"/api/uploads/{upload}/check-seeding/")
    assert answer.json()["seeding"] == "waiting"
