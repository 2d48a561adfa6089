"""What torrent clients are told, and who seeds."""

from typing import Any

import libtorrent
import pytest
import requests

from tests.unit.trackers.sandbox.gazelle_calls import SiteCalls
from trackers.sandbox import accounts, bencode

ME = b"-qB5000-aaaaaaaaaaaa"
OTHER = b"-qB5000-bbbbbbbbbbbb"


class Announcer:
    """A torrent client's announces for the first upload of a site."""

    def __init__(self, site: SiteCalls):
        site.upload()
        self.site = site
        self.infohash = bytes.fromhex(site.sandbox.uploads(site.slug)[0]["infohash"])
        passkey = site.sandbox.passkey(site.slug)
        self.url = site.sandbox.announce(site.slug).format(passkey=passkey)

    def raw(self, url="", **arguments):
        values = {
            "info_hash": self.infohash,
            "peer_id": ME,
            "port": 6881,
            "uploaded": 0,
            "downloaded": 0,
            "left": 0,
            "compact": 1,
            **arguments,
        }
        wanted = {name: value for name, value in values.items() if value is not None}
        return requests.get(
            url or self.url,
            params=wanted,
            headers={"User-Agent": "qBittorrent/5.0"},
            timeout=5,
        )

    def tell(self, url="", **arguments):
        return bencode.decode(self.raw(url, **arguments).content)

    def reason(self, url="", **arguments):
        return self.tell(url, **arguments)[b"failure reason"].decode()


@pytest.fixture
def client(site):
    return Announcer(site)


def test_seeder_is_counted_and_shown(client):
    answer = client.tell(event="started")

    assert (answer[b"complete"], answer[b"incomplete"]) == (1, 0)
    assert answer[b"interval"] == 300
    assert answer[b"peers"] == b""
    [seeder] = client.site.sandbox.seeders(client.site.slug)
    upload = client.site.sandbox.uploads(client.site.slug)[0]
    assert seeder["torrent_id"] == upload["id"]
    assert seeder["username"] == "rehearsal"
    assert seeder["agent"] == "qBittorrent/5.0"
    assert upload["seeders"] == 1
    shown = client.site.ask("torrent", id=upload["id"])["torrent"]
    assert (shown["seeders"], shown["leechers"]) == (1, 0)
    assert client.site.ask("browse")["results"][0]["seeders"] == 1


def test_leecher_is_told_of_the_seeder(client):
    client.tell(port=6881)

    compact = client.tell(peer_id=OTHER, port=6882, left=10)
    verbose = client.tell(peer_id=OTHER, port=6882, left=10, compact=0)

    assert (compact[b"complete"], compact[b"incomplete"]) == (1, 1)
    assert compact[b"peers"] == bytes([127, 0, 0, 1]) + (6881).to_bytes(2, "big")
    assert verbose[b"peers"] == [{b"peer id": ME, b"ip": b"127.0.0.1", b"port": 6881}]
    assert client.tell(peer_id=OTHER, left=10, numwant=0)[b"peers"] == b""


def test_seeders_are_not_told_of_each_other(client):
    client.tell()

    assert client.tell(peer_id=OTHER, port=6882)[b"peers"] == b""


def test_client_that_was_restarted_is_still_one(client):
    client.tell(peer_id=ME)
    assert client.tell(peer_id=OTHER)[b"complete"] == 1
    assert client.tell(peer_id=ME, port=6882)[b"complete"] == 2, "another one"


def test_stopped_peer_is_gone(client):
    client.tell()

    assert client.tell(event="stopped")[b"complete"] == 0
    assert client.site.sandbox.seeders() == []


def test_leecher_that_completes_becomes_a_seeder(client):
    client.tell(left=10)
    assert client.site.sandbox.seeders() == []

    client.tell(event="completed")

    assert len(client.site.sandbox.seeders()) == 1


def test_unregistered_torrent_is_refused(client):
    assert client.reason(info_hash=b"x" * 20) == "Unregistered torrent"


def test_torrent_of_the_other_site_is_unregistered(red, ops):
    on_red, on_ops = Announcer(red), Announcer(ops)

    assert on_red.reason(info_hash=on_ops.infohash) == "Unregistered torrent"


def test_wrong_passkey_is_refused(client):
    other_site = "ops" if client.site.slug == "red" else "red"
    own = client.site.sandbox.passkey(client.site.slug)
    for url in (
        f"{client.site.sandbox.origin}/announce/{client.site.slug}/{'0' * 32}",
        f"{client.site.sandbox.origin}/announce/{other_site}/{own}",
        f"{client.site.sandbox.origin}/announce/nowhere/{own}",
        f"{client.site.sandbox.origin}/announce",
    ):
        assert client.reason(url) == "Passkey not found"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"info_hash": None}, "Malformed info_hash"),
        ({"info_hash": b"short"}, "Malformed info_hash"),
        ({"peer_id": None}, "Malformed announce: peer_id and port are needed"),
        ({"port": None}, "Malformed announce: peer_id and port are needed"),
        ({"port": 70000}, "Malformed announce: peer_id and port are needed"),
        ({"left": "much"}, "Malformed announce: left is no number"),
    ],
)
def test_malformed_announce_is_refused(client, changes, reason):
    assert client.reason(**changes) == reason


def test_interval_can_be_changed(client):
    client.site.sandbox.options(peer_interval=30)

    assert client.tell()[b"interval"] == 30


def test_announces_fail_on_command(client):
    slug, sandbox = client.site.slug, client.site.sandbox
    sandbox.fail(slug, "announce", "refuse", message="Client banned")
    assert client.reason() == "Client banned"
    sandbox.fail(slug, "announce", "refuse")
    assert client.reason() == "Torrent client is not allowed"
    sandbox.fail(slug, "announce", "bad-key")
    assert client.reason() == "Passkey not found"
    sandbox.fail(slug, "announce", "rate-limit", seconds=3)
    assert "wait 3 seconds" in client.reason()
    sandbox.fail(slug, "announce", "server-error")
    assert client.raw().status_code == 500
    assert len(sandbox.requests(slug, "announce")) == 5
    assert sandbox.seeders() == []


def test_libtorrent_announces_a_downloaded_torrent(client, tmp_path):
    number = client.site.sandbox.uploads(client.site.slug)[0]["id"]
    content = client.site.get("download", id=number).content
    settings: Any = {
        "listen_interfaces": "127.0.0.1:0",
        "enable_dht": False,
        "enable_lsd": False,
        "enable_upnp": False,
        "enable_natpmp": False,
        "alert_mask": libtorrent.alert.category_t.tracker_notification,
    }
    session = libtorrent.session(settings)
    wanted = libtorrent.load_torrent_buffer(content)
    wanted.save_path = str(tmp_path)
    handle = session.add_torrent(wanted)
    replies = []
    for _ in range(100):
        session.wait_for_alert(100)
        replies = [
            alert
            for alert in session.pop_alerts()
            if isinstance(alert, libtorrent.tracker_reply_alert)
        ]
        if replies:
            break
    session.remove_torrent(handle)

    assert replies
    assert client.site.sandbox.requests(client.site.slug, "announce")


def test_passkeys_of_members_differ():
    passkeys = [account.passkey for account in accounts.DEFAULTS]

    assert len(set(passkeys)) == len(passkeys)
    assert all(len(passkey) == 32 for passkey in passkeys)


def test_red_lists_what_a_member_seeds_and_leeches(red):
    client = Announcer(red)

    def listed(kind):
        rows = red.ask("user_torrents", id=70001, type=kind)[kind]
        return [row["torrentId"] for row in rows]

    number = red.sandbox.uploads("red")[0]["id"]
    assert listed("seeding") == []
    client.tell()
    assert (listed("seeding"), listed("leeching")) == ([number], [])
    client.tell(left=5)
    assert (listed("seeding"), listed("leeching")) == ([], [number])
    assert listed("snatched") == []
    assert red.ask("user_torrents", id=70002, type="leeching")["leeching"] == []
