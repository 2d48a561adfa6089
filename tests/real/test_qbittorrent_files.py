"""A torrent client and files that are gone, elsewhere, or others than they were."""

import time

import pytest

from releases.clients.types import SeedPhase
from tests.followed import make_torrent, phase_is, wait_until
from tests.qbittorrent import free_port

pytestmark = [pytest.mark.real, pytest.mark.qbittorrent]


def test_absent_files_are_named_when_the_check_is_skipped(
    any_qbittorrent, announces, book
):
    content, infohash = make_torrent(book, announces.announce_url())
    (book / "02.m4b").unlink()
    client = any_qbittorrent.client()
    client.add(
        content, infohash=infohash, save_path=str(book.parent), skip_checking=True
    )
    status = wait_until(client, infohash, phase_is(SeedPhase.MISSING_FILES))
    assert not status.confirmed


def test_files_come_back_after_a_recheck(qbittorrent, announces, book):
    content, infohash = make_torrent(book, announces.announce_url())
    aside = (book / "02.m4b").rename(book.parent / "aside")
    client = qbittorrent.client()
    client.add(
        content, infohash=infohash, save_path=str(book.parent), skip_checking=True
    )
    wait_until(client, infohash, phase_is(SeedPhase.MISSING_FILES))
    aside.rename(book / "02.m4b")
    client.recheck(infohash)
    assert wait_until(client, infohash, lambda status: status.confirmed)


def test_a_wrong_folder_is_stopped_and_nothing_is_downloaded(
    any_qbittorrent, announces, book, tmp_path
):
    content, infohash = make_torrent(book, announces.announce_url())
    client = any_qbittorrent.client()
    client.add(content, infohash=infohash, save_path=str(tmp_path / "elsewhere"))
    status = wait_until(client, infohash, phase_is(SeedPhase.STOPPED))
    assert status.progress == 0
    assert status.held
    assert not status.confirmed


def test_our_torrent_without_its_files_follows_them_and_keeps_its_announces(
    any_qbittorrent, announces, book, tmp_path
):
    old, new = announces.announce_url("a" * 32), announces.announce_url("b" * 32)
    content, infohash = make_torrent(book, old)
    client = any_qbittorrent.client()
    options = {"infohash": infohash, "tags": ("red", "mine"), "skip_checking": True}
    client.add(content, save_path=str(tmp_path / "elsewhere"), **options)
    wait_until(client, infohash, phase_is(SeedPhase.MISSING_FILES))
    content, _ = make_torrent(book, new)
    client.add(content, save_path=str(book.parent), **options)
    status = wait_until(client, infohash, phase_is(SeedPhase.SEEDING))
    assert status.complete
    assert status.content_path == str(book)
    rows = any_qbittorrent.api().torrents_trackers(infohash)
    assert {old, new} <= {row.url for row in rows}
    again = client.add(content, save_path=str(tmp_path / "elsewhere"), **options)
    assert again.already, "what seeds stays where it is"


def test_somebodys_own_torrent_is_left_where_it_is(
    any_qbittorrent, announces, book, tmp_path
):
    content, infohash = make_torrent(book, announces.announce_url())
    client, elsewhere = any_qbittorrent.client(), str(tmp_path / "elsewhere")
    any_qbittorrent.api().torrents_add(torrent_files=content, save_path=elsewhere)
    wait_until(client, infohash, phase_is(SeedPhase.DOWNLOADING))
    added = client.add(
        content, infohash=infohash, save_path=str(book.parent), tags=("red",)
    )
    assert added.already
    assert client.status(infohash).save_path.rstrip("/") == elsewhere


def test_other_bytes_are_never_downloaded_over(
    any_qbittorrent, start_qbittorrent, announces, book
):
    """Somebody else seeds the bytes as they were uploaded, and is our peer."""
    file = book / "02.m4b"
    content, infohash = make_torrent(file, announces.announce_url())
    as_uploaded = file.read_bytes()
    theirs = book.parent / "theirs"
    theirs.mkdir()
    (theirs / file.name).write_bytes(as_uploaded)
    mine = b"A NEW TAG!" + as_uploaded[10:]
    file.write_bytes(mine)
    with start_qbittorrent() as other:
        port = free_port()
        other.api().app_set_preferences({"listen_port": port})
        other.client().add(
            content, infohash=infohash, save_path=str(theirs), skip_checking=True
        )
        client = any_qbittorrent.client()
        client.add(content, infohash=infohash, save_path=str(book))
        status = wait_until(client, infohash, phase_is(SeedPhase.STOPPED))
        assert 0 < status.progress < 1
        for _ in range(10):
            any_qbittorrent.api().torrents_add_peers(
                peers=f"127.0.0.1:{port}", torrent_hashes=infohash
            )
            assert client.follow(infohash).phase is SeedPhase.STOPPED
            time.sleep(0.2)
    assert file.read_bytes() == mine

    file.write_bytes(as_uploaded)
    client.recheck(infohash)
    assert wait_until(client, infohash, lambda status: status.confirmed)
