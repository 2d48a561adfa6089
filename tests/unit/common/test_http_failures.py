"""What may have been sent when a request fails, over real sockets."""

import socket

import pytest
import requests

from common.http import (
    build_session,
    transport_failure,
)
from tests.unit.common.wire import (
    certificate,
    failure,
    free_port,
    reset,
)


def test_a_refused_connection_was_not_sent(session):
    exc = failure(session, f"http://127.0.0.1:{free_port()}/")
    assert isinstance(exc, requests.ConnectionError)
    assert transport_failure(exc) == "not_sent"


def test_an_unknown_name_was_not_sent(session):
    exc = failure(session, "http://no-such-host.invalid/")
    assert transport_failure(exc) == "not_sent"


def test_a_connect_timeout_was_not_sent():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:  # fills the backlog: the next connect hangs
            one.setblocking(False)
            one.connect_ex(address)
        with build_session(connect_seconds=0.2) as session:
            exc = failure(session, f"http://127.0.0.1:{address[1]}/")
        for one in waiting:
            one.close()
    assert isinstance(exc, requests.ConnectTimeout)
    assert transport_failure(exc) == "not_sent"


@pytest.mark.parametrize(
    "url", ["http://", "nonsense", "ftp://h/", "http://[::1/", "http://*.h/"]
)
def test_an_impossible_address_was_not_sent(session, url):
    assert transport_failure(failure(session, url)) == "not_sent"


def test_an_untrusted_certificate_was_not_sent(session, serve, tmp_path):
    context, _ = certificate(tmp_path)

    def tls(wire, conn):
        with context.wrap_socket(conn, server_side=True) as secure:
            wire.read_request(secure)

    wire = serve(tls)
    exc = failure(session, f"https://localhost:{wire.port}/")
    assert isinstance(exc, requests.exceptions.SSLError)
    assert transport_failure(exc) == "not_sent"
    assert wire.requests == []


@pytest.mark.parametrize(
    "behave",
    [
        lambda conn: conn.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        lambda conn: None,
        reset,
    ],
    ids=["plain text", "closes", "resets"],
)
def test_a_broken_handshake_was_not_sent(session, serve, behave):
    def no_tls(wire, conn):
        conn.recv(65536)
        behave(conn)

    exc = failure(session, f"https://127.0.0.1:{serve(no_tls).port}/")
    assert transport_failure(exc) == "not_sent"


def test_a_handshake_that_never_ends_was_not_sent(session, serve):
    def silent(wire, conn):
        while conn.recv(65536):
            pass

    exc = failure(session, f"https://127.0.0.1:{serve(silent).port}/")
    assert transport_failure(exc) == "not_sent"


def test_tls_that_breaks_after_the_request_may_have_been_sent(session, serve, tmp_path):
    context, pem = certificate(tmp_path)

    def tls(wire, conn):
        with context.wrap_socket(conn, server_side=True) as secure:
            wire.read_request(secure)
            raw = socket.socket(fileno=secure.detach())
            raw.sendall(b"\x17\x03\x03\x00\x20" + b"x" * 32)  # not decryptable
            raw.close()

    wire = serve(tls)
    exc = failure(session, f"https://localhost:{wire.port}/", verify=str(pem))
    assert isinstance(exc, requests.exceptions.SSLError)
    assert transport_failure(exc) == "maybe_sent"
    assert len(wire.requests) == 1


def test_no_answer_in_time_may_have_been_sent(session, serve):
    def silent(wire, conn):
        wire.read_request(conn)
        conn.recv(1)

    wire = serve(silent)
    exc = failure(session, wire.url)
    assert isinstance(exc, requests.ReadTimeout)
    assert transport_failure(exc) == "maybe_sent"
    assert len(wire.requests) == 1


def test_a_reset_after_reading_may_have_been_sent(session, serve):
    def resets(wire, conn):
        wire.read_request(conn)
        reset(conn)

    wire = serve(resets)
    assert transport_failure(failure(session, wire.url)) == "maybe_sent"
    assert len(wire.requests) == 1


def test_a_reset_while_the_body_is_sent_may_have_been_sent(session, serve):
    def resets(wire, conn):
        conn.recv(1000)
        reset(conn)

    with pytest.raises(requests.RequestException) as caught:
        session.post(serve(resets).url, data=b"x" * 20_000_000)
    assert transport_failure(caught.value) == "maybe_sent"


def test_a_close_without_an_answer_may_have_been_sent(session, serve):
    exc = failure(session, serve(b"").url)
    assert transport_failure(exc) == "maybe_sent"


@pytest.mark.parametrize(
    "answer",
    [
        b"this is not HTTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\nonly this",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n",
    ],
    ids=["no HTTP", "cut chunk", "bad chunk", "cut body", "bad gzip", "too large"],
)
def test_a_broken_answer_may_have_been_sent(session, serve, answer):
    wire = serve(answer)
    assert transport_failure(failure(session, wire.url)) == "maybe_sent"
    assert len(wire.requests) == 1


def test_an_answer_is_proof_whatever_the_error_looks_like(session, serve):
    response = session.get(serve(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n").url)
    with pytest.raises(requests.HTTPError) as caught:
        response.raise_for_status()
    assert transport_failure(caught.value) == "maybe_sent"


def test_an_older_failure_that_was_being_handled_does_not_count(session, serve):
    refused = f"http://127.0.0.1:{free_port()}/"
    url = serve(b"").url
    try:
        session.get(refused)
    except requests.ConnectionError:
        exc = failure(session, url)
    assert exc.__context__ is not None
    assert transport_failure(exc) == "maybe_sent"


def test_what_is_not_about_transport_may_have_been_sent():
    assert transport_failure(RuntimeError("x")) == "maybe_sent"
    looped = ValueError("x")
    looped.args = (looped,)
    assert transport_failure(looped) == "maybe_sent"
