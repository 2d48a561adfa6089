"""When the client may take the files' bytes on trust: only the pieces hashed here."""

from pathlib import Path

import pytest

from releases.models import Release, Torrent
from releases.services.ingest import files_store, release_scan
from releases.services.torrents import GIVEN
from tests.driving import drive
from uploads.services.approval import release_approve
from uploads.services.seeded import is_hashed_by_us, seeding_torrent

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(ready, quick_desk, upload):
    """RED's upload succeeded."""
    release_approve(release_id=ready.pk, actor_id=None)
    drive()
    return upload("red")


def verified(upload):
    return is_hashed_by_us(upload, seeding_torrent(upload))


def test_files_that_are_still_what_was_hashed_are_trusted(sent):
    assert verified(sent)


def test_files_hashed_anew_since_are_not_those_of_an_older_torrent(sent, upload):
    file = next(Path(sent.release.path).rglob("*.m4b"))
    file.write_bytes(b"x" * file.stat().st_size)
    release = Release.objects.get()
    files_store(release, release_scan(release))  # as preparing again does
    assert not verified(upload("red"))


def test_pieces_that_came_with_the_release_are_checked_by_the_client(sent, upload):
    Torrent.objects.update(engine=GIVEN)
    assert not verified(upload("red"))


def test_an_upload_without_its_torrent_is_checked_by_the_client(sent, upload):
    sent.torrent = None
    sent.save()
    assert not verified(upload("red"))
