"""`upload --server URL`: the same command against a live server with real workers."""

import json
import os
import signal
import subprocess
import sys

import pytest
import requests

from releases.models import Release
from releases.services.lifecycle import release_reopen
from releases.services.remerge import release_override
from tests import factories
from tests.flaky import flaky_way
from tests.workers import ROOT, wait_until
from uploads.cli.connection import Connection, ServerUnreachable
from uploads.models import Upload

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def server(live_server, desk, monkeypatch):
    """A live server; the token of its approver stands in the environment."""
    person = factories.UserFactory(role="approver", password="correct horse")
    login = {"username": person.username, "password": "correct horse"}
    answer = requests.post(f"{live_server.url}/api/auth/login/", json=login, timeout=30)
    assert answer.status_code == 200, answer.text
    monkeypatch.setenv("HERALD_TOKEN", answer.json()["token"])
    return live_server


@pytest.fixture
def remote(cli, server):
    """`remote(…)` runs the command against the server."""

    def run(*arguments, url=server.url, **more):
        return cli(*map(str, arguments), "--server", url, **more)

    return run


@pytest.fixture
def way(server):
    with flaky_way(server.url) as found:
        yield found


@pytest.fixture
def token():
    return os.environ["HERALD_TOKEN"]


def without_herald(*arguments, **more):
    """The command where no Herald is set up: an empty environment, another folder."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        **{name: os.environ[name] for name in ("HERALD_TOKEN",) if name in os.environ},
    }
    return subprocess.Popen(
        [sys.executable, "-m", "uploads.cli", *map(str, arguments)],
        cwd="/",
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **more,
    )


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
    release_override(release_id=release.pk, changes={"year": None}, actor_id=None)
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


# --- Ways in which it cannot be ------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["relative/path"], 2, "is not a whole path"),
        (["/x/given.torrent"], 2, "A .torrent cannot be given to a server."),
        (["/x", "--content", "/y"], 2, "A .torrent cannot be given to a server."),
        (["/x", "--trackers", "btn"], 2, "No active tracker is called btn."),
        (["/x", "--kind", "tape"], 2, "Some fields are missing or wrong"),
        (["/etc"], 2, "lies outside every library"),
        (["/x", "--token-file", "/nowhere"], 2, "The token file /nowhere cannot be"),
        (["/x", "--token", "wrong-token"], 2, "The token is wrong or has expired."),
        (["--queue", "--token", "caf\xe9"], 2, "There is no usable token."),
    ],
)
def test_bad_input_is_one_sentence(remote, arguments, code, sentence):
    said = remote(*arguments)
    assert said.code == code
    assert sentence in said.text
    assert len(said.text.splitlines()) == 1
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    ("url", "code", "sentence"),
    [
        ("herald.example", 2, "with http:// or https://"),
        ("http://me:secret@herald.example", 2, "more than an address"),
        ("http://127.0.0.1:9", 5, "http://127.0.0.1:9 cannot be reached"),
    ],
)
def test_a_server_that_is_none(remote, url, code, sentence):
    said = remote("--queue", url=url)
    assert said.code == code
    assert sentence in said.text
    assert "secret" not in said.text


def test_the_sandbox_is_no_herald(remote, desk):
    said = remote("--queue", url=desk.sandbox.origin)
    assert said.code == 2
    assert "is not Herald" in said.text


def test_a_token_from_a_file(remote, token, tmp_path, monkeypatch):
    (tmp_path / "token").write_text(f"{token}\n")
    monkeypatch.delenv("HERALD_TOKEN")
    assert remote("--queue", "--token-file", tmp_path / "token").code == 0
    assert remote("--queue", "--token", token).code == 0
    assert remote("--queue").code == 2


def test_a_role_that_may_not(remote, book, live_server, workers, monkeypatch):
    workers.start()
    person = factories.UserFactory(role="preparer", password="correct horse")
    login = {"username": person.username, "password": "correct horse"}
    answer = requests.post(f"{live_server.url}/api/auth/login/", json=login, timeout=30)
    monkeypatch.setenv("HERALD_TOKEN", answer.json()["token"])
    said = remote(book, "--yes")
    assert said.code == 2
    assert "Your role does not allow you to approve" in said.text
    assert remote("--retry", "1").code == 2


def test_a_lost_connection_is_taken_up_again(remote, way, book, desk, workers):
    workers.start()
    way.lose = {"releases": 1, "approve": 1, "uploads": 2}
    said = remote(book, "--yes", "--json", url=way.url)
    assert said.code == 0, said.text
    assert len(said.of("connection_lost")) >= 3
    assert len(desk.sandbox.uploads()) == 2
    assert Release.objects.count() == 1
    assert Release.objects.get().approvals.count() == 1


def test_a_server_that_stays_away_says_how_to_go_on(server, way):
    said = []
    connection = Connection(
        way.url, os.environ["HERALD_TOKEN"], on_lost=said.append, patience=1.5
    )
    assert connection.call("GET", "uploads/")["results"] == []
    way.refuse = 100
    with pytest.raises(ServerUnreachable, match="Give the same command again"):
        connection.call("GET", "uploads/")
    assert len(said) == 1
    way.refuse = 0
    way.status = [(503, {}, b"{}")]
    assert connection.call("GET", "uploads/")["results"] == []
    assert (len(said), connection.repeated) == (2, True)


def test_a_killed_command_goes_on_with_the_next_one(
    remote, server, book, desk, workers
):
    workers.start()
    process = without_herald(book, "--yes", "--json", "--server", server.url)
    for line in process.stdout:
        if json.loads(line)["event"] == "draft":
            break
    process.kill()
    process.communicate()
    assert remote(book, "--yes").code == 0
    assert len(desk.sandbox.uploads()) == 2


def test_a_busy_server_is_waited_for(remote, way):
    way.status = [
        (429, {"Retry-After": "0", "Content-Type": "application/json"}, b"{}"),
        (429, {"Content-Type": "application/json"}, b"{}"),
    ]
    assert remote("--queue", url=way.url).code == 0


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (
            (301, {"Location": "https://else.example/api/"}, b""),
            "sends us on to https:",
        ),
        ((200, {}, b"<html>"), "is not Herald (HTTP 200)"),
        ((404, {}, b"[]"), "is not Herald (HTTP 404)"),
    ],
)
def test_what_answers_in_its_place(remote, way, status, sentence):
    way.status = [status]
    said = remote("--queue", url=way.url)
    assert said.code == 2
    assert sentence in said.text


def test_a_link_to_elsewhere_is_not_followed_there(remote, way, token):
    page = {"results": [], "next": "http://127.0.0.1:9/api/uploads/?page=2"}
    last = {"results": [], "next": None}
    way.status = [(200, {}, json.dumps(one).encode()) for one in (page, last)]
    assert remote("--status", url=way.url).code == 0
    assert way.seen[-1] == ("GET", "/api/uploads/?page=2")


def test_ctrl_c_stops_looking(server, book, desk):
    """Nobody prepares: there is no worker."""
    process = without_herald(book, "--json", "--server", server.url)
    lines = [json.loads(process.stdout.readline())]
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
