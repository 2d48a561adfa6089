"""Done means seeding: uploads of the sandbox, followed in a real qBittorrent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from releases.clients import connection
from releases.models import TorrentClient
from releases.services.clients import client_password, client_test
from releases.services.prepare import release_prepare
from tests.driving import drive, pass_time
from tests.qbittorrent import free_port
from tests.seeding import follow, follow_until, states, upload
from trackers.models import Credential, Tracker
from uploads.models import Upload
from uploads.services.approval import release_approve
from uploads.services.recovery import uploads_sweep
from uploads.services.seeding import seeding_follow, seeding_restart
from uploads.states import Seeding

pytestmark = [pytest.mark.real, pytest.mark.qbittorrent, pytest.mark.django_db]
SITES = ("red", "ops")


def test_an_upload_is_done_when_the_client_seeds_and_the_tracker_answers(
    seeding, any_qbittorrent, sandbox, release
):
    seeding(any_qbittorrent.url)
    for site in SITES:
        assert upload(site).seeding == Seeding.WAITING
        done = follow_until(site, Seeding.CONFIRMED)
        assert done.seeding_confirmed_at
        assert done.seeding_due_at > timezone.now() + timedelta(hours=20)
        assert done.events.last().reason.startswith("Seeding is confirmed")
        seeders = sandbox.seeders(site)
        assert [peer["infohash"] for peer in seeders] == [done.site_infohash]
        (info,) = any_qbittorrent.api().torrents_info(torrent_hashes=done.infohash)
        assert info.category == "herald"
        assert info.tags == site
        before = done.events.count()
        follow(site)
        assert upload(site).events.count() == before, "nothing is left to do"
        Upload.objects.filter(pk=done.pk).update(seeding_due_at=done.seeding_due_at)
    assert uploads_sweep() == 0


def test_files_that_were_hashed_here_are_not_read_again(seeding, qbittorrent):
    seeding(qbittorrent.url)
    first = follow("red")
    # Loading takes a moment; reading the files would show as checkingUP or checkingDL.
    calm = ("checkingResumeData", "stalledUP", "uploading", "forcedUP")
    assert states(qbittorrent)[first.infohash] in calm


def test_a_client_that_is_down_delays_and_never_loses(
    seeding, start_qbittorrent, release
):
    port = free_port()
    seeding(f"http://127.0.0.1:{port}")
    for _ in range(15):
        waiting = follow("red")
        assert waiting.seeding == Seeding.WAITING
        assert "nothing listens there" in waiting.seeding_message
        assert waiting.seeding_due_at
    pass_time(1000)
    assert uploads_sweep() == 2
    with start_qbittorrent(port=port):
        follow_until("red", Seeding.CONFIRMED)
        follow_until("ops", Seeding.CONFIRMED)


def test_a_client_that_restarts_in_between_is_followed_on(
    seeding, start_qbittorrent, sandbox
):
    port = free_port()
    with start_qbittorrent(port=port):
        sandbox.fail("*", "announce", "refuse", times=0, message="come back later")
        seeding(f"http://127.0.0.1:{port}")
        follow_until("red", Seeding.PROBLEM)
    assert follow("red").seeding == Seeding.WAITING
    sandbox.heal()
    with start_qbittorrent(port=port):  # a fresh profile: the torrent is lost
        follow_until("red", Seeding.CONFIRMED)


def test_a_wrong_login_is_tried_once_and_never_gets_us_banned(
    seeding, start_qbittorrent, release
):
    with start_qbittorrent() as server:
        client = seeding(server.url, wrong="wrong")
        for _ in range(10):
            connection._refused.clear()  # as a process that has just started
            for site in SITES:
                stuck = follow(site)
                assert stuck.seeding == Seeding.PROBLEM
                assert "does not accept the user name or password" in (
                    stuck.seeding_message
                )
                assert stuck.seeding_due_at, "it goes on once the login is right"
        client.refresh_from_db()
        assert client.check_ok is False
        assert server.client().check().ok, "this machine is not banned"

        client_password(client, server.password)
        follow_until("red", Seeding.CONFIRMED)


def test_a_login_that_becomes_right_there_is_taken_after_a_test(
    seeding, start_qbittorrent
):
    with start_qbittorrent() as server:
        client = seeding(server.url, wrong="a better one")
        assert follow("red").seeding == Seeding.PROBLEM
        server.api().app_set_preferences({"web_ui_password": "a better one"})
        connection._refused.clear()
        assert follow("red").seeding == Seeding.PROBLEM, "not tried by itself"
        assert client_test(client).ok
        follow_until("red", Seeding.CONFIRMED)


def test_a_torrent_that_the_client_lost_is_added_again(seeding, qbittorrent, sandbox):
    sandbox.fail("red", "announce", "refuse", times=0)
    seeding(qbittorrent.url)
    gone = follow_until("red", Seeding.PROBLEM)
    sandbox.heal()
    qbittorrent.api().torrents_delete(delete_files=False, torrent_hashes=gone.infohash)
    follow_until("red", Seeding.CONFIRMED)


def test_the_torrent_of_a_site_that_changed_it_is_seeded(
    seeding, qbittorrent, sandbox, release
):
    Tracker.objects.filter(slug="red").update(source_flag="OLD")
    assert release_prepare(release.pk)
    seeding(qbittorrent.url)
    done = follow_until("red", Seeding.CONFIRMED)
    (stored,) = sandbox.uploads("red")
    assert done.site_infohash == stored["infohash"] != done.infohash
    assert set(states(qbittorrent)) == {done.site_infohash}
    assert sandbox.seeders("red")[0]["infohash"] == stored["infohash"]


def test_a_duplicate_is_seeded_as_well(seeding, qbittorrent, sandbox):
    sandbox.fail("red", "upload", "drop-after")
    sandbox.fail("red", "*", "hide", times=20)
    seeding(qbittorrent.url)
    assert upload("red").attempts.last().outcome == "duplicate"
    follow_until("red", Seeding.CONFIRMED)


def test_a_library_without_a_client_is_followed_once_it_has_one(
    release, quick_desk, qbittorrent
):
    release_approve(release_id=release.pk, actor_id=None)
    drive()
    seeding_follow(upload("red").pk)
    alone = upload("red")
    assert alone.seeding == Seeding.NO_CLIENT
    assert "No torrent client is set" in alone.seeding_message
    assert alone.seeding_due_at is None

    client = TorrentClient.objects.create(
        name="qBittorrent", url=qbittorrent.url, username=qbittorrent.username
    )
    client_password(client, qbittorrent.password)
    quick_desk.library.torrent_client = client
    quick_desk.library.save()
    uploads_sweep()
    follow_until("red", Seeding.CONFIRMED)


def test_the_proof_can_be_asked_for_again(seeding, qbittorrent):
    seeding(qbittorrent.url)
    follow_until("red", Seeding.CONFIRMED)
    assert seeding_restart(upload("red").pk)
    assert upload("red").seeding_confirmed_at is None
    follow_until("red", Seeding.CONFIRMED)


def test_an_account_that_is_gone_is_said(seeding, qbittorrent):
    seeding(qbittorrent.url)
    Credential.objects.filter(tracker__slug="red").delete()
    stuck = follow("red")
    assert stuck.seeding == Seeding.PROBLEM
    assert "no usable credential" in stuck.seeding_message
