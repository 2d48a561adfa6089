"""Seeding through a real qBittorrent, as new and as old as we support."""

import time

import pytest
import torf

from releases.clients.errors import ClientRefused, ClientTooOld, ClientTorrentMissing
from releases.clients.types import AnnounceStatus, SeedPhase
from tests.followed import make_torrent, phase_is, seed, wait_until

pytestmark = [pytest.mark.real, pytest.mark.qbittorrent]

PASSKEY = "fedcba9876543210fedcba9876543210"
UNKNOWN = "0" * 40


def test_a_torrent_seeds_and_its_tracker_is_told(any_qbittorrent, announces, book):
    client, infohash, added = seed(
        any_qbittorrent,
        book,
        announces.announce_url(PASSKEY),
        category="audio/books",
        tags=("herald", "two words"),
    )
    status = wait_until(client, infohash, lambda status: status.confirmed)
    assert not added.already
    assert (status.phase, status.progress) == (SeedPhase.SEEDING, 1.0)
    assert status.tracker_status is AnnounceStatus.WORKING
    assert status.seeds == 1
    assert status.save_path.rstrip("/") == str(book.parent)
    assert status.content_path == str(book)
    assert infohash in announces.seen
    info = any_qbittorrent.api().torrents_info(torrent_hashes=infohash)[0]
    assert info.category == "audio/books"
    assert sorted(info.tags.split(", ")) == ["herald", "two words"]
    assert info.auto_tmm is False


def test_files_that_were_just_hashed_are_not_hashed_again(
    any_qbittorrent, announces, book
):
    client, infohash, _ = seed(
        any_qbittorrent, book, announces.announce_url(), skip_checking=True
    )
    states = set()

    def seen_and_confirmed(status):
        states.add(status.state)
        return status.confirmed

    wait_until(client, infohash, seen_and_confirmed)
    assert not {"checkingDL", "checkingUP"} & states


def test_settings_of_the_client_do_not_stop_or_move_a_torrent(
    any_qbittorrent, announces, book, tmp_path
):
    api = any_qbittorrent.api()
    before = api.app_preferences()
    unkind = {
        "add_stopped_enabled": True,
        "start_paused_enabled": True,
        "auto_tmm_enabled": True,
        "torrent_content_layout": "Subfolder",
        "torrent_stop_condition": "FilesChecked",
        "temp_path_enabled": True,
        "temp_path": str(tmp_path / "temporary"),
    }
    api.app_set_preferences(unkind)
    try:
        client, infohash, _ = seed(any_qbittorrent, book, announces.announce_url())
        status = wait_until(client, infohash, lambda status: status.confirmed)
        assert status.content_path == str(book)
    finally:
        api.app_set_preferences({key: before[key] for key in unkind if key in before})


def test_a_single_file_seeds_from_its_folder(qbittorrent, announces, book):
    client, infohash, _ = seed(qbittorrent, book / "02.m4b", announces.announce_url())
    assert wait_until(client, infohash, lambda status: status.confirmed)


def test_adding_again_changes_nothing(any_qbittorrent, announces, book):
    url = announces.announce_url()
    _, infohash, _ = seed(any_qbittorrent, book, url, category="first")
    _, _, added = seed(any_qbittorrent, book, url, category="second")
    assert (added.already, added.announces_added) == (True, 0)
    info = any_qbittorrent.api().torrents_info(torrent_hashes=infohash)[0]
    assert info.category == "first"


def test_adding_again_brings_a_new_announce(any_qbittorrent, announces, book):
    old, new = announces.announce_url("a" * 32), announces.announce_url("b" * 32)
    client, infohash, _ = seed(any_qbittorrent, book, old)
    _, _, added = seed(any_qbittorrent, book, new)
    assert (added.already, added.announces_added) == (True, 1)
    rows = any_qbittorrent.api().torrents_trackers(infohash)
    assert {old, new} <= {row.url for row in rows}
    assert torf.Torrent.read_stream(
        client.export(infohash), validate=False
    ).trackers.flat == (old, new)


def test_another_accounts_announce_is_not_ours(any_qbittorrent, announces, book):
    """A colleague's torrent is there, and the tracker does not answer to our key."""
    ours = "http://127.0.0.1:9/announce/" + "b" * 32
    client, infohash, _ = seed(any_qbittorrent, book, announces.announce_url())
    wait_until(client, infohash, lambda status: status.confirmed)
    seed(any_qbittorrent, book, ours)
    for _ in range(20):
        status = client.follow(infohash, announces=(ours,))
        assert status.phase is SeedPhase.SEEDING
        assert not status.confirmed
        time.sleep(0.05)
    assert client.follow(infohash).confirmed, "somebody else's is"
    assert "b" * 32 not in repr(status)


def test_who_stops_a_torrent_after_its_check_means_it(any_qbittorrent, announces, book):
    client, infohash, _ = seed(any_qbittorrent, book, announces.announce_url())
    wait_until(client, infohash, lambda status: status.confirmed)
    api = any_qbittorrent.api()
    assert api.torrents_info(torrent_hashes=infohash)[0].tags == ""
    api.torrents_stop(torrent_hashes=infohash)
    wait_until(client, infohash, phase_is(SeedPhase.STOPPED))
    for _ in range(5):
        assert client.follow(infohash).phase is SeedPhase.STOPPED


def test_the_trackers_refusal_is_told_without_the_passkey(
    any_qbittorrent, announces, book
):
    announces.refusal = f"Torrent is not registered, passkey={PASSKEY}"
    client, infohash, _ = seed(any_qbittorrent, book, announces.announce_url(PASSKEY))
    status = wait_until(
        client,
        infohash,
        lambda status: status.tracker_status is AnnounceStatus.NOT_WORKING,
    )
    assert "not registered" in status.tracker_message
    assert PASSKEY not in repr(status)
    assert not status.confirmed
    announces.refusal = ""
    client.reannounce(infohash)
    assert wait_until(client, infohash, lambda status: status.confirmed)


def test_a_stopped_torrent_is_seen_and_started(any_qbittorrent, announces, book):
    client, infohash, _ = seed(any_qbittorrent, book, announces.announce_url())
    wait_until(client, infohash, lambda status: status.confirmed)
    any_qbittorrent.api().torrents_stop(torrent_hashes=infohash)
    assert wait_until(client, infohash, phase_is(SeedPhase.STOPPED)).complete
    client.start(infohash)
    assert wait_until(client, infohash, lambda status: status.confirmed)


def test_a_queued_seed_is_not_confirmed(qbittorrent, announces, book):
    api = qbittorrent.api()
    limits = {"max_active_uploads": 1, "max_active_torrents": 1}
    api.app_set_preferences({"queueing_enabled": True, **limits})
    try:
        client, first, _ = seed(qbittorrent, book, announces.announce_url())
        wait_until(client, first, phase_is(SeedPhase.SEEDING))
        client, second, _ = seed(qbittorrent, book / "02.m4b", announces.announce_url())
        queued = {SeedPhase.QUEUED, SeedPhase.SEEDING}
        statuses = [client.status(first)]
        while {status.phase for status in statuses} != queued:
            statuses = [client.follow(first), client.follow(second)]
            time.sleep(0.05)
        assert sum(status.confirmed for status in statuses) <= 1
        assert any("queueing" in words for words in client.check().warnings)
    finally:
        api.app_set_preferences({"queueing_enabled": False})


def test_removing_keeps_the_files(any_qbittorrent, announces, book):
    client, infohash, _ = seed(any_qbittorrent, book, announces.announce_url())
    client.remove(infohash)
    wait_until(client, infohash, phase_is(SeedPhase.MISSING))
    client.remove(infohash)
    assert len(list(book.iterdir())) == 2


def test_what_is_no_torrent_is_refused(any_qbittorrent):
    client = any_qbittorrent.client()
    with pytest.raises(ClientRefused, match="torrent"):
        client.add(b"not a torrent", infohash=UNKNOWN, save_path="/tmp")


def test_a_torrent_under_a_wrong_infohash_is_refused(qbittorrent, announces, book):
    content, infohash = make_torrent(book, announces.announce_url())
    with pytest.raises(ClientRefused, match=infohash):
        qbittorrent.client().add(content, infohash=UNKNOWN, save_path=str(book.parent))
    assert not qbittorrent.api().torrents_info()


def test_a_torrent_without_announce_is_added_twice_without_harm(qbittorrent, book):
    content, infohash = make_torrent(book)
    client = qbittorrent.client()
    for already in (False, True):
        added = client.add(content, infohash=infohash, save_path=str(book.parent))
        assert (added.already, added.announces_added) == (already, 0)


@pytest.mark.parametrize("action", ["recheck", "start", "reannounce", "export"])
def test_acting_on_an_absent_torrent_says_so(any_qbittorrent, action):
    client = any_qbittorrent.client()
    with pytest.raises(ClientTorrentMissing, match="no "):
        getattr(client, action)(UNKNOWN)
    assert client.status(UNKNOWN).phase is SeedPhase.MISSING


def test_a_version_below_the_oldest_is_refused(
    old_qbittorrent, announces, book, monkeypatch
):
    monkeypatch.setattr("releases.clients.qbittorrent.OLDEST", (2, 9))
    with pytest.raises(ClientTooOld, match="Update it"):
        seed(old_qbittorrent, book, announces.announce_url())
    check = old_qbittorrent.client().check()
    assert (check.ok, check.code) == (False, "client_too_old")
