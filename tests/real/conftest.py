"""Files to seed, and a release that is seeded."""

import pytest

from releases.models import Release, TorrentClient
from releases.services.clients import client_password
from tests.driving import drive
from uploads.services.approval import release_approve


@pytest.fixture
def book(tmp_path):
    """A folder with two files, in a folder of its own."""
    folder = tmp_path / "library" / "A Book + more"
    folder.mkdir(parents=True)
    (folder / "01 – One.m4b").write_bytes(bytes(range(256)) * 1500)
    (folder / "02.m4b").write_bytes(b"two" * 70_000)
    return folder


@pytest.fixture
def release(quick_desk):
    return Release.objects.get()


@pytest.fixture
def seeding(quick_desk, release):
    """Let a torrent client seed the library, then send the release everywhere."""

    def begin(url, *, wrong=""):
        client = TorrentClient.objects.create(
            name="qBittorrent", url=url, username="admin"
        )
        client_password(client, wrong or "correct horse")
        quick_desk.library.torrent_client = client
        quick_desk.library.save()
        release_approve(release_id=release.pk, actor_id=None)
        drive()
        return client

    return begin
