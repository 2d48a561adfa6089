"""A BEP 3 tracker on loopback, as small as they come: enough for a client to seed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote_to_bytes, urlsplit

ACCEPTED = b"d8:completei1e10:incompletei0e8:intervali1800e5:peers0:e"


class AnnounceServer(ThreadingHTTPServer):
    """`seen` holds the infohashes announced; `refusal` is said instead of a yes."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.refusal = ""
        self.seen: list[str] = []

    def announce_url(self, passkey: str = "0123456789abcdef0123456789abcdef") -> str:
        """An announce URL; its path begins as qBittorrent demands on loopback."""
        return f"http://127.0.0.1:{self.server_port}/announce/{passkey}"


class _Answer(BaseHTTPRequestHandler):
    server: AnnounceServer

    def do_GET(self) -> None:  # the name is http.server's
        query = urlsplit(self.path).query
        raw = dict(part.split("=", 1) for part in query.split("&") if "=" in part)
        self.server.seen.append(unquote_to_bytes(raw.get("info_hash", "")).hex())
        assert parse_qs(query).get("port")
        body = ACCEPTED
        if self.server.refusal:
            words = self.server.refusal.encode()
            body = b"d14:failure reason%d:%se" % (len(words), words)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing: the requests are kept in `seen`."""


@contextmanager
def announce_server() -> Iterator[AnnounceServer]:
    """A tracker that runs in a thread until the block ends."""
    with AnnounceServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
