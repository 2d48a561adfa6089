"""What was proven to seed is looked at once a day, in a real qBittorrent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from releases.models import TorrentClient
from releases.services.clients import client_password
from tests.driving import drive
from tests.qbittorrent import free_port
from tests.workers import wait_until
from uploads.models import Upload
from uploads.services.approval import release_approve
from uploads.services.recovery import uploads_sweep
from uploads.services.seeding import seeding_follow, seeding_restart
from uploads.services.watching import DOUBTS, seeding_watch
from uploads.states import Seeding
from uploads.tasks import watch_seeding

pytestmark = [pytest.mark.real, pytest.mark.qbittorrent, pytest.mark.django_db]


@pytest.fixture
def confirmed(quick_desk, qbittorrent):
    """RED's upload, proven to seed."""
    client = TorrentClient.objects.create(
        name="qBittorrent", url=qbittorrent.url, username=qbittorrent.username
    )
    client_password(client, qbittorrent.password)
    quick_desk.library.torrent_client = client
    quick_desk.library.save()
    Upload.objects.filter(tracker__slug="ops").delete()
    found = Upload.objects.get()
    release_approve(release_id=found.release_id, actor_id=None)
    drive()
    wait_until(lambda: stepped(found, seeding_follow) == Seeding.CONFIRMED)
    found.refresh_from_db()
    return found


def stepped(upload, step):
    """One look, now; gives the state after it."""
    Upload.objects.filter(pk=upload.pk).exclude(seeding_due_at=None).update(
        seeding_due_at="2020-01-01T00:00:00Z"
    )
    TorrentClient.objects.update(not_before=None, busy_until=None)
    step(upload.pk)
    upload.refresh_from_db()
    return upload.seeding


def watched(upload, times=1):
    for _ in range(times):
        stepped(upload, seeding_watch)
    return upload.seeding


def test_what_seeds_is_left_alone_for_another_day(confirmed, sandbox):
    before = (confirmed.events.count(), len(sandbox.requests()))
    assert watched(confirmed, 3) == Seeding.CONFIRMED
    assert confirmed.seeding_due_at > timezone.now() + timedelta(hours=20)
    assert (confirmed.events.count(), len(sandbox.requests())) == before


def test_only_the_sweep_of_its_day_asks(confirmed):
    assert uploads_sweep() == 0
    Upload.objects.update(seeding_due_at="2020-01-01T00:00:00Z")
    assert uploads_sweep() == 1
    watch_seeding(upload_id=confirmed.pk)
    assert uploads_sweep() == 0
    seeding_watch(confirmed.pk)  # a nudge that comes twice


def test_a_torrent_taken_out_is_reported_and_comes_back_when_asked_for(
    confirmed, qbittorrent
):
    proven = confirmed.seeding_confirmed_at
    qbittorrent.api().torrents_delete(
        delete_files=False, torrent_hashes=confirmed.infohash
    )
    assert watched(confirmed, DOUBTS) == Seeding.CONFIRMED, "it may be a restart"
    assert watched(confirmed) == Seeding.LOST
    assert "the client no longer has the torrent" in confirmed.seeding_message
    assert confirmed.events.last().reason == confirmed.seeding_message
    assert confirmed.seeding_due_at is None
    assert uploads_sweep() == 0
    assert qbittorrent.api().torrents_info() == [], "nobody brings it back by itself"

    assert seeding_restart(confirmed.pk)
    wait_until(lambda: stepped(confirmed, seeding_follow) == Seeding.CONFIRMED)
    assert confirmed.seeding_confirmed_at > proven


def test_a_stopped_torrent_is_a_problem_until_it_seeds_again(confirmed, qbittorrent):
    proven = confirmed.seeding_confirmed_at
    qbittorrent.api().torrents_stop(torrent_hashes=confirmed.infohash)
    assert watched(confirmed, DOUBTS + 1) == Seeding.PROBLEM
    assert confirmed.seeding_message == (
        "It stopped seeding. The torrent is stopped in the client. Start it there."
    )
    qbittorrent.api().torrents_start(torrent_hashes=confirmed.infohash)
    wait_until(lambda: stepped(confirmed, seeding_follow) == Seeding.CONFIRMED)
    assert confirmed.seeding_confirmed_at == proven, "the first proof stands"
    assert confirmed.seeding_due_at > timezone.now() + timedelta(hours=20)


def test_a_doubt_passes_when_it_seeds_again(confirmed, qbittorrent):
    qbittorrent.api().torrents_stop(torrent_hashes=confirmed.infohash)
    watched(confirmed, DOUBTS)
    assert confirmed.seeding_looks == DOUBTS
    assert confirmed.seeding_due_at < timezone.now() + timedelta(hours=1)
    qbittorrent.api().torrents_start(torrent_hashes=confirmed.infohash)
    client = qbittorrent.client()
    wait_until(lambda: client.status(confirmed.infohash).confirmed)
    assert watched(confirmed) == Seeding.CONFIRMED
    assert confirmed.seeding_looks == 0


def test_a_client_that_is_down_or_gone_says_nothing_about_the_torrent(confirmed):
    TorrentClient.objects.update(url=f"http://127.0.0.1:{free_port()}")
    assert watched(confirmed, DOUBTS + 2) == Seeding.CONFIRMED
    assert confirmed.seeding_looks == 0
    assert confirmed.seeding_due_at > timezone.now() + timedelta(minutes=50)
    TorrentClient.objects.update(is_active=False)
    assert watched(confirmed) == Seeding.CONFIRMED
    assert confirmed.seeding_due_at > timezone.now() + timedelta(hours=20)


def test_a_client_that_is_busy_is_asked_in_a_moment(confirmed):
    Upload.objects.update(seeding_due_at="2020-01-01T00:00:00Z")
    TorrentClient.objects.update(
        busy_until=timezone.now() + timedelta(seconds=60), not_before=None
    )
    seeding_watch(confirmed.pk)
    confirmed.refresh_from_db()
    assert confirmed.seeding == Seeding.CONFIRMED
    assert confirmed.seeding_due_at < timezone.now() + timedelta(seconds=30)
