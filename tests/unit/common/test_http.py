"""Outgoing HTTP over real sockets: defaults, limits and redaction."""

import gzip

import pytest
import requests
import urllib3

from common.http import (
    ResponseTooLarge,
    build_session,
    read_capped,
    user_agent,
)
from common.redact import MASK, remember_secret
from tests.unit.common.wire import (
    KEY,
    OK,
    failure,
    free_port,
)


def test_the_user_agent_is_honest(session, serve, settings):
    wire = serve(OK)
    assert session.get(wire.url).text == "ok"
    assert f"User-Agent: Herald/{settings.HERALD_VERSION}\r\n" in (
        wire.requests[0][0] + "\r\n"
    )
    settings.HERALD_CONTACT = "ops@example.org"
    assert user_agent() == f"Herald/{settings.HERALD_VERSION} (ops@example.org)"


def test_a_request_prepared_without_the_session_gets_the_same_defaults(session, serve):
    wire = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000)
    request = requests.Request("POST", wire.url, data={"a": "b"}).prepare()
    with pytest.raises(ResponseTooLarge):
        session.send(request)
    assert "User-Agent: Herald/" in wire.requests[0][0]


def test_the_environment_sets_no_proxy_and_no_login(
    session, serve, monkeypatch, tmp_path
):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    wire = serve(OK)
    assert session.get(wire.url).status_code == 200
    assert "authorization" not in wire.requests[0][0].lower()


def redirect_to(url):
    return (
        f"HTTP/1.1 302 Found\r\nLocation: {url}\r\nContent-Length: 0\r\n"
        "Connection: close\r\n\r\n".encode()
    )


@pytest.mark.parametrize("prepared", [False, True])
def test_a_post_follows_no_redirect_and_a_get_does(session, serve, prepared):
    target = serve(OK)
    source = serve(redirect_to(target.url + "/there"))

    def send(method):
        if prepared:
            return session.send(requests.Request(method, source.url).prepare())
        return session.request(method, source.url)

    assert send("POST").status_code == 302
    assert target.requests == []
    assert send("GET").text == "ok"
    assert len(target.requests) == 1


def test_a_post_follows_a_redirect_when_told_to(session, serve):
    target = serve(OK)
    source = serve(redirect_to(target.url))
    assert session.post(source.url, allow_redirects=True).text == "ok"


def test_secret_headers_stay_behind_on_a_redirect_to_another_host(session, serve):
    target = serve(OK)
    away = serve(redirect_to(target.url))
    headers = {"Authorization": KEY, "X-Api-Key": KEY, "Accept-Language": "en"}
    session.get(away.url, headers=headers)
    assert KEY in away.requests[0][0]
    assert KEY not in target.requests[0][0]
    assert "Accept-Language: en" in target.requests[0][0]


def test_secret_headers_stay_on_the_same_host(session, serve):
    def twice(wire, conn):
        first = not wire.requests
        wire.read_request(conn)
        conn.sendall(redirect_to("/again") if first else OK)

    wire = serve(twice)
    session.get(wire.url, headers={"X-Api-Key": KEY})
    assert KEY in wire.requests[1][0]


def flaky(failures):
    def serve_flaky(wire, conn):
        bad = len(wire.requests) < failures
        wire.read_request(conn)
        unwell = b"HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        conn.sendall(unwell if bad else OK)

    return serve_flaky


def test_a_get_is_repeated_only_as_often_as_told(serve):
    wire = serve(flaky(2))
    with build_session(get_retries=2) as session:
        assert session.get(wire.url).text == "ok"
    assert len(wire.requests) == 3
    wire = serve(flaky(9))
    with build_session(get_retries=1) as session:
        assert session.get(wire.url).status_code == 503
    assert len(wire.requests) == 2
    wire = serve(flaky(9))
    with build_session() as session:
        assert session.get(wire.url).status_code == 503
    assert len(wire.requests) == 1


def test_a_post_is_never_repeated(serve):
    wire = serve(flaky(9))
    with build_session(get_retries=5) as session:
        assert session.post(wire.url, data=b"x").status_code == 503
    assert len(wire.requests) == 1

    def closes(wire, conn):
        wire.read_request(conn)

    wire = serve(closes)
    with (
        build_session(get_retries=5) as session,
        pytest.raises(requests.ConnectionError),
    ):
        session.post(wire.url, data=b"x")
    assert len(wire.requests) == 1


def body_of(content, *headers):
    lines = [b"HTTP/1.1 200 OK", *headers, b"Connection: close", b"", b""]
    return b"\r\n".join(lines) + content


@pytest.mark.parametrize(
    "answer",
    [
        body_of(b"x" * 1001),
        body_of(b"x" * 1001, b"Content-Length: 1001"),
        body_of(gzip.compress(b"x" * 1001), b"Content-Encoding: gzip"),
        body_of(gzip.compress(b"x" * 50_000_000), b"Content-Encoding: gzip"),
    ],
    ids=["undeclared", "declared", "compressed", "bomb"],
)
def test_a_body_above_the_limit_is_refused(session, serve, answer):
    wire = serve(answer)
    with pytest.raises(ResponseTooLarge, match=r"larger than 1,000 bytes") as caught:
        session.get(f"{wire.url}/x?passkey={KEY}")
    assert caught.value.code == "response_too_large"
    assert KEY not in str(caught.value)


def test_a_body_at_the_limit_is_read_in_full(session, serve):
    response = session.get(serve(body_of(b'"' + b"x" * 998 + b'"')).url)
    assert response.json() == "x" * 998
    assert read_capped(response, 1000) == response.content


def test_a_streamed_body_is_read_when_and_as_far_as_the_caller_says(session, serve):
    wire = serve(body_of(b"x" * 5000))
    response = session.get(wire.url, stream=True)
    assert read_capped(response, 5000) == b"x" * 5000
    assert response.text == "x" * 5000
    with pytest.raises(ResponseTooLarge):
        read_capped(session.get(wire.url, stream=True), 4999)


def test_the_body_of_a_redirect_is_limited_too(session, serve):
    moved = b"HTTP/1.1 302 Found\r\nLocation: /x\r\nConnection: close\r\n\r\n"
    with pytest.raises(ResponseTooLarge):
        session.get(serve(moved + b"x" * 2000).url, stream=True)


def texts(exc):
    """Everything that an exception and all behind it say."""
    while exc is not None:
        yield f"{exc} {exc!r} {exc.args}"
        exc = exc.__cause__ or exc.__context__


@pytest.mark.parametrize(
    "target",
    [
        f"/ajax.php?auth={KEY}",
        f"/announce/red/{KEY}",
        f"/{KEY}/announce",
        "/path/known-secret/x",
    ],
)
def test_no_error_text_holds_a_secret(session, serve, target):
    remember_secret("known-secret")

    def silent(wire, conn):
        wire.read_request(conn)
        conn.recv(1)

    urls = [
        f"http://127.0.0.1:{free_port()}{target}",
        f"http://no-such-host.invalid{target}",
        f"http://me:pw-of-mine@127.0.0.1:{free_port()}{target}",
        f"{serve(silent).url}{target}",
        f"{serve(b'nonsense').url}{target}",
        f"http://[::1{target}",
        f"nonsense{target}",
    ]
    for url in urls:
        said = " ".join(texts(failure(session, url)))
        assert KEY not in said
        assert "known-secret" not in said
        assert "pw-of-mine" not in said


def test_the_fields_of_low_level_errors_are_redacted_too(session):
    exc = failure(session, f"http://127.0.0.1:{free_port()}/?auth={KEY}")
    inner = exc.args[0]
    assert isinstance(inner, urllib3.exceptions.MaxRetryError)
    assert inner.url == f"/?auth={MASK}"
