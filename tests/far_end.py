"""The far end of a connection, down to the byte: what a web server never does."""

import socket
import threading
from contextlib import contextmanager, suppress

GOOD = (
    b'{"status":"success","response":{"torrentid":7,"groupid":3,'
    b'"private":true,"source":true}}'
)


def http_answer(body, status="200 OK", headers=""):
    return (
        f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    ).encode() + body


class Far:
    """The far end: counts connections and keeps each request as it came."""

    def __init__(self, server):
        self.requests = []
        self.threads = []
        self.url = f"http://127.0.0.1:{server.getsockname()[1]}"


def read_request(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def far_end(behave):
    """Serve each connection with `behave(connection, request, number)`.

    Only its first request is read; `behave` may read on from the connection.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        far = Far(server)
        accepting = threading.Thread(target=_accept, args=(server, far, behave))
        accepting.start()
        try:
            yield far
        finally:
            # Whatever the test found: a thread left in accept() would keep the whole
            # run from ending.
            server.shutdown(socket.SHUT_RDWR)
            accepting.join(10)
    for thread in far.threads:
        thread.join(10)
        assert not thread.is_alive()


def _accept(server, far, behave):
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        thread = threading.Thread(target=_serve, args=(connection, far, behave))
        far.threads.append(thread)
        thread.start()


def _serve(connection, far, behave):
    # The client may have hung up at any moment: that is what the tests are about.
    with connection, suppress(OSError):
        request = read_request(connection)
        if request:
            far.requests.append(request)
            behave(connection, request, len(far.requests))
