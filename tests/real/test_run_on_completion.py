"""The line that docs/intake.md gives to qBittorrent, as it stands there."""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import requests
import torf

from releases.models import Library, Release
from tests import factories
from tests.qbittorrent import missing
from tests.workers import wait_until

pytestmark = [pytest.mark.real, pytest.mark.django_db(transaction=True)]

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "intake.md"
NAME = 'Ann "Quote" O\'Author – Title $HOME `x` & more'


@pytest.fixture
def line(live_server, tmp_path):
    """The documented line, with this server's address and a token's file."""
    if shutil.which("curl") is None:
        missing("curl is missing; on Debian: apt-get install curl")
    person = factories.UserFactory(role="preparer", password="correct horse")
    login = {"username": person.username, "password": "correct horse"}
    answer = requests.post(f"{live_server.url}/api/auth/login/", json=login, timeout=30)
    token = tmp_path / "herald-token"
    token.write_text(f"Authorization: Token {answer.json()['token']}\n")
    found = re.search(r"```text\n(curl .*)\n```", DOCUMENT.read_text())
    assert found
    text = found[1].replace("/config/herald-token", str(token))
    return text.replace("http://herald:8000", live_server.url)


@pytest.fixture
def book(tmp_path):
    folder = tmp_path / "downloads" / NAME
    folder.mkdir(parents=True)
    (folder / "01.mp3").write_bytes(bytes(range(256)) * 1500)
    return folder


@pytest.fixture
def library(book):
    """As the torrent client names it elsewhere: only its own name is used below."""
    return Library.objects.create(name="Books", path=str(book.parent))


def call(line, path):
    """Run the line as qBittorrent does: split first, then the path put in."""
    words = shlex.split(line)
    arguments = [word.replace("%F", str(path)).replace("%R", "") for word in words]
    done = subprocess.run(
        arguments, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr == ""
    return done.stdout


def test_the_line_makes_a_release_once(line, book, library):
    Library.objects.update(client_path="/downloads")
    made = json.loads(call(line, f"/downloads/{NAME}"))
    assert made["source_path"] == NAME
    release = Release.objects.get()
    assert release.created_by
    assert release.created_by.groups.get().name == "preparer"
    again = json.loads(call(line, f"/downloads/{NAME}"))
    assert again["id"] == release.pk
    assert Release.objects.count() == 1
    gone = json.loads(call(line, "/downloads/Gone"))
    assert gone["code"] == "path_not_found"


def one_file(book):
    path = book.with_suffix(".m4b")
    (book / "01.mp3").rename(path)
    book.rmdir()
    return path


def two_files(book):
    (book / "02.mp3").write_bytes(b"two" * 70_000)
    return book


@pytest.mark.qbittorrent
@pytest.mark.parametrize("shape", [lambda book: book, two_files, one_file])
def test_a_real_client_runs_it_on_completion(
    line, book, library, shape, any_qbittorrent
):
    content = shape(book)
    api = any_qbittorrent.api()
    torrent = torf.Torrent(
        content, trackers=["http://127.0.0.1:9/announce"], private=True
    )
    torrent.piece_size = 65_536
    torrent.generate(threads=1)
    api.app_set_preferences({"autorun_enabled": True, "autorun_program": line})
    try:
        api.torrents_add(
            torrent_files=torrent.dump(), save_path=str(content.parent), is_paused=False
        )
        wait_until(Release.objects.exists)
    finally:
        api.app_set_preferences({"autorun_enabled": False})
        api.torrents_delete(delete_files=False, torrent_hashes="all")
    assert Release.objects.get().source_path == content.name
