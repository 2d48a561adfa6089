"""What keeps an upload from seeding is told, and goes on once it is mended."""

import os
from pathlib import Path

import pytest

from releases.models import Release
from releases.services.clients import seed_path
from tests.seeding import follow, follow_until, upload
from tests.workers import wait_until
from trackers.models import Credential
from uploads.states import Seeding

pytestmark = [pytest.mark.real, pytest.mark.qbittorrent, pytest.mark.django_db]


def test_files_that_are_gone_are_told_from_a_wrong_path(
    seeding, any_qbittorrent, quick_desk, release
):
    quick_desk.library.client_path = "/proc/nowhere"
    quick_desk.library.save()
    seeding(any_qbittorrent.url)
    stuck = follow_until("red", Seeding.PROBLEM)
    assert "though they are where Herald reads them" in stuck.seeding_message
    next(Path(release.path).rglob("*.m4b")).unlink()
    assert follow("red").seeding_message.startswith("The files are gone")


def test_files_that_are_gone_are_a_problem(seeding, qbittorrent, release):
    seeding(qbittorrent.url)
    file = next(Path(release.path).rglob("*.m4b"))
    away = file.rename(file.with_suffix(".away"))
    stuck = follow_until("red", Seeding.PROBLEM)
    assert stuck.seeding_message.startswith("The client")
    away.rename(file)
    qbittorrent.api().torrents_recheck(torrent_hashes=stuck.infohash)
    qbittorrent.api().torrents_start(torrent_hashes=stuck.infohash)
    follow_until("red", Seeding.CONFIRMED)


def test_files_that_were_changed_stay_as_they_are_until_put_back(
    seeding, any_qbittorrent, release
):
    seeding(any_qbittorrent.url)
    file = next(Path(release.path).rglob("*.m4b"))
    as_uploaded = file.read_bytes()
    file.write_bytes(as_uploaded[:-10] + b"A NEW TAG!")
    stuck = follow_until("red", Seeding.PROBLEM)
    assert "It stays stopped" in stuck.seeding_message
    assert file.read_bytes() == as_uploaded[:-10] + b"A NEW TAG!"
    file.write_bytes(as_uploaded)
    any_qbittorrent.api().torrents_recheck(torrent_hashes=stuck.infohash)
    follow_until("red", Seeding.CONFIRMED)


def test_a_library_the_client_sees_elsewhere_is_a_problem(
    seeding, qbittorrent, quick_desk
):
    quick_desk.library.client_path = "/proc/nowhere"
    quick_desk.library.save()
    seeding(qbittorrent.url)
    stuck = follow_until("red", Seeding.PROBLEM)
    assert "path" in stuck.seeding_message or "error" in stuck.seeding_message
    assert stuck.seeding_confirmed_at is None


@pytest.mark.parametrize("touched", [False, True], ids=["same time", "other time"])
def test_a_corrected_path_reaches_the_client_by_itself(
    touched, seeding, any_qbittorrent, quick_desk, release
):
    library = quick_desk.library
    library.client_path = "/proc/nowhere"
    library.save()
    seeding(any_qbittorrent.url)
    if touched:  # then the client checks the files itself
        os.utime(next(Path(release.path).rglob("*.m4b")))
    stuck = follow_until("red", Seeding.PROBLEM)
    assert "path as the client names it" in stuck.seeding_message
    library.client_path = ""
    library.save()
    follow_until("red", Seeding.CONFIRMED)
    (info,) = any_qbittorrent.api().torrents_info(torrent_hashes=stuck.infohash)
    assert info.save_path.rstrip("/") == seed_path(Release.objects.get())


def test_a_file_that_the_client_cannot_read_is_an_error_until_it_can(
    seeding, any_qbittorrent, sandbox, release
):
    sandbox.fail("*", "announce", "refuse", times=0)
    seeding(any_qbittorrent.url)
    stuck = follow_until("red", Seeding.PROBLEM)
    file = next(Path(release.path).rglob("*.m4b"))
    aside = file.rename(file.with_suffix(".aside"))
    file.mkdir()
    api = any_qbittorrent.api()
    api.torrents_recheck(torrent_hashes=stuck.infohash)
    wait_until(lambda: "with an error" in follow("red").seeding_message)
    file.rmdir()
    aside.rename(file)
    sandbox.heal()
    api.torrents_recheck(torrent_hashes=stuck.infohash)
    api.torrents_start(torrent_hashes=stuck.infohash)
    follow_until("red", Seeding.CONFIRMED)


def test_a_stopped_torrent_is_a_problem_until_it_is_started(
    seeding, qbittorrent, sandbox
):
    sandbox.fail("*", "announce", "refuse", times=0)
    seeding(qbittorrent.url)
    follow_until("red", Seeding.PROBLEM)
    sandbox.heal()
    api = qbittorrent.api()
    api.torrents_stop(torrent_hashes=upload("red").infohash)
    wait_until(
        lambda: follow("red").seeding_message.startswith("The torrent is stopped")
    )
    api.torrents_start(torrent_hashes=upload("red").infohash)
    follow_until("red", Seeding.CONFIRMED)


def test_a_refused_announce_is_told_in_the_trackers_words(
    seeding, qbittorrent, sandbox
):
    sandbox.fail("red", "announce", "refuse", times=0, message="unregistered torrent")
    seeding(qbittorrent.url)
    stuck = follow_until("red", Seeding.PROBLEM)
    assert stuck.seeding_message.startswith(
        "The client seeds, but the tracker refuses its announce: unregistered torrent. "
        "Look whether the upload is still on the tracker."
    )
    assert stuck.events.last().reason == stuck.seeding_message
    follow_until("ops", Seeding.CONFIRMED)
    sandbox.heal()
    qbittorrent.api().torrents_reannounce(torrent_hashes=stuck.infohash)
    follow_until("red", Seeding.CONFIRMED)


def test_a_passkey_that_is_not_ours_is_a_problem(seeding, qbittorrent):
    account = Credential.objects.get(tracker__slug="red")
    account.values = {**account.values, "passkey": "f" * 32}
    account.save()
    seeding(qbittorrent.url)
    stuck = follow_until("red", Seeding.PROBLEM)
    assert "refuses its announce" in stuck.seeding_message
    assert "Enter the account's present passkey" in stuck.seeding_message
    assert "f" * 32 not in stuck.seeding_message
