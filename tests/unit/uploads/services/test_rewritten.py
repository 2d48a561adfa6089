"""A site that makes the torrent its own: only its file can be seeded there."""

import os
from pathlib import Path

import pytest

from releases.services.prepare import release_prepare
from releases.services.torrents import GIVEN
from releases.torrents.bencode import decode, encode
from releases.torrents.metainfo import infohash, read_torrent
from tests.driving import drive, work
from tests.factories import TorrentClientFactory
from trackers.errors import TrackerAuthError, TrackerRateLimited
from trackers.models import Credential, RequestBudget, Tracker
from uploads.errors import SeedingWaits
from uploads.models import Upload
from uploads.services.approval import release_approve
from uploads.services.seeded import is_hashed_by_us, seeding_torrent
from uploads.services.seeding import seeding_follow
from uploads.states import Seeding, UploadStatus

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["", "OLD"])
def flagless(request, quick_desk, ready):
    """RED's torrents carry none or another source flag, so the site puts its own."""
    Tracker.objects.filter(slug="red").update(source_flag=request.param)
    assert release_prepare(ready.pk)
    ready.refresh_from_db()
    assert ready.error == {}
    release_approve(release_id=ready.pk, actor_id=None)
    return ready


def test_the_sites_infohash_is_unknown_until_its_torrent_is_fetched(
    flagless, upload, sandbox
):
    drive()
    sent = upload("red")
    assert sent.status == UploadStatus.SUCCESS
    assert sent.site_infohash == ""
    assert any("its own file" in words for words in sent.reason["warnings"])

    content = seeding_torrent(sent)
    (stored,) = sandbox.uploads("red")
    sent = upload("red")
    assert sent.site_infohash == stored["infohash"] == infohash(content)
    assert sent.site_infohash != sent.infohash
    assert read_torrent(content).source == "RED"
    assert sandbox.passkey("red").encode() in content
    assert sandbox.passkey("red").encode() not in bytes(sent.site_torrent)
    assert is_hashed_by_us(sent, content), "the same files and pieces: no recheck"


def test_the_sites_torrent_is_fetched_once(flagless, upload, sandbox):
    drive()
    for _ in range(3):
        seeding_torrent(upload("red"))
    assert len(sandbox.requests("red", "download")) == 1


def test_a_lost_answer_of_such_a_site_still_ends_in_one_upload(
    flagless, upload, sandbox
):
    sandbox.fail("red", "upload", "drop-after")
    drive()
    assert len(sandbox.uploads("red")) == 1
    assert upload("red").status == UploadStatus.SUCCESS
    assert seeding_torrent(upload("red"))
    assert upload("red").site_infohash == sandbox.uploads("red")[0]["infohash"]


@pytest.mark.parametrize("fault", ["server-error", "html", "drop-before", "429"])
def test_a_torrent_that_cannot_be_fetched_is_asked_for_again(
    fault, flagless, upload, sandbox, quick_desk
):
    quick_desk.library.torrent_client = TorrentClientFactory()
    quick_desk.library.save()
    sandbox.fail("red", "download", fault)
    drive()
    seeding_follow(upload("red").pk)
    waiting = upload("red")
    assert waiting.seeding in (Seeding.PROBLEM, Seeding.WAITING)
    assert waiting.seeding_message
    assert waiting.seeding_due_at
    RequestBudget.objects.update(blocked_until=None)
    assert seeding_torrent(upload("red"))


def test_too_many_requests_for_a_torrent_let_everybody_wait(flagless, upload, sandbox):
    sandbox.fail("red", "download", "429")
    drive()
    with pytest.raises(TrackerRateLimited):
        seeding_torrent(upload("red"))
    assert RequestBudget.objects.get(
        credential=upload("red").credential, action=""
    ).blocked_until
    asked = len(sandbox.requests("red", "download"))
    with pytest.raises(SeedingWaits):
        seeding_torrent(upload("red"))
    assert len(sandbox.requests("red", "download")) == asked


def test_a_key_refused_for_a_torrent_pauses_its_account(flagless, upload, sandbox):
    drive()
    sandbox.fail("red", "download", "bad-key")
    with pytest.raises(TrackerAuthError):
        seeding_torrent(upload("red"))
    paused = Credential.objects.get(pk=upload("red").credential_id)
    assert paused.paused_at
    assert paused.paused_reason


def test_other_pieces_must_be_checked_by_the_client(flagless, upload):
    drive()
    metainfo = decode(seeding_torrent(upload("red")))
    assert isinstance(metainfo, dict)
    metainfo[b"info"][b"pieces"] = metainfo[b"info"][b"pieces"][::-1]
    assert not is_hashed_by_us(upload("red"), encode(metainfo))


def test_a_given_torrent_of_which_samples_fit_must_be_checked_by_the_client(
    flagless, upload
):
    drive()
    sent = upload("red")
    sent.torrent.engine = GIVEN
    assert not is_hashed_by_us(sent, seeding_torrent(sent))


def test_files_that_changed_must_be_checked_by_the_client(flagless, upload):
    drive()
    content = seeding_torrent(upload("red"))
    os.utime(next(Path(flagless.path).rglob("*.m4b")))
    assert not is_hashed_by_us(upload("red"), content)


def test_work_sends_nothing_twice_to_such_a_site(flagless, sandbox):
    for _ in range(3):
        work()
    assert len(sandbox.requests("red", "upload")) == 1
    assert Upload.objects.filter(status="success").count() == 2
