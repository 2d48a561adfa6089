"""The line that docs/intake.md gives to qBittorrent, as it stands there."""

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
    from config.roles import write_roles

    write_roles()  # emptied with the tables
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
    arguments = [word.replace("%F", str(path)) for word in shlex.split(line)]
    done = subprocess.run(
        arguments, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr == ""
    return done.stdout


def test_the_line_makes_a_release_once(line, book, library):
    Library.objects.update(client_path="/downloads")
    assert f'"source_path":"{NAME}"'.replace('"Q', '\\"Q').replace(
        'e" O', 'e\\" O'
    ) in (call(line, f"/downloads/{NAME}"))
    release = Release.objects.get()
    assert release.created_by.groups.get().name == "preparer"
    again = call(line, f"/downloads/{NAME}")
    assert f'"id":{release.pk},' in again
    assert Release.objects.count() == 1
    assert '"code":"path_not_found"' in call(line, "/downloads/Gone")


@pytest.mark.qbittorrent
def test_a_real_client_runs_it_on_completion(line, book, library, qbittorrent):
    api = qbittorrent.api()
    torrent = torf.Torrent(book, trackers=["http://127.0.0.1:9/announce"], private=True)
    torrent.piece_size = 65_536
    torrent.generate(threads=1)
    api.app_set_preferences({"autorun_enabled": True, "autorun_program": line})
    try:
        api.torrents_add(
            torrent_files=torrent.dump(), save_path=str(book.parent), is_paused=False
        )
        wait_until(Release.objects.exists)
    finally:
        api.app_set_preferences({"autorun_enabled": False})
        api.torrents_delete(delete_files=False, torrent_hashes="all")
    assert Release.objects.get().source_path == NAME
