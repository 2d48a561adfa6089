"""An answer that gets lost after qBittorrent has taken the torrent."""

import re
import socket
import socketserver
import threading
from contextlib import contextmanager

import pytest
import torf

from releases.clients.errors import ClientUnreachable
from releases.clients.qbittorrent import QBittorrentClient

pytestmark = [pytest.mark.real, pytest.mark.qbittorrent]


class LosingProxy(socketserver.ThreadingTCPServer):
    """Passes requests on, and loses the answers to torrents/add.

    With `cut` it also stops to answer anything after that.
    """

    daemon_threads = True

    def __init__(self, url, *, cut=False):
        super().__init__(("127.0.0.1", 0), _PassOn)
        self.far = int(url.rsplit(":", 1)[1])
        self.cut = cut
        self.adds = 0
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def readdressed(self, request):
        """The request with the far port in its Host, which qBittorrent insists on."""
        near = b":%d\r\n" % self.server_address[1]
        return request.replace(near, b":%d\r\n" % self.far, 1)


class _PassOn(socketserver.BaseRequestHandler):
    server: LosingProxy

    def handle(self):
        server = self.server
        while request := read_message(self.request):
            if server.cut and server.adds:
                return
            with socket.create_connection(("127.0.0.1", server.far)) as far:
                far.sendall(server.readdressed(request))
                answer = read_message(far)
            if b"/torrents/add" in request.partition(b"\r\n")[0]:
                server.adds += 1
                return
            self.request.sendall(answer)


def read_message(connection):
    """One HTTP message with a Content-Length, or nothing when the peer is gone."""
    message = b""
    while b"\r\n\r\n" not in message:
        part = connection.recv(65536)
        if not part:
            return b""
        message += part
    length = re.search(rb"(?i)content-length: *(\d+)", message)
    end = message.index(b"\r\n\r\n") + 4 + int(length[1] if length else 0)
    while len(message) < end:
        message += connection.recv(65536)
    return message


@contextmanager
def losing(url, **options):
    with LosingProxy(url, **options) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()


@pytest.fixture
def torrent(tmp_path):
    (tmp_path / "a.m4b").write_bytes(b"a" * 50_000)
    made = torf.Torrent(tmp_path / "a.m4b", private=True)
    made.generate(threads=1)
    return made


def add(client, torrent):
    try:
        return client.add(
            torrent.dump(),
            infohash=torrent.infohash,
            save_path=str(torrent.path.parent),
        )
    finally:
        client.close()


def test_a_lost_answer_is_looked_up(qbittorrent, torrent):
    with losing(qbittorrent.url) as proxy:
        client = QBittorrentClient(
            proxy.url, qbittorrent.username, qbittorrent.password
        )
        assert not add(client, torrent).already
    assert proxy.adds == 2, "the library repeats a request once"
    assert len(qbittorrent.api().torrents_info()) == 1


def test_a_client_that_goes_away_is_told_and_adding_again_is_safe(qbittorrent, torrent):
    with losing(qbittorrent.url, cut=True) as proxy:
        client = QBittorrentClient(
            proxy.url, qbittorrent.username, qbittorrent.password
        )
        with pytest.raises(ClientUnreachable, match="broke off"):
            add(client, torrent)
    assert add(qbittorrent.client(), torrent).already
