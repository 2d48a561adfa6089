"""What a person may do with an upload, by the API."""

import pytest

from tests.unit.api.calls import uploads_of
from trackers.services.adapters import adapter_open
from trackers.services.choosing import credential_choose
from uploads.models import Upload
from uploads.payloads import payload_load
from uploads.services.running import uploads_work
from uploads.services.searching import upload_search

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
    settle = f"/api/uploads/{red}/settle/"

    def say(**words):
        answer = api("approver").post(settle, words, "json")
        return answer.status_code, answer.json().get("code"), answer.json()

    assert say(there=True, url=link)[:2] == (409, "upload_not_failed")
    assert say(there=False)[:2] == (409, "upload_no_question")
    Upload.objects.filter(pk=red).update(status="failed")
    assert say(url=link)[:2] == (400, "invalid")
    assert say(there=True)[:2] == (400, "invalid")
    elsewhere = "https://example.org/x"
    assert say(there=True, url=elsewhere)[:2] == (400, "link_elsewhere")
    assert say(there=True, url=link)[:2] == (400, "link_absent")
    desk.sandbox.fail("red", "torrent", "maintenance", times=2)
    assert say(there=True, url=link)[:2] == (409, "link_unchecked")
    status, _, upload = say(there=True, url=link, seen=True)
    assert (status, upload["status"], upload["remote_url"]) == (200, "success", link)


def test_a_person_says_that_it_is_not_there(api, prepared, desk, people):
    red = next(u for u in uploads_of(api, prepared) if u["tracker"] == "red")
    Upload.objects.filter(pk=red["id"]).update(
        status="failed",
        reason={"code": "outcome_unsettled", "message": "Nobody knows."},
        approved_digest=red["digest"],
    )
    again = api("approver").post(f"/api/uploads/{red['id']}/retry/")
    assert (again.status_code, again.json()["code"]) == (409, "upload_question")
    settle = f"/api/uploads/{red['id']}/settle/"
    answer = api("approver").post(settle, {"there": False}, "json")
    assert (answer.status_code, answer.json()["status"]) == (200, "pending")
    told = Upload.objects.get(pk=red["id"]).events.latest("pk")
    assert told.actor == people["approver"]
    twice = api("approver").post(settle, {"there": False}, "json")
    assert (twice.status_code, twice.json()["code"]) == (409, "upload_no_question")


def test_only_what_is_there_can_seed(api, prepared):
    upload = uploads_of(api, prepared)[0]["id"]
    answer = api("approver").post(f"/api/uploads/{upload}/check-seeding/")
    assert (answer.status_code, answer.json()["code"]) == (409, "upload_not_done")
    Upload.objects.filter(pk=upload).update(status="success", seeding="no_client")
    answer = api("approver").post(f"/api/uploads/{upload}/check-seeding/")
    assert answer.json()["seeding"] == "waiting"


def test_what_the_tracker_has_already_is_told(api, prepared):
    red = next(u for u in uploads_of(api, prepared) if u["tracker"] == "red")
    assert (red["duplicates"], red["duplicates_checked_at"]) == ([], None)
    assert red["duplicates_problem"] == "Redacted was not yet asked for duplicates."
    upload = Upload.objects.select_related("tracker").get(pk=red["id"])
    with adapter_open(upload.tracker, credential_choose(upload.tracker)) as adapter:
        payload = payload_load(upload.payload, bytes(upload.torrent_file or b""))
        there = adapter.upload(payload)
    upload_search(upload.pk)

    red = api("viewer").get(f"/api/uploads/{upload.pk}/").json()

    (one,) = red["duplicates"]
    assert (one["url"], one["remote_id"]) == (there.url, there.remote_id)
    assert (one["strength"], one["size"]) == ("sure", payload.torrent.size)
    assert set(one) == {
        *("title", "url", "message", "strength"),
        *("remote_id", "format", "encoding", "size"),
    }
    assert red["duplicates_checked_at"]
    assert red["duplicates_problem"] == ""
    assert red["digest"] == upload.digest


@pytest.mark.parametrize("kind", ["uploads", "releases"])
@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"]
)
@pytest.mark.parametrize("name", ["created_after", "created_before"])
def test_moments_at_the_ends_of_time_are_no_error(api, kind, moment, name):
    answer = api("viewer").get(f"/api/{kind}/?{name}={moment}")
    assert answer.status_code in (200, 400)
