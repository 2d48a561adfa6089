"""`manage.py upload PATH`: from a folder to two trackers, and every way it ends."""

import pytest

from releases.models import Release
from releases.services.lifecycle import release_reopen
from trackers.services.adapters import adapter_open
from trackers.services.choosing import credential_choose
from uploads.models import Upload
from uploads.payloads import payload_load
from uploads.services.searching import upload_search

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_folder_goes_to_both_trackers(cli, book, desk):
    said = cli(str(book), "--yes")
    assert said.code == 0, said.text
    assert [len(desk.sandbox.uploads(site)) for site in ("red", "ops")] == [1, 1]
    assert Release.objects.get().state == "published"
    lines = said.text.splitlines()
    assert lines[0] == f"Release {Release.objects.get().pk}: {book.name}"
    # A quick preparation is over before the first look.
    assert lines[1].endswith("…") or lines[1] == "The Time Machine"
    assert "red: success" in said.text
    assert "ops: success" in said.text
    assert desk.sandbox.origin in said.text
    assert "Result" in lines
    approval = Release.objects.get().approvals.get()
    assert approval.actor
    assert (approval.actor.username, approval.note) == (
        "root",
        "Approved on the command line.",
    )


def test_every_line_is_json_for_programs(cli, book, desk):
    said = cli(str(book), "--yes", "--json")
    assert said.code == 0, said.text
    events = said.events
    assert events[0]["event"] == "release"
    assert {event["phase"] for event in said.of("progress")} <= {
        *("scan", "read", "enrich", "hash", "draft")
    }
    drafts = {draft["tracker"]: draft for draft in said.of("draft")}
    assert set(drafts) == {"red", "ops"}
    assert "The Time Machine" in drafts["red"]["title"]
    assert drafts["red"]["problems"] == []
    assert len(drafts["red"]["digest"]) == 64
    outcomes = {row["tracker"]: row for row in said.of("outcome")}
    assert outcomes["ops"]["status"] == "success"
    assert outcomes["ops"]["url"].startswith(desk.sandbox.origin)
    assert events[-1] == {"event": "result", "ok": True, "exit_code": 0}
    assert said.text.isascii()


def test_only_the_named_trackers(cli, book, desk):
    said = cli(str(book), "--yes", "--trackers", " red,, red ")
    assert said.code == 0, said.text
    assert len(desk.sandbox.uploads("red")) == 1
    assert desk.sandbox.uploads("ops") == []


def test_a_dry_run_sends_nothing(cli, book, desk):
    said = cli(str(book), "--dry-run", "--yes", "--json")
    assert said.code == 0
    assert "dry run" in said.of("message")[0]["message"]
    assert desk.sandbox.requests(action="upload") == []
    assert set(Upload.objects.values_list("status", flat=True)) == {"draft"}


def test_a_dry_run_tells_of_problems_by_its_code(cli, book, desk):
    for site in desk.trackers.values():
        site.template_choices.all().delete()
    said = cli(str(book), "--dry-run")
    assert said.code == 3
    assert "has no template for releases of kind audiobook" in said.text


def test_without_a_terminal_nobody_is_asked(cli, book, desk):
    said = cli(str(book))
    assert said.code == 3
    release = Release.objects.get()
    assert said.text.splitlines()[-1] == f"Release {release.pk} waits for approval."
    assert desk.sandbox.uploads() == []


@pytest.mark.parametrize(("answer", "code"), [("\ny\n", 0), ("\nn\n", 3), ("", 3)])
def test_a_person_is_asked(cli, book, desk, answer, code):
    said = cli(str(book), answer=answer)
    assert "Approve and upload to these trackers? [y/N]" in said.text
    assert said.code == code
    assert len(desk.sandbox.uploads()) == (2 if code == 0 else 0)


def test_a_draft_that_came_up_while_a_person_was_asked_is_not_sent(cli, book, desk):
    def another():
        draft = Upload.objects.get()
        draft.pk, draft.tracker = None, desk.trackers["ops"]
        draft.save()

    said = cli(str(book), "--trackers", "red", answer="y\n", meanwhile=another)
    assert "red: success" in said.text
    assert len(desk.sandbox.uploads("red")) == 1
    assert Upload.objects.get(tracker__slug="ops").status == "draft"
    assert desk.sandbox.uploads("ops") == []


def test_the_same_command_goes_on_where_it_stopped(cli, book, desk):
    assert cli(str(book)).code == 3
    (book / "extra.txt").write_text("one more file")
    said = cli(str(book), "--yes", "--trackers", "ops", "--json")
    assert said.code == 0, said.text
    release = Release.objects.get()
    assert (release.targets, release.file_count, release.revision) == (["ops"], 2, 2)
    assert desk.sandbox.uploads("red") == []
    assert len(desk.sandbox.uploads("ops")) == 1


def test_a_published_release_is_only_reported(cli, book, desk):
    cli(str(book), "--yes")
    said = cli(str(book), "--yes")
    assert said.code == 0
    assert "was approved before; here is how its uploads go." in said.text
    assert len(desk.sandbox.uploads()) == 2


@pytest.mark.parametrize(
    ("wish", "what"),
    [
        (["--trackers", "red,ops"], "for ops"),
        (["--kind", "music"], "as a release of kind music"),
    ],
)
def test_what_a_published_release_was_not_approved_for_is_refused(
    cli, book, desk, wish, what
):
    assert cli(str(book), "--yes", "--trackers", "red").code == 0
    said = cli(str(book), "--yes", "--json", *wish)
    assert said.code == 2
    (error,) = said.of("error")
    assert error["code"] == "release_approved"
    assert f"is approved already, but not {what}. Reopen it first" in error["message"]
    assert desk.sandbox.uploads("ops") == []
    assert cli(str(book), "--trackers", "red").code == 0


def test_a_reopened_release_goes_to_another_tracker(cli, book, desk):
    cli(str(book), "--yes", "--trackers", "red")
    release_reopen(release_id=Release.objects.get().pk, actor_id=None)
    assert cli(str(book), "--yes", "--trackers", "ops").code == 0
    assert [len(desk.sandbox.uploads(site)) for site in ("red", "ops")] == [1, 1]


def test_a_refused_upload_is_a_failure(cli, book, desk):
    desk.sandbox.fail("red", "upload", "refuse", message="Wrong category.")
    said = cli(str(book), "--yes", "--json")
    assert said.code == 1
    outcomes = {row["tracker"]: row for row in said.of("outcome")}
    assert outcomes["ops"]["status"] == "success"
    assert outcomes["red"]["status"] == "failed"
    assert "Wrong category" in outcomes["red"]["reason"]
    assert said.of("result") == [{"event": "result", "ok": False, "exit_code": 1}]


def test_a_lost_answer_is_settled_here_as_well(cli, book, desk, settings):
    settings.SETTLE_LOOKS = [0.2, 0.2]
    desk.sandbox.fail("red", "upload", "drop-after")
    said = cli(str(book), "--yes", "--json", "--trackers", "red")
    assert said.code == 0, said.text
    assert [e["status"] for e in said.of("upload")][-1] == "success"
    assert len(desk.sandbox.uploads("red")) == 1


def test_what_takes_too_long_goes_on_without_us(cli, book, desk):
    desk.trackers["ops"].credentials.update(is_active=False)
    said = cli(str(book), "--yes", "--wait", "3", "--json")
    assert said.code == 4
    assert {u.tracker.slug: u.status for u in Upload.objects.all()} == {
        "red": "success",
        "ops": "pending",
    }
    assert "manage.py worker" in said.of("unfinished")[0]["message"]


def test_some_drafts_left_out_wait_for_a_person(cli, book, desk):
    desk.trackers["ops"].template_choices.all().delete()
    said = cli(str(book), "--yes", "--json")
    assert said.code == 3
    assert len(desk.sandbox.uploads("red")) == 1
    (left_out,) = said.of("left_out")
    assert left_out["message"].startswith("Orpheus is left out: ")


def test_all_drafts_with_problems_wait_for_a_person(cli, book, desk):
    for site in desk.trackers.values():
        site.template_choices.all().delete()
    said = cli(str(book), "--yes", "--json")
    assert said.code == 3
    (waiting,) = said.of("waiting")
    assert waiting["message"].startswith("Every draft has problems")


def test_no_tracker_takes_this_kind(cli, book, desk):
    for site in desk.trackers.values():
        site.kinds = ["music"]
        site.save()
    said = cli(str(book), "--yes", "--json")
    assert said.code == 3
    assert said.of("waiting")[0]["message"].startswith(
        "No active tracker takes a release of kind audiobook"
    )


def test_a_failed_preparation_is_a_failure(cli, book, desk):
    for file in book.iterdir():
        file.write_bytes(b"")
    said = cli(str(book), "--yes", "--json")
    assert said.code == 1
    (failed,) = said.of("failed")
    assert failed["code"] == "files_empty"
    assert (
        failed["message"] == f"Every file in {book} is empty. Copy the release again."
    )


def test_an_error_inside_herald_is_one_sentence(cli, book, desk):
    from releases.signals import release_prepared

    def broken(**_):
        raise ZeroDivisionError

    release_prepared.connect(broken)
    try:
        said = cli(str(book), "--yes")
    finally:
        release_prepared.disconnect(broken)
    assert said.code == 1
    assert "because of an error inside Herald" in said.text
    assert "Traceback" not in said.text


def test_kind_and_asin_are_taken_over_the_second_time_too(cli, book, desk):
    cli(str(book), "--asin", "B0HERALD01")
    assert Release.objects.get().overrides == {"asin": "B0HERALD01"}
    cli(str(book), "--asin", "b0herald02", "--kind", "music")
    release = Release.objects.get()
    assert (release.overrides["asin"], release.kind) == ("B0HERALD02", "music")


def test_what_a_tracker_has_already_is_in_the_table(cli, book, desk):
    first = cli(str(book), "--dry-run", "--trackers", "red")
    assert "Redacted was not yet asked for duplicates." in first.text
    draft = Upload.objects.select_related("tracker").get()
    with adapter_open(draft.tracker, credential_choose(draft.tracker)) as adapter:
        there = adapter.upload(
            payload_load(draft.payload, bytes(draft.torrent_file or b""))
        )
    upload_search(draft.pk)

    said = cli(str(book), "--dry-run", "--trackers", "red")

    assert "the same name and total size." in " ".join(said.text.split())
    assert "not yet asked" not in said.text
    (event,) = cli(str(book), "--dry-run", "--trackers", "red", "--json").of("draft")
    assert event["duplicates"][0]["url"] == there.url
    assert event["duplicates_checked_at"]
