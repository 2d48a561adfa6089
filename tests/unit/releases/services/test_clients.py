"""The torrent client of a release, over loopback HTTP."""

import pytest

from releases.clients.errors import ClientError
from releases.clients.types import SeedPhase
from releases.models import TorrentClient
from releases.services.clients import (
    client_for,
    client_password,
    client_seed,
    client_test,
    seed_path,
)
from releases.torrents.metainfo import build_torrent, infohash
from releases.torrents.types import TorrentFile
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def torrent():
    """A small torrent and its infohash."""
    content = build_torrent(
        name="Book.m4b",
        files=[TorrentFile(path=("Book.m4b",), size=10)],
        is_single=True,
        piece_length=16384,
        pieces=b"x" * 20,
    )
    return content, infohash(content)


@pytest.fixture
def client(db, httpserver):
    return factories.TorrentClientFactory(url=httpserver.url_for("/"))


def test_a_client_that_is_down_is_one_sentence_on_its_row(db):
    client = factories.TorrentClientFactory(name="box")
    check = client_test(client)
    assert not check.ok
    assert client.check_ok is False
    assert client.checked_at is not None
    assert client.check_message.startswith("box ")
    assert client.check_message.endswith(".")


def test_a_password_is_stored_encrypted_and_kept_when_blank(client):
    client_password(client, "pl41n-t3xt")
    client_password(client, "")
    client = TorrentClient.objects.get()
    assert client.login["password"] == "pl41n-t3xt"
    row = TorrentClient.objects.values_list("login").query
    assert "pl41n-t3xt" not in repr(client.login)
    assert "pl41n-t3xt" not in str(row)


@pytest.mark.parametrize("active", [True, False])
def test_only_an_active_client_seeds(active, client):
    TorrentClient.objects.update(is_active=active)
    client.refresh_from_db()
    release = factories.ReleaseFactory(library__torrent_client=client)
    assert client_for(release) == (client if active else None)


def test_a_library_without_a_client(db):
    assert client_for(factories.ReleaseFactory()) is None


@pytest.mark.parametrize(
    ("theirs", "path"),
    [
        ("", "/data/books/deep"),
        ("/mnt/nas", "/mnt/nas/deep"),
        ("D:\\media", "D:\\media\\deep"),
    ],
)
def test_the_save_path_is_the_folder_around_the_release(theirs, path, db):
    release = factories.ReleaseFactory(
        library__path="/data/books",
        library__client_path=theirs,
        source_path="deep/Author - Title",
    )
    assert seed_path(release) == path


def test_a_client_that_cannot_be_reached_delays(db, torrent):
    client = factories.TorrentClientFactory()
    release = factories.ReleaseFactory()
    with pytest.raises(ClientError) as caught:
        client_seed(
            client,
            release,
            torrent_file=torrent[0],
            infohash=torrent[1],
            tag="red",
            files_verified=True,
        )
    assert caught.value.temporary


def test_a_torrent_that_is_there_already_is_only_asked_about(
    client, torrent, httpserver
):
    def answer(path, body):
        httpserver.expect_request(f"/api/v2/{path}").respond_with_data(body)

    content, found = torrent
    answer("app/webapiVersion", "2.11.4")
    answer("app/version", "v5.1.0")
    answer("auth/login", "Ok.")
    answer("torrents/addTags", "")
    answer("torrents/setCategory", "")
    answer("torrents/createCategory", "")
    answer(
        "torrents/info",
        f'[{{"hash": "{found}", "infohash_v1": "{found}", "state": "stalledUP",'
        ' "progress": 1, "save_path": "/nowhere", "category": "herald", "tags": "red"'
        "}]",
    )
    answer("torrents/trackers", "[]")
    release = factories.ReleaseFactory(library__torrent_client=client)
    status = client_seed(
        client,
        release,
        torrent_file=content,
        infohash=found,
        tag="red",
        files_verified=True,
    )
    assert status.phase is SeedPhase.SEEDING
    paths = [request.path for request, _ in httpserver.log]
    assert "/api/v2/torrents/add" not in paths
