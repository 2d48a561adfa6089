"""The sandbox as a server: connections, odd requests, and clients that leave."""

import socket
import time

import pytest
import requests

from trackers.sandbox.server import SandboxServer


def test_connection_serves_many_requests(red):
    red.sandbox.options(limits=False)
    with socket.create_connection(
        red.sandbox.origin.removeprefix("http://").split(":")
    ) as line:
        for _ in range(3):
            line.sendall(b"GET /control/health HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n")
            assert b'{"status": "ok"}' in line.recv(4096)


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Transfer-Encoding: chunked\r\n", b"411"),
        (b"Content-Length: many\r\n", b"411"),
        (b"Content-Length: 99999999999\r\n", b"413"),
    ],
)
def test_body_of_unknown_or_huge_size_is_refused(sandbox, head, status):
    with socket.create_connection(
        sandbox.origin.removeprefix("http://").split(":")
    ) as line:
        line.sendall(b"POST /red/ajax.php?action=upload HTTP/1.1\r\n" + head + b"\r\n")
        assert line.recv(4096).split()[1] == status


def test_client_that_leaves_in_mid_upload_is_journalled_as_incomplete(sandbox):
    with socket.create_connection(
        sandbox.origin.removeprefix("http://").split(":")
    ) as line:
        line.sendall(
            b"POST /red/ajax.php?action=upload HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Length: 50\r\n\r\nhalf"
        )
        line.shutdown(socket.SHUT_WR)
        line.settimeout(5)
        with pytest.raises(ConnectionResetError):
            line.recv(10)

    record = sandbox.requests("red", "upload")[0]
    assert (record["outcome"], record["size"]) == ("incomplete", 4)
    assert record["complete"] is False


def test_head_request_gets_no_body(sandbox):
    answer = requests.head(f"{sandbox.origin}/", timeout=5)

    assert int(answer.headers["Content-Length"]) > 0
    assert answer.content == b""


def test_stopping_ends_open_connections_and_slow_answers():
    server = SandboxServer()
    server.start()
    server.world.faults.add(site="red", action="index", fault="slow", seconds=3600)
    address = ("127.0.0.1", server.server_address[1])
    idle, waiting = (socket.create_connection(address) for _ in range(2))
    waiting.sendall(b"GET /red/ajax.php?action=index HTTP/1.1\r\nHost: [::1]\r\n\r\n")
    while not server.world.journal.list():
        time.sleep(0.01)

    server.stop()

    with idle, waiting:
        assert idle.recv(10) == b""
    assert server.crashes == []


def test_own_failure_is_kept_and_answered():
    server = SandboxServer()
    server.start()
    try:
        server.world.store.close()
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{server.origin}/red/ajax.php?action=index", timeout=5)
        answer = requests.get(f"{server.origin}/red/", timeout=5)
    finally:
        server.stop()

    assert answer.status_code == 500
    assert len(server.crashes) == 2


def test_client_that_leaves_in_mid_command_leaves_no_trace(sandbox):
    with socket.create_connection(
        sandbox.origin.removeprefix("http://").split(":")
    ) as line:
        line.sendall(
            b"POST /control/reset HTTP/1.1\r\nHost: 127.0.0.1:1\r\n"
            b"Content-Length: 50\r\n\r\n{"
        )
        line.shutdown(socket.SHUT_WR)
        with pytest.raises(ConnectionResetError):
            line.recv(10)

    assert sandbox.requests() == []
