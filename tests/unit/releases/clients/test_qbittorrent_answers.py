"""Answers that no qBittorrent at hand gives: newer servers, proxies, bad moments."""

import pytest
import torf

from releases.clients.base import TorrentClient
from releases.clients.errors import (
    ClientLoginFailed,
    ClientRefused,
    ClientUnreachable,
)
from releases.clients.qbittorrent import QBittorrentClient

UNKNOWN = "0" * 40


@pytest.fixture
def torrent(tmp_path):
    (tmp_path / "a.m4b").write_bytes(b"a" * 50_000)
    made = torf.Torrent(tmp_path / "a.m4b", private=True)
    made.generate(threads=1)
    return made


@pytest.fixture
def client(httpserver, monkeypatch) -> TorrentClient:
    monkeypatch.setattr("releases.clients.qbittorrent.LOOK_AGAIN_SECONDS", 0.1)
    answer(httpserver, "app/webapiVersion", "2.11.4")
    return QBittorrentClient(httpserver.url_for("/"))


def answer(server, path, body, status=200):
    server.expect_request(f"/api/v2/{path}").respond_with_data(body, status=status)


def add(client, torrent):
    return client.add(torrent.dump(), infohash=torrent.infohash, save_path="/media")


def test_a_server_that_takes_nothing_is_told(httpserver, client, torrent):
    answer(httpserver, "torrents/info", "[]")
    answer(httpserver, "torrents/add", "Fails.")
    with pytest.raises(ClientRefused, match="did not take the torrent"):
        add(client, torrent)


def test_a_torrent_that_never_arrived_is_told_as_unreachable(
    httpserver, client, torrent
):
    answer(httpserver, "torrents/info", "[]")
    answer(httpserver, "torrents/add", "bad moment", status=503)
    with pytest.raises(ClientUnreachable, match="server error"):
        add(client, torrent)


@pytest.mark.parametrize(("status", "body"), [(409, "Conflict"), (200, "{}")])
def test_newer_servers_answer_in_other_words(httpserver, client, torrent, status, body):
    httpserver.expect_oneshot_request("/api/v2/torrents/info").respond_with_json([])
    answer(httpserver, "torrents/info", '[{"state": "checkingResumeData"}]')
    answer(httpserver, "torrents/add", body, status=status)
    assert not add(client, torrent).already


def test_a_torrent_removed_while_it_is_looked_at_is_missing(httpserver, client):
    answer(httpserver, "torrents/info", '[{"state": "stalledUP"}]')
    answer(httpserver, "torrents/trackers", "Not Found", status=404)
    assert client.status(UNKNOWN).phase == "missing"


def test_a_session_that_is_not_accepted_after_login_is_told(httpserver, client):
    answer(httpserver, "torrents/info", "Forbidden", status=403)
    answer(httpserver, "auth/login", "Ok.")
    with pytest.raises(ClientLoginFailed):
        client.status(UNKNOWN)
