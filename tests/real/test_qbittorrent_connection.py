"""Reaching a real qBittorrent, and every way of not reaching it."""

import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from pytest_httpserver import HTTPServer

from releases.clients.connection import Connection
from releases.clients.errors import (
    ClientAddressWrong,
    ClientBanned,
    ClientError,
    ClientHostRejected,
    ClientLoginFailed,
    ClientRefused,
    ClientTooOld,
    ClientUnreachable,
)
from releases.clients.qbittorrent import QBittorrentClient
from tests.qbittorrent import free_port

pytestmark = [pytest.mark.real, pytest.mark.qbittorrent]

UNKNOWN = "0" * 40
PASSWORD = "correct horse"


def test_a_good_connection_says_what_is_there(qbittorrent):
    check = qbittorrent.client().check()
    assert check.ok
    assert check.version.startswith("v5.")
    assert check.version in check.message
    assert check.save_path == str(qbittorrent.folder / "downloads")
    assert (check.can_browse, check.can_create) == (True, True)
    assert check.warnings == ()


def test_an_old_version_neither_browses_nor_creates(old_qbittorrent):
    check = old_qbittorrent.client().check()
    assert (check.ok, check.can_browse, check.can_create) == (True, False, False)


def test_what_an_old_version_lacks_is_told(old_qbittorrent):
    connection = Connection(
        old_qbittorrent.url, old_qbittorrent.username, old_qbittorrent.password
    )
    with pytest.raises(ClientTooOld, match=r"5\.1 or newer"):
        connection.call(lambda api: api.app_get_directory_content("/tmp"))


def test_a_wrong_password_is_tried_once_only(start_qbittorrent):
    with start_qbittorrent(ban_after=2, ban_seconds=60) as server:
        client = server.client(password="wrong")
        for _ in range(5):
            with pytest.raises(ClientLoginFailed, match="Test"):
                client.status(UNKNOWN)
        with pytest.raises(ClientLoginFailed):
            server.client(password="wrong").status(UNKNOWN)
        assert server.client().check().ok, "five polls must not ban this machine"


def test_the_test_button_tries_a_refused_login_again(start_qbittorrent):
    with start_qbittorrent(ban_after=2, ban_seconds=60) as server:
        client = server.client(password="wrong")
        assert [client.check().code for _ in range(4)] == [
            "client_login",
            "client_login",
            "client_banned",
            "client_banned",
        ]


def test_a_ban_is_named_and_lapses(start_qbittorrent):
    with start_qbittorrent(ban_after=1, ban_seconds=1) as server:
        assert server.client(password="wrong").check().code == "client_login"
        with pytest.raises(ClientBanned, match="by itself") as caught:
            server.client().status(UNKNOWN)
        assert caught.value.temporary
        client = server.client()
        while not client.check().ok:
            time.sleep(0.1)
        assert client.status(UNKNOWN).phase == "missing"


def test_no_login_needed_means_the_password_was_not_tested(start_qbittorrent):
    with start_qbittorrent(ask_for_login=False) as server:
        check = server.client(password="whatever").check()
        assert check.ok
        assert any("could not be tested" in words for words in check.warnings)


def test_a_restarted_client_is_logged_in_to_again(start_qbittorrent):
    port = free_port()
    with start_qbittorrent(port=port) as server:
        client = server.client()
        assert client.check().ok
    with pytest.raises(ClientUnreachable, match="nothing listens"):
        client.status(UNKNOWN)
    with start_qbittorrent(port=port):
        assert client.status(UNKNOWN).phase == "missing"


def test_threads_may_share_a_client(qbittorrent):
    client = qbittorrent.client()
    outcomes = []

    def poll():
        try:
            for _ in range(5):
                outcomes.append(client.status(UNKNOWN).phase)
        except ClientError as exc:
            outcomes.append(exc)
        finally:
            client.close()

    threads = [threading.Thread(target=poll) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(outcomes) == {"missing"}
    assert len(outcomes) == 40


def test_nothing_listening_is_told():
    client = QBittorrentClient(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(ClientUnreachable, match="nothing listens") as caught:
        client.status(UNKNOWN)
    assert caught.value.temporary
    assert client.check().code == "client_unreachable"


def test_an_unknown_host_is_told():
    client = QBittorrentClient("http://no-such-host.invalid:8080")
    with pytest.raises(ClientUnreachable, match="host name"):
        client.status(UNKNOWN)


def test_a_name_the_server_does_not_serve_is_told(qbittorrent):
    api = qbittorrent.api()
    api.app_set_preferences({"web_ui_domain_list": "only.this.name"})
    try:
        port = qbittorrent.url.rsplit(":", 1)[1]
        client = QBittorrentClient(
            f"http://localhost:{port}", qbittorrent.username, qbittorrent.password
        )
        with pytest.raises(ClientHostRejected, match="Server domains"):
            client.status(UNKNOWN)
    finally:
        api.app_set_preferences({"web_ui_domain_list": "*"})


@pytest.mark.parametrize(
    "url",
    ["", "localhost", "localhost:8080", "ftp://host", "http://", "http://host:99999"],
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(ClientAddressWrong, match="must look like"):
        QBittorrentClient(url)


@pytest.mark.parametrize(
    "url", ["http://user:pass@host", "http://host/?a=b", "http://host/#x"]
)
def test_a_login_in_the_address_is_refused_and_not_repeated(url):
    with pytest.raises(ClientAddressWrong) as caught:
        QBittorrentClient(url)
    assert "pass@" not in str(caught.value)


def test_a_slash_at_the_end_of_the_address_makes_no_difference(qbittorrent):
    client = QBittorrentClient(
        f"{qbittorrent.url}/", qbittorrent.username, qbittorrent.password
    )
    assert client.check().ok


class Silent:
    """Accepts connections and says nothing."""

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def __exit__(self, *_):
        self.socket.close()


def test_silence_is_told(monkeypatch):
    monkeypatch.setattr("releases.clients.connection.READ_SECONDS", 0.2)
    with Silent() as url, pytest.raises(ClientUnreachable, match="no answer within"):
        QBittorrentClient(url).status(UNKNOWN)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, "<html>a login page</html>", ClientUnreachable),
        (500, "boom", ClientUnreachable),
        (400, "no", ClientRefused),
        (409, "no", ClientRefused),
    ],
)
def test_what_is_not_qbittorrent_is_told(httpserver, status, body, error):
    httpserver.expect_request("/api/v2/torrents/info").respond_with_data(
        body, status=status
    )
    client = QBittorrentClient(httpserver.url_for("/"))
    with pytest.raises(error) as caught:
        client.status(UNKNOWN)
    assert body not in str(caught.value)


@pytest.fixture
def self_signed(tmp_path):
    """A server side TLS context whose certificate nobody signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "both.pem"
    pem.write_bytes(
        certificate.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def test_untrusted_tls_is_told(self_signed):
    with HTTPServer(ssl_context=self_signed) as server:
        server.expect_request("/api/v2/torrents/info").respond_with_json([])
        with pytest.raises(ClientUnreachable, match="certificate"):
            QBittorrentClient(server.url_for("/")).status(UNKNOWN)
        trusting = QBittorrentClient(server.url_for("/"), verify_tls=False)
        assert trusting.status(UNKNOWN).phase == "missing"


def test_what_the_server_says_is_no_torrent_is_told(any_qbittorrent):
    server = any_qbittorrent
    connection = Connection(server.url, server.username, server.password)
    with pytest.raises(ClientRefused, match="not a valid torrent"):
        connection.call(lambda api: api.torrents_add(torrent_files=b"nothing"))


def test_no_secret_shows(qbittorrent, caplog):
    client = qbittorrent.client()
    client.check()
    wrong = qbittorrent.client(password="very secret words")
    with pytest.raises(ClientLoginFailed) as caught:
        wrong.status(UNKNOWN)
    said = "".join(
        [repr(client), repr(wrong), repr(wrong._connection), str(caught.value)]
    )
    said += caplog.text + repr(caught.value.__cause__)
    assert "very secret words" not in said
    assert qbittorrent.password not in said
