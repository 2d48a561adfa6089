"""Transport: real sockets, one request a call, and what each break means."""

import socket
import threading

import pytest
import requests

from common.http import build_session
from tests.far_end import GOOD, far_end, http_answer, read_request
from tests.payloads import API_KEY, PASSKEY, make_adapter, make_payload
from trackers.adapters import http as transport
from trackers.errors import (
    OutcomeUnknown,
    TrackerConfigError,
    TrackerUnavailable,
    UnreadableResponse,
)
from trackers.types import UploadResult


@pytest.fixture
def session():
    with build_session() as made:
        yield made


def adapter_at(session, url, **times):
    adapter = make_adapter(session, "red", url)
    for name, value in {"connect_timeout": 2, **times}.items():
        setattr(adapter, name, value)
    return adapter


def test_refused_connection_means_that_nothing_was_sent(session):
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(TrackerUnavailable, match="did not accept a connection"):
        adapter_at(session, url).upload(make_payload())


def test_unknown_host_name_means_that_nothing_was_sent(session):
    with pytest.raises(TrackerUnavailable, match="its name is not known"):
        adapter_at(session, "http://no-such-host.invalid").upload(make_payload())


def test_read_timeout_leaves_the_outcome_unknown(session):
    release = threading.Event()
    with far_end(lambda *_: release.wait(10)) as far:
        with pytest.raises(OutcomeUnknown, match="did not answer in time") as caught:
            adapter_at(session, far.url, upload_read_timeout=0.2).upload(make_payload())
        release.set()
    assert len(far.requests) == 1
    assert caught.value.http_status is None


def test_connection_closed_without_an_answer_leaves_the_outcome_unknown(session):
    with far_end(lambda *_: None) as far, pytest.raises(OutcomeUnknown, match="lost"):
        adapter_at(session, far.url).upload(make_payload())
    assert len(far.requests) == 1


def test_truncated_answer_leaves_the_outcome_unknown(session):
    whole = http_answer(GOOD)
    with (
        far_end(lambda connection, *_: connection.sendall(whole[:-20])) as far,
        pytest.raises(OutcomeUnknown) as caught,
    ):
        adapter_at(session, far.url).upload(make_payload())
    assert caught.value.http_status == 200
    assert len(far.requests) == 1


def test_silence_within_an_answer_leaves_the_outcome_unknown(session):
    release = threading.Event()

    def stall(connection, *_):
        connection.sendall(http_answer(GOOD)[:-20])
        release.wait(10)

    with far_end(stall) as far:
        with pytest.raises(OutcomeUnknown, match="did not answer in time"):
            adapter_at(session, far.url, upload_read_timeout=0.2).upload(make_payload())
        release.set()


def test_answer_that_drips_for_ever_is_given_up(session):
    gone = threading.Event()

    def drip(connection, *_):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while not gone.wait(0.02):
            connection.sendall(b" ")

    with far_end(drip) as far:
        with pytest.raises(OutcomeUnknown, match=r"not complete after 0\.2 s"):
            adapter_at(session, far.url, upload_deadline=0.2).upload(make_payload())
        gone.set()


def test_endless_answer_is_cut_off(session, monkeypatch):
    monkeypatch.setattr(transport, "MAX_ANSWER_BYTES", 100)
    with (
        far_end(
            lambda connection, *_: connection.sendall(http_answer(b"x" * 500))
        ) as f,
        pytest.raises(OutcomeUnknown, match="longer than 100 bytes"),
    ):
        adapter_at(session, f.url).upload(make_payload())


def test_garbage_instead_of_http_leaves_the_outcome_unknown(session):
    with (
        far_end(lambda connection, *_: connection.sendall(b"not http\r\n\r\n")) as far,
        pytest.raises(OutcomeUnknown),
    ):
        adapter_at(session, far.url).upload(make_payload())


def test_upload_does_not_use_a_kept_connection_that_may_have_gone_stale():
    def answer_once_and_then_hang_up(connection, request, _number):
        who = b'{"status":"success","response":{"username":"someone"}}'
        body = who if b"action=index" in request else GOOD
        connection.sendall(http_answer(body))
        read_request(connection)

    with (
        far_end(answer_once_and_then_hang_up) as far,
        requests.Session() as session,
    ):
        adapter = adapter_at(session, far.url)
        adapter.check()
        assert adapter.upload(make_payload()).remote_id == "7"
        assert adapter.upload(make_payload()).remote_id == "7"
    assert len(far.requests) == 3


def test_session_that_retries_reads_does_not_retry_an_upload():
    with build_session(get_retries=3) as session, far_end(lambda *_: None) as far:
        with pytest.raises(OutcomeUnknown):
            adapter_at(session, far.url).upload(make_payload())
        assert len(far.requests) == 1


def test_upload_redirect_is_not_followed(session):
    away = http_answer(b"", "307 Temporary Redirect", "Location: /elsewhere\r\n")
    with (
        far_end(lambda connection, *_: connection.sendall(away)) as far,
        pytest.raises(OutcomeUnknown, match="redirects to another address"),
    ):
        adapter_at(session, far.url).upload(make_payload())
    assert len(far.requests) == 1


def test_sending_is_announced_before_the_first_byte(session):
    seen = []
    with far_end(lambda connection, *_: connection.sendall(http_answer(GOOD))) as far:
        adapter_at(session, far.url).upload(
            make_payload(), on_sending=lambda: seen.append(len(far.requests))
        )
    assert seen == [0]


def test_nothing_is_sent_when_announcing_it_fails(session):
    def refuse():
        raise RuntimeError("the row could not be stored")

    with far_end(lambda *_: None) as far:
        with pytest.raises(RuntimeError):
            adapter_at(session, far.url).upload(make_payload(), on_sending=refuse)
        assert far.requests == []


def test_request_carries_key_form_and_torrent(session):
    payload = make_payload()
    with far_end(lambda connection, *_: connection.sendall(http_answer(GOOD))) as far:
        adapter_at(session, far.url).upload(payload)
    (request,) = far.requests
    assert request.startswith(b"POST /ajax.php?action=upload HTTP/1.1\r\n")
    assert f"Authorization: {API_KEY}\r\n".encode() in request
    assert b"User-Agent: Herald/" in request
    assert payload.torrent.content in request
    assert b'name="file_input"; filename="A Book.torrent"' in request


def test_netrc_login_does_not_replace_the_key(tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("default login someone password other\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with (
        requests.Session() as session,
        far_end(lambda connection, *_: connection.sendall(http_answer(GOOD))) as far,
    ):
        adapter = adapter_at(session, far.url)
        adapter.upload(make_payload())
        with pytest.raises(TrackerUnavailable):
            adapter.check()
    assert len(far.requests) == 2
    for request in far.requests:
        assert f"Authorization: {API_KEY}\r\n".encode() in request


@pytest.mark.parametrize(
    "behave",
    [
        lambda *_: None,
        lambda connection, *_: connection.sendall(http_answer(GOOD)[:-9]),
        lambda connection, *_: connection.sendall(b"junk\r\n\r\n"),
        lambda connection, *_: connection.sendall(
            http_answer(b"<html>", "502 Bad Gateway")
        ),
        lambda connection, *_: connection.sendall(http_answer(b"")),
        lambda connection, *_: connection.sendall(
            http_answer(b"", "302 Found", "Location: https://elsewhere.invalid/\r\n")
        ),
    ],
    ids=["closed", "truncated", "junk", "502", "empty", "redirect"],
)
def test_question_without_a_usable_answer_changes_nothing(session, behave):
    with far_end(behave) as far, pytest.raises(TrackerUnavailable) as caught:
        adapter_at(session, far.url).check()
    assert not isinstance(caught.value, OutcomeUnknown | UnreadableResponse)


def test_question_that_times_out_changes_nothing(session):
    release = threading.Event()
    with far_end(lambda *_: release.wait(10)) as far:
        with pytest.raises(TrackerUnavailable, match="did not answer in time"):
            adapter_at(session, far.url, read_timeout=0.2).check()
        release.set()


@pytest.mark.parametrize("url", ["ftp://host.invalid", "host.invalid", "http://"])
def test_unusable_base_url_is_a_matter_of_configuration(session, url):
    with pytest.raises(TrackerConfigError, match="base URL"):
        adapter_at(session, url).upload(make_payload())


def test_no_secret_is_kept_from_an_answer_that_echoes_them(session):
    def echo(connection, request, _number):
        head = request.partition(b"\r\n\r\n")[0]
        body = b"<html>" + head + PASSKEY.encode() + b" " * 4000
        connection.sendall(http_answer(body, "500 Internal Server Error"))

    with far_end(echo) as far, pytest.raises(OutcomeUnknown) as caught:
        adapter_at(session, far.url).upload(make_payload())
    error = caught.value
    kept = f"{error!r} {error} {error.detail} {error.__cause__!r}"
    assert API_KEY not in kept
    assert PASSKEY not in kept
    assert "ajax.php" in error.detail
    assert len(error.detail) <= transport.MAX_DETAIL_CHARS


def test_secret_is_hidden_before_the_excerpt_is_cut(session):
    adapter = adapter_at(session, "http://127.0.0.1:9")
    room = transport.MAX_DETAIL_CHARS - 10
    assert API_KEY[:8] not in adapter.bounded("x" * room + API_KEY)


@pytest.mark.parametrize("username", [b"", b'"username":"",', b'"username":7,'])
def test_check_that_names_nobody_is_no_success(session, username):
    body = b'{"status":"success","response":{' + username + b'"id":1}}'
    with (
        far_end(lambda connection, *_: connection.sendall(http_answer(body))) as far,
        pytest.raises(TrackerUnavailable, match="did not say whose key"),
    ):
        adapter_at(session, far.url).check()


def test_torrent_that_is_no_torrent_is_told(session):
    body = b'{"status":"success","response":{}}'
    with (
        far_end(lambda connection, *_: connection.sendall(http_answer(body))) as far,
        pytest.raises(TrackerUnavailable, match="sent no torrent file"),
    ):
        adapter_at(session, far.url).download_torrent(
            UploadResult(remote_id="7", url="")
        )


def test_the_far_end_closes_when_its_test_fails():
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError), far_end(lambda *_: None):
        raise ZeroDivisionError
    assert threading.active_count() == before
