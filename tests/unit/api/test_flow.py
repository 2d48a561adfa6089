"""The whole way by the API: a folder, its drafts, an approval, two real uploads."""

import pytest

from releases.models import Release
from releases.services.prepare import release_prepare
from tests import factories
from tests.unit.api.calls import uploads_of
from uploads.models import Upload
from uploads.services.running import uploads_work

pytestmark = pytest.mark.django_db


def test_from_a_folder_to_two_trackers(desk, api, folder, people):
    made = api("preparer").post(
        "/api/releases/", {"path": str(folder), "trackers": ["red", "ops"]}, "json"
    )
    assert made.status_code == 201
    body = made.json()
    assert (body["state"], body["targets"]) == ("new", ["red", "ops"])
    assert body["created_by"] == people["preparer"].username
    pk = body["id"]

    asked = api("preparer").post(f"/api/releases/{pk}/prepare/")
    assert asked.status_code == 202
    release_prepare(pk)
    progress = api("viewer").get(f"/api/releases/{pk}/progress/").json()
    assert progress == {"state": "ready", "progress": {}, "error": {}}

    drafts = uploads_of(api, pk)
    assert {draft["tracker"] for draft in drafts} == {"red", "ops"}
    assert {draft["status"] for draft in drafts} == {"draft"}
    assert not any(p["severity"] == "error" for d in drafts for p in d["problems"])

    approved = api("approver").post(
        f"/api/releases/{pk}/approve/",
        {
            "note": "Listened to it.",
            "digests": {draft["id"]: draft["digest"] for draft in drafts},
        },
        "json",
    )
    assert approved.status_code == 200, approved.content
    assert approved.json()["release"]["state"] == "approved"
    assert len(approved.json()["approved"]) == 2
    assert approved.json()["left_out"] == []

    assert uploads_work() == 2
    for upload in uploads_of(api, pk):
        assert upload["status"] == "success"
        assert upload["remote_url"].startswith(desk.sandbox.origin)
        (stored,) = desk.sandbox.uploads(upload["tracker"])
        assert stored["infohash"] == upload["site_infohash"]
        attempts = api("viewer").get(f"/api/uploads/{upload['id']}/attempts/").json()
        (attempt,) = attempts["results"]
        assert (attempt["number"], attempt["outcome"]) == (1, "success")
        assert attempt["sending_at"] <= attempt["finished_at"]
    assert api("viewer").get(f"/api/releases/{pk}/").json()["state"] == "published"
    (decision,) = api("viewer").get(f"/api/releases/{pk}/approvals/").json()["results"]
    assert decision["actor"] == people["approver"].username
    assert decision["note"] == "Listened to it."
    assert set(decision["digests"].values()) == {d["digest"] for d in drafts}
    figures = api("viewer").get("/api/analytics/trackers/").json()
    assert {row["tracker"]: row["success"] for row in figures} == {"red": 1, "ops": 1}


def test_only_the_named_drafts_are_approved(api, prepared):
    red = next(d for d in uploads_of(api, prepared) if d["tracker"] == "red")
    answer = api("approver").post(
        f"/api/releases/{prepared}/approve/", {"uploads": [red["id"]]}, "json"
    )
    assert [upload["tracker"] for upload in answer.json()["approved"]] == ["red"]
    statuses = {u["tracker"]: u["status"] for u in uploads_of(api, prepared)}
    assert statuses == {"red": "pending", "ops": "draft"}


@pytest.mark.parametrize("shown", [["red"], []])
def test_a_draft_without_a_digest_was_not_read(api, prepared, shown):
    drafts = {d["tracker"]: d for d in uploads_of(api, prepared)}
    digests = {drafts[site]["id"]: drafts[site]["digest"] for site in shown}
    answer = api("approver").post(
        f"/api/releases/{prepared}/approve/", {"digests": digests}, "json"
    )
    assert answer.status_code == (200 if shown else 409)
    pending = Upload.objects.exclude(status="draft")
    assert [upload.tracker.slug for upload in pending] == shown


def test_a_draft_that_reads_otherwise_by_now_is_left_out(api, prepared):
    drafts = {d["tracker"]: d for d in uploads_of(api, prepared)}
    digests = {drafts["red"]["id"]: drafts["red"]["digest"], drafts["ops"]["id"]: "0"}
    answer = api("approver").post(
        f"/api/releases/{prepared}/approve/", {"digests": digests}, "json"
    )
    assert [upload["tracker"] for upload in answer.json()["approved"]] == ["red"]
    assert answer.json()["left_out"] == [
        "Orpheus is left out: it was changed while you were looking. Look at it again "
        "and approve once more."
    ]


def test_nothing_left_to_approve_is_a_conflict(api, prepared):
    digests = {d["id"]: "0" for d in uploads_of(api, prepared)}
    answer = api("approver").post(
        f"/api/releases/{prepared}/approve/", {"digests": digests}, "json"
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_approve")
    assert not Upload.objects.exclude(status="draft").exists()


@pytest.mark.parametrize(
    "digests",
    [
        *({"x": "0"}, {"9" * 5000: "0"}, {"-1": "0"}, []),
        {str(pk): "0" for pk in range(1, 1002)},
    ],
)
def test_digests_need_ids(api, prepared, digests):
    answer = api("approver").post(
        f"/api/releases/{prepared}/approve/", {"digests": digests}, "json"
    )
    assert answer.status_code == 400
    assert "digests" in answer.json()["extra"]["fields"]


def test_files_that_changed_before_the_approval(api, prepared, folder):
    next(folder.iterdir()).rename(folder / "renamed.m4b")
    answer = api("approver").post(f"/api/releases/{prepared}/approve/", {}, "json")
    assert (answer.status_code, answer.json()["code"]) == (409, "release_changed")
    assert answer.json()["message"].endswith(
        "is gone since the release was prepared. It is being prepared again; approve "
        "what it says then."
    )
    assert not Upload.objects.exclude(status="draft").exists()


def test_files_that_changed_between_approval_and_sending(api, prepared, folder, desk):
    api("approver").post(f"/api/releases/{prepared}/approve/", {}, "json")
    (folder / "extra.txt").write_text("one more")
    uploads_work()
    assert desk.sandbox.uploads() == []
    for upload in uploads_of(api, prepared):
        assert upload["status"] == "draft"
        assert upload["approved_at"] is None
    release = Release.objects.get(pk=prepared)
    assert release.state == "ready"
    last = release.events.last()
    assert last
    assert last.reason == ("extra.txt is new since the release was prepared.")
    (decision,) = (
        api("viewer").get(f"/api/releases/{prepared}/approvals/").json()["results"]
    )
    assert decision["void_reason"] == "extra.txt is new since the release was prepared."
    release_prepare(prepared)
    answer = api("approver").post(f"/api/releases/{prepared}/approve/", {}, "json")
    assert answer.status_code == 200
    uploads_work()
    assert len(desk.sandbox.uploads()) == 2


def test_an_edit_ends_an_approval(api, prepared):
    api("approver").post(f"/api/releases/{prepared}/approve/", {}, "json")
    answer = api("preparer").patch(
        f"/api/releases/{prepared}/metadata/",
        {"fields": {"title": "Another title"}},
        "json",
    )
    assert answer.status_code == 200
    assert answer.json()["metadata"]["title"]["value"] == "Another title"
    assert answer.json()["overrides"] == {"title": "Another title"}
    assert {u["status"] for u in uploads_of(api, prepared)} == {"draft"}
    back = api("preparer").patch(
        f"/api/releases/{prepared}/metadata/", {"revert": ["title"]}, "json"
    )
    assert back.json()["overrides"] == {}


def test_wrong_metadata_is_refused_by_field(api, prepared):
    answer = api("preparer").patch(
        f"/api/releases/{prepared}/metadata/", {"fields": {"year": "soon"}}, "json"
    )
    assert answer.status_code == 400
    assert answer.json()["code"] == "metadata_invalid"
    assert set(answer.json()["extra"]["fields"]) == {"year"}


def test_files_and_metadata_are_readable(api, prepared):
    files = api("viewer").get(f"/api/releases/{prepared}/files/").json()
    assert [file["path"] for file in files["results"]] == ["The Time Machine.m4b"]
    assert files["results"][0]["audio"]["codec"]
    metadata = api("viewer").get(f"/api/releases/{prepared}/metadata/").json()
    assert metadata["metadata"]["title"]["source"] == "tags"


def test_rejecting_and_reopening(api, prepared):
    answer = api("approver").post(
        f"/api/releases/{prepared}/reject/", {"note": "Bad rip."}, "json"
    )
    assert answer.json()["state"] == "rejected"
    again = api("approver").post(f"/api/releases/{prepared}/reject/", {}, "json")
    assert (again.status_code, again.json()["code"]) == (409, "release_not_ready")
    answer = api("approver").post(f"/api/releases/{prepared}/reopen/")
    assert answer.json()["state"] == "ready"
    again = api("approver").post(f"/api/releases/{prepared}/reopen/")
    assert (again.status_code, again.json()["code"]) == (409, "release_not_closed")


def test_an_approved_release_is_not_prepared_unasked(api, prepared):
    api("approver").post(f"/api/releases/{prepared}/approve/", {}, "json")
    answer = api("preparer").post(f"/api/releases/{prepared}/prepare/")
    assert (answer.status_code, answer.json()["code"]) == (409, "release_approved")


def test_cancelling_a_preparation(api, db):
    release = factories.ReleaseFactory(state="preparing")
    answer = api("preparer").post(f"/api/releases/{release.pk}/cancel/")
    assert answer.status_code == 202
    release.refresh_from_db()
    assert release.cancel_requested
    release = factories.ReleaseFactory(state="ready")
    answer = api("preparer").post(f"/api/releases/{release.pk}/cancel/")
    assert (answer.status_code, answer.json()["code"]) == (409, "release_not_preparing")


def test_an_unknown_tracker_is_told_before_anything_is_made(api, desk, folder):
    answer = api("preparer").post(
        "/api/releases/", {"path": str(folder), "trackers": ["red", "btn"]}, "json"
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "tracker_unknown")
    assert answer.json()["message"] == (
        "No active tracker is called btn. There are: ops, red."
    )
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/etc/passwd", "path_outside"),
        ("relative", "path_relative"),
        ("", "invalid"),
        ("/" + "x" * 5000, "invalid"),
    ],
)
def test_a_bad_path_gets_its_sentence(api, desk, path, code):
    answer = api("preparer").post("/api/releases/", {"path": path}, "json")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_form_works_as_well(api, folder):
    answer = api("preparer").post(
        "/api/releases/",
        f"path={folder}&trackers=red&kind=audiobook",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 201
    assert answer.json()["targets"] == ["red"]


def test_trackers_and_kind_are_corrected(api, prepared):
    url = f"/api/releases/{prepared}/"
    answer = api("preparer").patch(url, {"trackers": ["red"]}, "json")
    assert (answer.status_code, answer.json()["targets"]) == (202, ["red"])
    assert release_prepare(prepared)
    assert {u["tracker"]: u["status"] for u in uploads_of(api, prepared)} == {
        "red": "draft",
        "ops": "cancelled",
    }
    answer = api("preparer").patch(url, {"trackers": [], "kind": "music"}, "json")
    assert (answer.json()["targets"], answer.json()["kind"]) == ([], "music")


@pytest.mark.parametrize(
    ("body", "status"), [({"trackers": ["btn"]}, 400), ({"kind": "tape"}, 400)]
)
def test_a_correction_is_checked(api, prepared, body, status):
    answer = api("preparer").patch(f"/api/releases/{prepared}/", body, "json")
    assert answer.status_code == status
    assert Release.objects.get().targets == []


def test_an_approved_release_is_reopened_before_it_is_corrected(api, prepared):
    url = f"/api/releases/{prepared}/"
    api("approver").post(f"{url}approve/", {}, "json")
    answer = api("preparer").patch(url, {"trackers": ["red"]}, "json")
    assert (answer.status_code, answer.json()["code"]) == (409, "release_approved")
    assert Release.objects.get().targets == []
