"""A login that was refused, as the several processes of one Herald see it."""

import multiprocessing
from contextlib import contextmanager

import pytest
from django.db import connections

from releases.clients.errors import ClientError
from releases.models import Release, TorrentClient
from releases.services.clients import client_password, client_seed, client_test
from releases.torrents.metainfo import build_torrent, infohash
from releases.torrents.types import TorrentFile
from tests.factories import ReleaseFactory, TorrentClientFactory

pytestmark = [
    pytest.mark.real,
    pytest.mark.qbittorrent,
    pytest.mark.django_db(transaction=True),
]
TORRENT = build_torrent(
    name="Book.m4b",
    files=[TorrentFile(path=("Book.m4b",), size=10)],
    is_single=True,
    piece_length=16384,
    pieces=b"x" * 20,
)


def look():
    """What a worker does; gives the error's code, or "" when it was let in."""
    try:
        client_seed(
            TorrentClient.objects.get(),
            Release.objects.select_related("library").get(),
            torrent_file=TORRENT,
            infohash=infohash(TORRENT),
            tag="red",
            files_verified=False,
        )
    except ClientError as exc:
        return exc.code
    return ""


def _serve(pipe):
    while pipe.recv():
        pipe.send(look())


@contextmanager
def another_process():
    """A worker of its own; gives a function that lets it look."""
    connections.close_all()
    mine, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("fork")
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()

    def ask():
        mine.send(True)
        assert mine.poll(30)
        return mine.recv()

    try:
        yield ask
    finally:
        mine.send(False)
        process.join(10)


def test_a_test_in_one_process_lets_the_others_log_in_again(start_qbittorrent):
    with start_qbittorrent() as server:
        client = TorrentClientFactory(url=server.url, username=server.username)
        ReleaseFactory(library__torrent_client=client)
        client_password(client, "a better one")
        with another_process() as there:
            assert there() == "client_login"
            assert look() == "client_login"
            server.api().app_set_preferences({"web_ui_password": "a better one"})
            assert there() == "client_login", "nobody tries it again by itself"
            assert client_test(TorrentClient.objects.get()).ok
            assert there() == ""
            assert TorrentClient.objects.get().check_ok, (
                "no process says again what is over"
            )


def test_no_process_tries_what_another_saw_refused(start_qbittorrent):
    with start_qbittorrent() as server:
        client = TorrentClientFactory(url=server.url, username=server.username)
        ReleaseFactory(library__torrent_client=client)
        client_password(client, "wrong")
        stale = TorrentClient.objects.get()
        assert look() == "client_login"
        for _ in range(10):
            with another_process() as there:
                assert there() == "client_login"
        assert client_test(stale).code == "client_login"
        assert server.client().check().ok, "this machine is not banned"
