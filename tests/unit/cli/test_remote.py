"""`upload --server URL`: the same command against a live server with real workers."""

import json
import signal

import pytest

from releases.models import Release
from releases.services.lifecycle import release_reopen
from tests.unit.cli.conftest import leave_year_out, without_herald
from tests.workers import wait_until
from uploads.models import Upload

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_folder_goes_to_both_trackers(remote, book, desk, workers):
    workers.start()
    said = remote(book, "--yes", "--json")
    assert said.code == 0, said.text
    assert [len(desk.sandbox.uploads(site)) for site in ("red", "ops")] == [1, 1]
    assert said.events[0]["event"] == "release"
    drafts = {draft["tracker"]: draft for draft in said.of("draft")}
    assert "The Time Machine" in drafts["red"]["title"]
    outcomes = {row["tracker"]: row for row in said.of("outcome")}
    assert outcomes["ops"]["url"].startswith(desk.sandbox.origin)
    assert said.events[-1] == {"event": "result", "ok": True, "exit_code": 0}
    assert Release.objects.get().approvals.get().note == "Approved on the command line."
    # The same again reports it; looking, and what cannot be any more.
    again = remote(book, "--yes")
    assert again.code == 0
    assert "was approved before" in again.text
    assert {row["status"] for row in remote("--status", "--json").events} == {"success"}
    assert remote("--queue").text == "The queue is empty.\n"
    assert remote(book, "--kind", "music").code == 2
    assert len(desk.sandbox.uploads()) == 2


def test_it_runs_where_no_herald_is_set_up(server, book, desk, workers):
    workers.start()
    process = without_herald(book, "--yes", "--json", "--server", server.url)
    said, _ = process.communicate(timeout=100)
    assert process.returncode == 0, said
    assert json.loads(said.splitlines()[-1])["ok"] is True
    assert len(desk.sandbox.uploads()) == 2
    process = without_herald("--queue")
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "say where Herald is" in said


def test_a_person_is_asked_as_at_home(remote, book, desk, workers):
    workers.start()
    said = remote(book, answer="2\ny\n")
    assert said.code == 0, said.text
    assert "  1. ops  Orpheus" in said.text
    assert [len(desk.sandbox.uploads(site)) for site in ("red", "ops")] == [1, 0]


def test_what_is_missing_is_asked_for(remote, book, desk, workers):
    workers.start()
    assert remote(book, "--trackers", "red", "--dry-run").code == 0
    release = Release.objects.get()
    leave_year_out(release)
    wait_until(lambda: any(p["field"] == "year" for p in Upload.objects.get().problems))
    said = remote(book, "--trackers", "red", answer="1895\ny\n")
    assert said.code == 0, said.text
    assert "red: The year is missing; the site asks for it." in said.text
    assert "Year [leave it]:" in said.text
    assert Release.objects.get().overrides["year"] == 1895
    assert len(desk.sandbox.uploads("red")) == 1


def test_many_at_once(remote, book, desk, workers, tmp_path):
    workers.start()
    said = remote("--each-in", desk.library.path, "/etc", "--yes", "--json")
    assert said.code == 2, said.text
    (error,) = said.of("error")
    assert (error["path"], error["code"]) == ("/etc", "path_outside")
    assert len({row["release"] for row in said.of("outcome")}) == 2
    assert len(desk.sandbox.uploads()) == 4
    (tmp_path / "list").write_text(f"{book}\n\n{book}\n")
    again = remote("--from-list", tmp_path / "list")
    assert again.code == 0, again.text
    assert again.text.count("was approved before") == 1


def test_what_was_said_anew_is_prepared_again(remote, book, desk, workers):
    workers.start()
    assert remote(book, "--dry-run").code == 0
    revision = Release.objects.get().revision
    assert remote(book, "--dry-run").code == 0
    assert Release.objects.get().revision == revision  # nothing was new
    said = remote(book, "--dry-run", "--trackers", "ops", "--asin", "b0herald02")
    assert said.code == 0, said.text
    release = Release.objects.get()
    assert (release.targets, release.overrides["asin"]) == (["ops"], "B0HERALD02")
    assert release.revision > revision


def test_a_failed_preparation_and_its_second_try(remote, book, desk, workers):
    workers.start()
    content = {file: file.read_bytes() for file in book.iterdir()}
    for file in content:
        file.write_bytes(b"")
    for _ in range(2):
        said = remote(book, "--yes", "--json")
        assert said.code == 1
        assert said.of("failed")[0]["code"] == "files_empty"
    for file, data in content.items():
        file.write_bytes(data)
    assert remote(book, "--yes").code == 0


def test_a_refused_upload_is_retried(remote, book, desk, workers):
    workers.start()
    desk.sandbox.fail("red", "upload", "refuse", message="Wrong category.")
    said = remote(book, "--yes", "--json", "--trackers", "red")
    assert said.code == 1, said.text
    assert remote("--retry", "4711").code == 1
    assert "There is no such upload." in remote("--retry", "4711").text
    said = remote("--retry", "--json")
    assert said.code == 0, said.text
    assert len(said.of("retried")) == 1
    wait_until(lambda: Upload.objects.get().status == "success")
    assert "No upload has failed." in remote("--retry").text


def test_ctrl_c_stops_looking(way, book, desk):
    """Nobody prepares: there is no worker."""
    process = without_herald(book, "--json", "--server", way.url)
    lines = [json.loads(process.stdout.readline())]
    look = ("GET", f"/api/releases/{lines[0]['id']}/")
    wait_until(lambda: way.seen.count(look) > 1)
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=30)
    lines += [json.loads(line) for line in rest.splitlines()]
    assert process.returncode == 3
    assert lines[-1]["event"] == "interrupted"
    assert "is prepared on the server" in lines[-1]["message"]
    assert Release.objects.get().state == "new"


def test_ctrl_c_after_the_approval_stops_nothing(server, book, desk, workers):
    desk.trackers["ops"].credentials.update(is_active=False)
    workers.start()
    process = without_herald(book, "--yes", "--json", "--server", server.url)
    wait_until(lambda: Upload.objects.filter(status="success").exists(), seconds=60)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 4
    assert [json.loads(line)["event"] for line in said.splitlines()][-3:] == [
        *("interrupted", "unfinished", "result")
    ]


def test_a_reopened_release_goes_to_another_tracker(remote, book, desk, workers):
    workers.start()
    assert remote(book, "--yes", "--trackers", "red").code == 0
    release_reopen(release_id=Release.objects.get().pk, actor_id=None)
    said = remote(book, "--yes", "--trackers", "ops")
    assert said.code == 0, said.text
    assert [len(desk.sandbox.uploads(site)) for site in ("red", "ops")] == [1, 1]
