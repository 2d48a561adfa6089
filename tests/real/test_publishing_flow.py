"""From folder to trackers by real workers: nobody does anything but approve."""

import pytest

from releases.models import Release, TorrentClient
from releases.services.clients import client_password
from releases.services.ingest import release_create
from releases.services.prepare import prepare_request
from tests.driving import moves
from tests.publishing import DEMO, desk_at
from tests.workers import wait_until
from uploads.models import Upload, UploadAttempt
from uploads.services.approval import release_approve

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.django_db]


def bring(desk):
    """Both of the demo's books, as a person brings them."""
    folders = sorted(path.name for path in DEMO.iterdir())
    for name in folders:
        release_create(path=f"{desk.library.path}/{name}")
    return len(folders)


def in_state(state):
    return lambda: Release.objects.exclude(state=state).count() == 0


def test_two_books_go_to_two_trackers(workers, sandbox, tmp_path):
    desk = desk_at(sandbox, tmp_path)
    workers.start()
    count = bring(desk)
    wait_until(in_state("ready"))
    assert Upload.objects.filter(status="draft").count() == 2 * count
    for release in Release.objects.all():
        assert not any(upload.has_errors for upload in release.uploads.all())
        release_approve(release_id=release.pk, actor_id=None)
    wait_until(in_state("published"))
    for site in ("red", "ops"):
        stored = {str(row["id"]): row for row in sandbox.uploads(site)}
        assert len(stored) == count
        for upload in Upload.objects.filter(tracker__slug=site):
            assert stored[upload.remote_id]["form"] == upload.payload["form"]
            assert stored[upload.remote_id]["infohash"] == upload.infohash
            assert moves(upload) == ["draft", "pending", "uploading", "success"]
    assert UploadAttempt.objects.count() == 2 * count
    wait_until(lambda: not Upload.objects.exclude(seeding="no_client").exists())
    workers.check_log()


def test_two_workers_share_the_work(workers, sandbox, tmp_path):
    desk = desk_at(sandbox, tmp_path)
    for _ in range(2):
        workers.start()
    count = bring(desk)
    for release in Release.objects.all():
        prepare_request(release.pk)  # asked for twice: done once more at most
    wait_until(in_state("ready"))
    drafts = Upload.objects.count()
    for release in Release.objects.all():
        release_approve(release_id=release.pk, actor_id=None)
    wait_until(in_state("published"))
    assert Upload.objects.count() == drafts == 2 * count
    for site in ("red", "ops"):
        assert len(sandbox.requests(site, "upload")) == count


@pytest.mark.qbittorrent
def test_what_was_published_seeds(workers, sandbox, tmp_path, qbittorrent):
    desk = desk_at(sandbox, tmp_path)
    client = TorrentClient.objects.create(
        name="qBittorrent", url=qbittorrent.url, username=qbittorrent.username
    )
    client_password(client, qbittorrent.password)
    desk.library.torrent_client = client
    desk.library.save()
    workers.start()
    count = bring(desk)
    wait_until(in_state("ready"))
    for release in Release.objects.all():
        release_approve(release_id=release.pk, actor_id=None)
    wait_until(lambda: not Upload.objects.exclude(seeding="confirmed").exists())
    for site in ("red", "ops"):
        wanted = {row["infohash"] for row in sandbox.uploads(site)}
        assert {peer["infohash"] for peer in sandbox.seeders(site)} == wanted
        assert len(wanted) == count
    assert in_state("published")()
