"""The documents' example client: a program of its own, over HTTP, with real workers."""

import os
import subprocess
import sys

import pytest

from config.access import token_issue
from releases.models import Release, TorrentClient
from releases.services.clients import client_password
from tests.publishing import desk_at
from tests.workers import ROOT
from uploads.models import Upload

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def publish(live_server, people):
    """Runs the client; gives exit code, what it printed and what it complained of."""

    def run(*arguments, token="", role="approver"):
        done = subprocess.run(
            [
                sys.executable,
                str(ROOT / "docs/examples/publish.py"),
                *arguments,
                f"--server={live_server.url}",
            ],
            env={
                **os.environ,
                "HERALD_TOKEN": token or token_issue(people[role], scope=role)[1],
                "PYTHONUNBUFFERED": "1",
            },
            capture_output=True,
            text=True,
            timeout=100,
        )
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture
def folder(workers, sandbox, tmp_path):
    desk = desk_at(sandbox, tmp_path)
    (found,) = (p for p in (tmp_path / "library").iterdir() if "Time Machine" in p.name)
    assert desk.library.path in str(found)
    return found


def test_a_folder_is_published_from_its_path_to_the_end(
    publish, folder, workers, sandbox
):
    workers.start()
    code, said, complained = publish(str(folder), "--trackers=red,ops")
    assert (code, complained) == (0, ""), said + complained
    assert said.startswith("new") and "\nready" in said
    assert Release.objects.get().state == "published"
    for site in ("red", "ops"):
        (stored,) = sandbox.uploads(site)
        upload = Upload.objects.get(tracker__slug=site)
        assert upload.remote_id == str(stored["id"])
        assert f"{site}: {upload.remote_url}" in said
    assert publish(str(folder))[0] == 0, "once more: nothing is left to do"
    assert len(sandbox.uploads()) == 2


def test_what_a_tracker_refuses_is_said(publish, folder, workers, sandbox):
    sandbox.fail("red", "upload", "refuse", times=None, message="Not today.")
    workers.start()
    code, said, _ = publish(str(folder), "--trackers=red,ops")
    assert code == 1
    assert "Not today." in said
    assert len(sandbox.uploads("ops")) == 1


def test_what_herald_refuses_ends_it(publish, folder):
    code, _, complained = publish("/somewhere/else")
    assert code == 2
    assert "(path_outside)" in complained
    code, _, complained = publish(str(folder), role="viewer")
    assert code == 2
    assert "(forbidden)" in complained
    assert publish(str(folder), token="nonsense")[0] == 2


@pytest.mark.qbittorrent
def test_it_ends_when_all_is_seeding(publish, folder, workers, sandbox, qbittorrent):
    client = TorrentClient.objects.create(
        name="qBittorrent", url=qbittorrent.url, username=qbittorrent.username
    )
    client_password(client, qbittorrent.password)
    client.libraries.add(*client.libraries.model.objects.all())
    workers.start()
    code, said, _ = publish(str(folder), "--trackers=red,ops")
    assert code == 0, said
    assert said.count("success confirmed") >= 2
