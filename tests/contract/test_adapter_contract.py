"""What every adapter promises, shown on what the sandbox holds afterwards."""

import hashlib
import socket

import pytest

from common.http import build_session
from tests.contract.cases import CASES, everything_told
from trackers.adapters.base import TrackerAdapter
from trackers.errors import (
    DuplicateUpload,
    OutcomeUnknown,
    TrackerAuthError,
    TrackerConfigError,
    TrackerError,
    TrackerRateLimited,
    TrackerUnavailable,
    UnreadableResponse,
    UnsupportedByTracker,
    UploadRejected,
)
from trackers.registry import FAMILIES, get_adapter_class
from trackers.types import Capability, Markup, Severity, Way

# What each failure means for an upload, and whether the site stored it nevertheless.
UPLOAD_FAULTS = {
    "refuse": (UploadRejected, False),
    "forbidden": (TrackerUnavailable, False),
    "bad-key": (TrackerAuthError, False),
    "rate-limit": (TrackerRateLimited, False),
    "429": (TrackerRateLimited, False),
    "server-error": (OutcomeUnknown, False),
    "server-error-after": (OutcomeUnknown, True),
    "maintenance": (OutcomeUnknown, False),
    "html": (UnreadableResponse, False),
    "html-after": (UnreadableResponse, True),
    "empty": (UnreadableResponse, False),
    "empty-after": (UnreadableResponse, True),
    "drop-before": (OutcomeUnknown, False),
    "drop-after": (OutcomeUnknown, True),
    "cut": (OutcomeUnknown, True),
    "reset": (OutcomeUnknown, True),
    "half-body": (OutcomeUnknown, False),
}


def test_every_family_of_the_registry_is_held_to_the_contract():
    assert {case.family for case in CASES} == set(FAMILIES)


def test_every_choice_of_a_familys_options_has_a_case():
    for family in FAMILIES:
        for option in get_adapter_class(family).option_fields:
            tried = {c.options.get(option.name) for c in CASES if c.family == family}
            assert set(option.choices) <= tried


def test_class_says_all_about_itself(case, adapter):
    kind = type(adapter)
    assert kind.family == case.family
    assert kind.label
    assert kind.docs_url.startswith("https://")
    assert kind.credential_fields
    assert any(known.secret for known in kind.credential_fields)
    assert set(case.options) == {option.name for option in kind.option_fields}
    assert isinstance(kind.markup, Markup)
    assert isinstance(kind.rewrites_torrent, bool)
    assert "upload" not in vars(kind)


@pytest.mark.parametrize(
    ("capability", "method"),
    [
        (Capability.SEARCH, "find_existing"),
        (Capability.LOOK_UP, "existing_by_number"),
        (Capability.DOWNLOAD_TORRENT, "download_torrent"),
    ],
)
def test_declared_capabilities_are_those_that_are_there(adapter, capability, method):
    kind = type(adapter)
    own = getattr(kind, method) is not getattr(TrackerAdapter, method)
    assert own == (capability in kind.capabilities)


def test_what_can_be_asked_is_declared_with_how_far_it_lags(adapter):
    kind = type(adapter)
    assert set(kind.ways) <= set(Way)
    assert all(lag >= 0 for lag in kind.ways.values())
    assert kind.index_lag() == max(kind.ways.values(), default=0)
    searches = set(kind.ways) - {Way.REPEAT}
    assert bool(searches) == (Capability.SEARCH in kind.capabilities)


def test_good_payload_has_no_problem(case, adapter):
    assert adapter.validate(case.payload()) == []


def test_good_upload_is_stored_exactly_as_it_was_shown(case, adapter, sandbox):
    payload = case.payload()
    sent: list[int] = []
    result = adapter.upload(payload, on_sending=lambda: sent.append(len(sent)))
    (stored,) = sandbox.uploads(case.slug)
    assert [tuple(pair) for pair in stored["form"]] == list(
        adapter.form_fields(payload)
    )
    assert stored["file_sha256"] == hashlib.sha256(payload.torrent.content).hexdigest()
    assert stored["infohash"].lower() == payload.torrent.infohash
    assert result.remote_id == str(stored["id"])
    assert result.url == stored["url"]
    assert result.infohash in {"", payload.torrent.infohash}
    assert bool(result.infohash) is not adapter.rewrites_torrent
    assert sent == [0]
    assert len(sandbox.requests(case.slug, "upload")) == 1


def test_form_shown_to_people_holds_no_secret(case, adapter, sandbox):
    form = repr(adapter.form_fields(case.payload()))
    assert sandbox.key(case.slug) not in form
    assert sandbox.passkey(case.slug) not in form
    assert sandbox.key(case.slug) not in repr(adapter)


@pytest.mark.parametrize("fault", UPLOAD_FAULTS)
def test_failed_upload_says_what_it_means(case, adapter, sandbox, fault):
    expected, stored = UPLOAD_FAULTS[fault]
    payload = case.payload()
    sandbox.fail(case.slug, "upload", fault, seconds=4, message="Not like this.")
    with pytest.raises(TrackerError) as caught:
        adapter.upload(payload)
    error = caught.value
    assert type(error) is expected
    assert error.tracker == case.slug
    assert error.message.endswith((".", "!"))
    assert len(error.detail) <= 2_000
    assert len(sandbox.requests(case.slug, "upload")) == 1
    assert len(sandbox.uploads(case.slug)) == int(stored)
    told = everything_told(error)
    assert sandbox.key(case.slug) not in told
    assert sandbox.passkey(case.slug) not in told
    found = adapter.find_existing(payload)
    assert (found is not None) is stored


def test_rate_limit_says_how_long_to_wait(case, adapter, sandbox):
    sandbox.fail(case.slug, "upload", "429", seconds=7)
    with pytest.raises(TrackerRateLimited) as caught:
        adapter.upload(case.payload())
    assert caught.value.retry_after == 7.0
    sandbox.fail(case.slug, "upload", "rate-limit", seconds=7)
    with pytest.raises(TrackerRateLimited) as caught:
        adapter.upload(case.payload())
    assert (caught.value.retry_after or 0) >= 7.0


def test_timeout_after_sending_leaves_the_outcome_unknown(case, adapter, sandbox):
    payload = case.payload()
    adapter.upload_read_timeout = 0.3
    sandbox.fail(case.slug, "upload", "slow", seconds=1.5)
    with pytest.raises(OutcomeUnknown) as caught:
        adapter.upload(payload)
    assert type(caught.value) is OutcomeUnknown
    assert len(sandbox.requests(case.slug, "upload")) == 1
    assert adapter.find_existing(payload).infohash == payload.torrent.infohash


def test_refusal_carries_the_sites_words(case, adapter, sandbox):
    sandbox.fail(case.slug, "upload", "refuse", message="Not <b>like</b> this.")
    with pytest.raises(UploadRejected, match=r"Not like this\."):
        adapter.upload(case.payload())


def test_second_upload_of_the_same_is_a_duplicate_that_is_linked(
    case, adapter, sandbox
):
    assert Way.REPEAT in adapter.ways
    first = adapter.upload(case.payload())
    with pytest.raises(DuplicateUpload) as caught:
        adapter.upload(case.payload())
    assert caught.value.existing is not None
    assert caught.value.existing.remote_id == first.remote_id
    assert len(sandbox.uploads(case.slug)) == 1


def test_closed_port_means_that_nothing_was_sent(case, sandbox):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    site = case.site(sandbox)
    kind = get_adapter_class(case.family)
    closed = type(site)(
        **{
            name: getattr(site, name)
            for name in ("slug", "name", "announce_url", "source_flag", "options")
        },
        base_url=f"http://127.0.0.1:{port}",
    )
    with (
        kind(closed, {"api_key": sandbox.key(case.slug)}, build_session()) as adapter,
        pytest.raises(TrackerUnavailable),
    ):
        adapter.upload(case.payload())


def test_payload_that_cannot_be_expressed_is_not_sent(case, adapter, sandbox):
    payload = case.payload(title="", description="")
    problems = adapter.validate(payload)
    assert [p for p in problems if p.severity is Severity.ERROR]
    assert all(p.field and p.code and p.message and p.remedy for p in problems)
    with pytest.raises(UnsupportedByTracker):
        adapter.upload(payload)
    assert sandbox.requests(case.slug, "upload") == []


def test_missing_credential_is_a_matter_of_configuration(case, sandbox):
    with case.adapter(sandbox, build_session(), api_key="", passkey="") as adapter:
        for ask in (
            adapter.check,
            adapter.announce_url,
            lambda: adapter.upload(case.payload()),
            lambda: adapter.find_existing(case.payload()),
        ):
            with pytest.raises(TrackerConfigError) as caught:
                ask()
            assert "Credentials" in caught.value.message
    assert sandbox.requests(case.slug) == []


def test_announce_url_is_the_sites_with_the_passkey_in_it(case, adapter, sandbox):
    shape = sandbox.announce(case.slug)
    expected = shape.replace("{passkey}", sandbox.passkey(case.slug))
    assert adapter.announce_url() == expected
