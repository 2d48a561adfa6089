"""`upload --server URL`: bad input, a way that loses answers, and what is no Herald."""

import json
import os
from typing import Any

import pytest
import requests

from releases.models import Release
from tests import factories
from tests.unit.cli.conftest import without_herald
from uploads.cli.connection import Connection, ServerUnreachable

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


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
    said: list[str] = []
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
    last: dict[str, Any] = {"results": [], "next": None}
    way.status = [(200, {}, json.dumps(one).encode()) for one in (page, last)]
    assert remote("--status", url=way.url).code == 0
    assert way.seen[-1] == ("GET", "/api/uploads/?page=2")
