"""Looking where the site answers oddly; the usual ways are shown on the sandbox."""

import pytest

from tests.payloads import make_payload, make_site
from trackers.adapters.gazelle.dialects import RED
from trackers.adapters.gazelle.lookup import Lookup
from trackers.adapters.gazelle.parsing import Answer
from trackers.errors import TrackerUnavailable
from trackers.types import Finding, Way

NOT_FOUND = Answer("failure", None, "bad hash parameter")


def success(**response):
    return Answer("success", response)


def looked(answers, payload=None):
    """Search with fixed answers by action; `torrent` by the hash is not found."""
    asked = []

    def ask(action, /, **params):
        asked.append(action)
        if "hash" in params:
            return answers.get("hash", NOT_FOUND)
        return answers.get(action, success())

    told: list[Finding] = []
    found = Lookup(make_site(), RED, ask, told.append).find(payload or make_payload())
    assert [one.way for one in told] == list(Way)[: len(told)]
    return found, asked


def test_known_infohash_without_a_number_is_no_absence():
    with pytest.raises(TrackerUnavailable, match="has no torrent number"):
        looked({"hash": success(torrent={"size": 5}, group={})})


def test_account_without_a_number_has_no_list_of_uploads():
    found, asked = looked({"index": success(username="someone")})
    assert found is None
    assert "user_torrents" not in asked


def test_row_whose_torrent_cannot_be_described_is_still_found():
    payload = make_payload()
    row = {
        "groupId": 5,
        "groupName": payload.title,
        "torrentId": 77,
        "size": payload.torrent.size,
    }
    found, _ = looked({"browse": success(results=[row]), "torrent": NOT_FOUND})
    assert (found.remote_id, found.infohash) == ("77", "")
    assert found.url == "http://127.0.0.1:9/torrents.php?id=5&torrentid=77"


def test_infohash_of_an_odd_type_is_not_known():
    payload = make_payload()
    row = {"groupName": payload.title, "torrentId": 77, "size": payload.torrent.size}
    torrent = success(torrent={"id": 77, "infoHash": None})
    found, _ = looked({"browse": success(results=[row]), "torrent": torrent})
    assert found.infohash == ""
    assert found.url.endswith("torrents.php?torrentid=77")
