import pytest
from hypothesis import given
from hypothesis import strategies as st
from qbittorrentapi import TorrentStates

from releases.clients.answers import (
    PHASES,
    announce_urls,
    seed_status,
    web_api_version,
)
from releases.clients.types import AnnounceStatus, SeedPhase

SPECIAL = [
    {
        "url": f"** [{name}] **",
        "status": 0,
        "tier": -1,
        "msg": "This torrent is private",
    }
    for name in ("DHT", "PeX", "LSD")
]
PASSKEY = "0123456789abcdef0123456789abcdef"
URL = f"http://tracker.test/announce/{PASSKEY}"


def tracker(status, msg="", seeds=-1):
    return {"url": URL, "status": status, "msg": msg, "num_seeds": seeds}


def test_versions_compare_number_by_number():
    assert web_api_version("2.8.19") < web_api_version("2.11.4")
    assert web_api_version("2.11.4") == (2, 11, 4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("v5.1.0", (5, 1, 0)), ("2.11.4beta", (2, 11, 4)), ("", ()), ("x.1", ())],
)
def test_odd_versions_give_what_can_be_read(text, expected):
    assert web_api_version(text) == expected


def test_every_state_the_library_knows_has_a_phase():
    ours = set(PHASES)
    theirs = {state.value for state in TorrentStates} - {"error", "unknown"}
    assert theirs <= ours


@pytest.mark.parametrize("state", ["error", "unknown", "somethingNew"])
def test_an_unknown_state_is_an_error(state):
    assert seed_status({"state": state}, []).phase is SeedPhase.ERROR


def test_dht_pex_and_lsd_rows_are_no_trackers():
    assert announce_urls([*SPECIAL, tracker(2)]) == [URL]
    status = seed_status({"state": "stalledUP", "progress": 1}, SPECIAL)
    assert status.tracker_status is AnnounceStatus.NONE
    assert not status.confirmed


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, AnnounceStatus.NOT_CONTACTED),
        (2, AnnounceStatus.WORKING),
        (3, AnnounceStatus.UPDATING),
        (4, AnnounceStatus.NOT_WORKING),
        (5, AnnounceStatus.NOT_WORKING),
        (6, AnnounceStatus.NOT_WORKING),
        (0, AnnounceStatus.NONE),
        (99, AnnounceStatus.NONE),
    ],
)
def test_a_tracker_status_becomes_a_word(number, expected):
    info = {"state": "stalledUP", "progress": 1}
    status = seed_status(info, [*SPECIAL, tracker(number)])
    assert status.tracker_status is expected
    assert status.confirmed is (number == 2)


def test_one_working_tracker_of_several_is_enough():
    rows = [*SPECIAL, tracker(4, "gone"), tracker(2, seeds=3), tracker(3)]
    status = seed_status({"state": "uploading", "progress": 1}, rows)
    assert (status.tracker_status, status.seeds) == (AnnounceStatus.WORKING, 3)
    assert status.tracker_message == ""


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (4, 2, AnnounceStatus.NOT_WORKING),
        (3, 2, AnnounceStatus.UPDATING),
        (2, 4, AnnounceStatus.WORKING),
        (None, 2, AnnounceStatus.NONE),
    ],
)
def test_only_the_answer_to_our_own_announce_url_counts(ours, theirs, expected):
    other = {**tracker(theirs), "url": "http://tracker.test/announce/" + "e" * 32}
    rows = [*SPECIAL, other, *([tracker(ours)] if ours else [])]
    info = {"state": "uploading", "progress": 1}
    status = seed_status(info, rows, announces=[URL])
    assert status.tracker_status is expected
    assert status.confirmed is (ours == 2)
    assert PASSKEY not in repr(status)


def test_seeds_are_unknown_until_the_tracker_has_said():
    assert seed_status({"state": "stalledUP"}, [tracker(3)]).seeds is None


def test_an_incomplete_torrent_is_not_confirmed():
    info = {"state": "stalledUP", "progress": 0.999}
    assert not seed_status(info, [tracker(2)]).confirmed


def test_a_message_with_an_announce_url_loses_its_passkey():
    status = seed_status({"state": "stalledUP"}, [tracker(4, f"cannot reach {URL}")])
    assert "cannot reach" in status.tracker_message
    assert PASSKEY not in status.tracker_message
    assert PASSKEY not in repr(status)


def test_a_message_is_cut_short():
    status = seed_status({"state": "stalledUP"}, [tracker(4, "no " * 10_000)])
    assert len(status.tracker_message) <= 300


@given(st.text())
def test_any_version_text_is_read(text):
    assert isinstance(web_api_version(text), tuple)
