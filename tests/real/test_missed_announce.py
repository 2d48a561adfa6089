"""A tracker's answer that the client missed is asked for again."""

import pytest

from releases.clients.answers import ANNOUNCES
from releases.clients.types import AnnounceStatus
from releases.models import TorrentClient
from releases.services.clients import client_password
from tests.driving import drive
from tests.workers import wait_until
from uploads.models import Upload
from uploads.services.approval import release_approve
from uploads.services.seeding import ASK_AGAIN_AT, seeding_follow

pytestmark = [pytest.mark.real, pytest.mark.qbittorrent, pytest.mark.django_db]

# libtorrent itself comes back after some 17 seconds.
SOON = 10


@pytest.fixture
def upload(desk, qbittorrent, sandbox):
    """On its tracker and in the client, which got no answer to its announce."""
    client = TorrentClient.objects.create(
        name="qBittorrent", url=qbittorrent.url, username=qbittorrent.username
    )
    client_password(client, qbittorrent.password)
    desk.library.torrent_client = client
    desk.library.save()
    release = desk.prepare(targets=["red"])
    sandbox.fail("red", "announce", "drop-before")
    release_approve(release_id=release.pk, actor_id=None)
    drive()
    found = Upload.objects.get()
    look(found, at=0)
    wait_until(lambda: len(sandbox.requests("red", "announce")) == 1)
    # A client that still waits for the answer begins no second announce.
    client_api = qbittorrent.api()
    wait_until(lambda: has_failed(client_api, found.infohash))
    return found


def has_failed(client_api, infohash):
    """Whether the client has noticed that its announce got no answer."""
    rows = client_api.torrents_trackers(infohash)
    return ANNOUNCES.get(rows[-1].status) is AnnounceStatus.NOT_WORKING


def look(upload, *, at):
    """One look at the seeding, as if it were the one with this number."""
    Upload.objects.filter(pk=upload.pk).update(
        seeding_looks=at, seeding_due_at="2020-01-01T00:00:00Z"
    )
    seeding_follow(upload.pk)
    upload.refresh_from_db()


def test_the_client_announces_again_and_the_seeding_is_confirmed(upload, sandbox):
    look(upload, at=min(ASK_AGAIN_AT))
    assert upload.seeding != "confirmed"
    wait_until(lambda: len(sandbox.requests("red", "announce")) == 2, seconds=SOON)

    def confirmed():
        look(upload, at=1)
        return upload.seeding == "confirmed"

    wait_until(confirmed)
    assert len(sandbox.requests("red", "announce")) == 2


def test_other_looks_leave_the_tracker_alone(upload, sandbox):
    for at in range(min(ASK_AGAIN_AT)):
        look(upload, at=at)
    assert len(sandbox.requests("red", "announce")) == 1
