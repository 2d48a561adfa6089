"""Failures on command."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.unit.trackers.sandbox.gazelle_calls import make_torrent
from tests.workers import wait_until
from trackers.sandbox.faults import FaultDesk, UnknownFault

LOST = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


def latest(site):
    return site.sandbox.requests(site.slug, "upload")[-1]


@pytest.mark.parametrize(
    ("fault", "status", "stored"),
    [
        ("forbidden", 403, 0),
        ("429", 429, 0),
        ("server-error", 500, 0),
        ("server-error-after", 500, 1),
        ("maintenance", 503, 0),
        ("html", 200, 0),
        ("html-after", 200, 1),
    ],
)
def test_page_comes_instead_of_json(site, fault, status, stored):
    site.sandbox.fail(site.slug, "upload", fault, seconds=7)

    answer = site.post()

    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.text.startswith("<!DOCTYPE html>")
    assert answer.headers.get("Retry-After") == ("7" if fault == "429" else None)
    assert len(site.sandbox.uploads(site.slug)) == stored
    assert latest(site)["fault"] == fault
    assert latest(site)["complete"] is True
    assert bool(latest(site)["stored_id"]) is bool(stored)


@pytest.mark.parametrize(("fault", "stored"), [("empty", 0), ("empty-after", 1)])
def test_answer_can_be_empty(site, fault, stored):
    site.sandbox.fail(site.slug, "upload", fault)

    answer = site.post()

    assert (answer.status_code, answer.content) == (200, b"")
    assert len(site.sandbox.uploads(site.slug)) == stored


@pytest.mark.parametrize(
    ("fault", "stored", "outcome", "complete"),
    [
        ("drop-before", 0, "dropped", True),
        ("drop-after", 1, "dropped", True),
        ("cut", 1, "cut", True),
        ("reset", 1, "reset", True),
        ("half-body", 0, "incomplete", False),
    ],
)
def test_connection_breaks(site, fault, stored, outcome, complete):
    site.sandbox.fail(site.slug, "upload", fault)

    with pytest.raises(LOST):
        site.post()

    assert len(site.sandbox.uploads(site.slug)) == stored
    assert latest(site)["outcome"] == outcome
    assert latest(site)["complete"] is complete
    assert len(site.sandbox.requests(site.slug, "upload")) == 1


def test_slow_upload_is_stored_before_the_answer_comes(site):
    site.sandbox.fail(site.slug, "upload", "slow", seconds=30)

    with pytest.raises(requests.ReadTimeout):
        site.session.post(
            f"{site.sandbox.url(site.slug)}/ajax.php?action=upload",
            data={"type": "3", "title": "Slow", "tags": "slow", "year": "1"}
            | {"format": "AAC", "bitrate": "256", "album_desc": "Slow but sure."},
            files={"file_input": ("a.torrent", make_torrent())},
            headers=site.headers,
            timeout=1,
        )

    assert len(site.sandbox.uploads(site.slug)) == 1


def test_slow_answer_is_the_right_one(site):
    site.sandbox.fail(site.slug, "index", "slow", seconds=0.05)

    assert site.ask("index")["username"] == "rehearsal"


def test_refusal_has_the_sentence_asked_for(red, ops):
    for site in (red, ops):
        site.sandbox.fail(site.slug, "upload", "refuse", message="Not today.")
        assert site.refusal() == "Not today."
        site.sandbox.fail(site.slug, "upload", "refuse")
        assert site.refusal() == "Please select a valid category."


def test_key_and_limit_fail_in_the_sites_own_way(red, ops):
    for site in (red, ops):
        site.sandbox.fail(site.slug, "upload", "bad-key")
        site.sandbox.fail(site.slug, "upload", "rate-limit", seconds=4)
    bad, limited = red.post(), red.post()
    assert (bad.status_code, limited.status_code) == (401, 429)
    assert limited.headers["Retry-After"] == "4"
    bad, limited = ops.post(), ops.post()
    assert (bad.status_code, limited.status_code) == (200, 200)
    assert bad.json()["error"] == "invalid token"
    assert limited.json()["error"] == "Rate limit exceeded"


def test_status_of_a_server_error_can_be_chosen(red):
    red.sandbox.fail("red", "upload", "server-error", status=502)

    assert red.post().status_code == 502


def test_hidden_uploads_are_found_again_after_so_many_lookups(site):
    site.upload()
    upload = site.sandbox.uploads(site.slug)[0]
    site.sandbox.fail(site.slug, "*", "hide", times=2)

    assert site.ask("index")
    assert "parameter" in site.error("torrent", hash=upload["infohash"].upper())
    assert site.ask("browse")["results"] == []
    assert site.ask("torrent", hash=upload["infohash"].upper())


def test_hidden_group_and_list_are_not_found(red):
    red.upload()
    red.sandbox.fail("red", "*", "hide", times=2)

    assert red.error("torrentgroup", id=2400001) == "bad id parameter"
    assert red.ask("user_torrents", id=70001, type="uploaded")["uploaded"] == []


def test_duplicates_are_known_while_uploads_are_hidden(site):
    site.upload()
    site.sandbox.fail(site.slug, "*", "hide", times=0)

    assert "exact same torrent" in site.post().json()["error"]


def test_fault_lasts_as_many_times_as_asked(red):
    red.sandbox.fail("red", "upload", "server-error", times=2)

    assert [red.post().status_code for _ in range(3)] == [500, 500, 200]


def test_fault_for_another_site_or_action_waits(red, ops):
    red.sandbox.fail("red", "upload", "server-error")

    assert red.get("index").status_code == 200
    assert ops.post().status_code == 200
    assert red.post().status_code == 500


def test_fault_can_last_until_it_is_cleared(sandbox, red):
    sandbox.fail("*", "*", "maintenance", times=0)
    assert [red.get("index").status_code for _ in range(3)] == [503] * 3

    sandbox.heal()

    assert red.get("index").status_code == 200
    assert sandbox.faults() == []


def test_hiding_ends_by_itself():
    now = [100.0]
    desk = FaultDesk(lambda: now[0])
    desk.add(site="red", fault="hide", times=None, seconds=5)

    assert desk.take("red", "browse")
    now[0] += 5
    assert desk.list() == []
    assert desk.take("red", "browse") is None


def test_one_of_several_faults_can_be_cleared():
    desk = FaultDesk(lambda: 0.0)
    first = desk.add(site="red", fault="429")
    second = desk.add(site="red", fault="html")

    desk.clear(first.id)

    assert desk.list() == [second]


def test_unknown_fault_names_those_there_are():
    with pytest.raises(UnknownFault, match="drop-after"):
        FaultDesk(lambda: 0.0).add(site="red", fault="explode")


def test_a_request_stalls_at_its_half_and_then_goes_on(site):
    site.sandbox.fail(site.slug, "upload", "stall", seconds=0.3)

    site.upload()

    assert latest(site)["complete"] is True
    assert latest(site)["fault"] == ""
    assert len(site.sandbox.uploads(site.slug)) == 1


def test_a_stall_ends_when_cleared_and_meets_the_next_fault(site):
    number = site.sandbox.fail(site.slug, "upload", "stall", seconds=60)
    site.sandbox.fail(site.slug, "upload", "drop-after")
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(site.post)
        wait_until(lambda: site.sandbox.requests(site.slug, "upload"))
        wait_until(lambda: latest(site)["size"])
        half = latest(site)
        site.sandbox.call("DELETE", "faults", id=str(number))
        with pytest.raises(LOST):
            call.result(timeout=10)

    assert half["complete"] is False
    assert half["outcome"] == "received"
    assert latest(site)["complete"] is True
    assert half["size"] == latest(site)["size"] // 2
    assert latest(site)["fault"] == "drop-after"
    assert len(site.sandbox.uploads(site.slug)) == 1
