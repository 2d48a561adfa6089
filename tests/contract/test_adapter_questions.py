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
from trackers.types import UploadResult

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
