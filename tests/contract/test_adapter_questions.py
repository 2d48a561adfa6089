"""Questions change nothing: who we are, what is there, the site's own torrent."""

from io import BytesIO

import pytest
import torf

from tests.contract.cases import everything_told
from trackers.errors import (
    QuestionRefused,
    TrackerAuthError,
    TrackerError,
    TrackerRateLimited,
    TrackerUnavailable,
)
from trackers.types import UploadResult, Way

READ_FAULTS = {
    "bad-key": TrackerAuthError,
    "rate-limit": TrackerRateLimited,
    "429": TrackerRateLimited,
    "refuse": QuestionRefused,
    **dict.fromkeys(
        [
            "forbidden",
            "server-error",
            "maintenance",
            "html",
            "empty",
            "drop-before",
            "cut",
            "reset",
        ],
        TrackerUnavailable,
    ),
}


def taxon(error):
    """The error's class in the taxonomy; a family may have narrower ones of its own."""
    return next(k for k in type(error).__mro__ if k.__module__ == "trackers.errors")


def test_check_says_who_we_are_and_learns_the_passkey(case, adapter, sandbox):
    result = adapter.check()
    assert result.ok
    assert result.username == "rehearsal"
    assert result.learned["passkey"] == sandbox.passkey(case.slug)
    assert sandbox.passkey(case.slug) not in repr(result)
    assert len(sandbox.requests(case.slug)) == 1


@pytest.mark.parametrize("fault", READ_FAULTS)
def test_failed_question_says_what_it_means(case, adapter, sandbox, fault):
    sandbox.fail(case.slug, case.read_action, fault, seconds=4, message="No.")
    with pytest.raises(TrackerError) as caught:
        adapter.check()
    assert taxon(caught.value) is READ_FAULTS[fault]
    told = everything_told(caught.value)
    assert sandbox.key(case.slug) not in told
    assert sandbox.passkey(case.slug) not in told


@pytest.mark.parametrize("fault", READ_FAULTS)
def test_failed_look_never_says_absent(case, adapter, sandbox, fault):
    payload = case.payload()
    adapter.upload(payload)
    sandbox.fail(case.slug, case.lookup_action, fault, seconds=4, message="No.")
    with pytest.raises(TrackerError) as caught:
        adapter.find_existing(payload)
    assert isinstance(caught.value, TrackerAuthError | TrackerUnavailable)


def test_look_finds_what_is_there_and_nothing_else(case, adapter):
    payload = case.payload()
    assert adapter.find_existing(payload) is None
    result = adapter.upload(payload)
    found = adapter.find_existing(payload)
    assert (found.remote_id, found.url) == (result.remote_id, result.url)
    assert found.title == payload.title


def test_a_look_asks_in_every_declared_way_and_tells_what_came_back(case, adapter):
    payload = case.payload()
    adapter.find_existing(payload)
    told = list(adapter.findings)
    assert {one.way for one in told} == set(adapter.ways) - {Way.REPEAT}
    assert all(one.asked and one.found.endswith(".") for one in told)
    result = adapter.upload(payload)
    adapter.find_existing(payload)
    assert f"Torrent {result.remote_id}" in adapter.findings[-1].found


@pytest.mark.parametrize("fault", ["server-error", "bad-key", "429", "drop-before"])
def test_a_failed_look_tells_which_question_failed(case, adapter, sandbox, fault):
    sandbox.fail(case.slug, "browse", fault, seconds=4)
    with pytest.raises(TrackerError) as caught:
        adapter.find_existing(case.payload())
    first, second = adapter.findings
    assert first.way is Way.INFOHASH
    assert second.found == caught.value.message


def test_a_torrent_is_known_by_its_number_and_its_link(case, adapter):
    payload = case.payload()
    result = adapter.upload(payload)
    number = result.remote_id
    for link in (number, f" {number} ", result.url, adapter.page_of(number)):
        assert adapter.number_in(link) == number
    assert adapter.owns_link(result.url)
    assert adapter.owns_link(adapter.search_page(payload.title))
    found = adapter.existing_by_number(number)
    assert (found.remote_id, found.url) == (number, result.url)
    assert (found.title, found.size) == (payload.title, payload.torrent.size)
    assert found.infohash == payload.torrent.infohash
    assert sorted(found.files) == sorted(payload.torrent.files)


def test_a_number_nobody_has_is_absent(adapter):
    assert adapter.existing_by_number("999999") is None


@pytest.mark.parametrize("fault", READ_FAULTS)
def test_a_failed_question_by_number_never_says_absent(case, adapter, sandbox, fault):
    sandbox.fail(case.slug, case.lookup_action, fault, seconds=4, message="No.")
    with pytest.raises(TrackerError) as caught:
        adapter.existing_by_number("1")
    assert isinstance(caught.value, TrackerAuthError | TrackerUnavailable)


@pytest.mark.parametrize(
    "link",
    ["", "no link", "{site}/", "{site}/forums.php?torrentid=", "http://[half/", "-3"],
)
def test_a_link_without_a_torrent_has_no_number(case, adapter, sandbox, link):
    assert adapter.number_in(link.format(site=sandbox.url(case.slug))) == ""


@pytest.mark.parametrize(
    "link",
    [
        "",
        "1",
        "http://[half/",
        "https://elsewhere.invalid/torrents.php?torrentid=1",
        "javascript:alert(1)",
        "{site}",
        "{site}.invalid/torrents.php?torrentid=1",
        "{site}-too/torrents.php?torrentid=1",
        "http://127.0.0.1:99999/torrents.php",
    ],
)
def test_a_link_elsewhere_is_not_the_sites(case, adapter, sandbox, link):
    assert not adapter.owns_link(link.format(site=sandbox.url(case.slug)))


def test_own_torrent_of_the_site_can_be_fetched(case, adapter, sandbox):
    result = adapter.upload(case.payload())
    (stored,) = sandbox.uploads(case.slug)
    content = adapter.download_torrent(result)
    found = torf.Torrent.read_stream(BytesIO(content))
    assert found.infohash == stored["infohash"].lower()
    assert list(found.trackers.flat) == [adapter.announce_url()]


@pytest.mark.parametrize("fault", READ_FAULTS)
def test_failed_fetch_of_a_torrent_is_told(case, adapter, sandbox, fault):
    result = adapter.upload(case.payload())
    sandbox.fail(case.slug, "download", fault, seconds=4, message="No.")
    with pytest.raises(TrackerError) as caught:
        adapter.download_torrent(result)
    assert taxon(caught.value) is READ_FAULTS[fault]


def test_fetch_of_an_unknown_torrent_is_told(adapter):
    with pytest.raises(TrackerUnavailable):
        adapter.download_torrent(UploadResult(remote_id="999", url=""))
