"""What only Gazelle sites do: rewriting, slow indexes, scoped keys, other people."""

import dataclasses

import pytest

from common.http import build_session
from tests.contract.cases import CASES
from tests.payloads import FILES, make_torrent
from trackers.errors import (
    DuplicateUpload,
    TrackerAuthError,
    TrackerRateLimited,
    TrackerUnavailable,
)
from trackers.types import Severity

GAZELLE = [case for case in CASES if case.family == "gazelle"]


@pytest.fixture(params=GAZELLE, ids=lambda case: case.slug)
def case(request):
    return request.param


def only(slug):
    """Run the test for one of the sites: the others do not do this."""
    chosen = [case for case in GAZELLE if case.slug == slug]
    return pytest.mark.parametrize("case", chosen, indirect=True, ids=[slug])


def send_unchecked(adapter, payload):
    """Upload what `validate` would stop, to see what the site makes of it."""
    response = adapter.send_upload(adapter.build_request(payload), None)
    failure = adapter.classify(response)
    if failure is not None:
        raise failure
    return adapter.parse_upload(response)


def unflagged(case):
    """A payload whose torrent the site will rewrite."""
    return case.payload(torrent=make_torrent("XYZ", private=None))


def test_rewritten_torrent_is_told_and_can_be_fetched(case, adapter, sandbox):
    result = send_unchecked(adapter, unflagged(case))
    (stored,) = sandbox.uploads(case.slug)
    assert result.infohash_kept is False
    assert result.infohash == ""
    assert any("only its own file can be seeded" in each for each in result.warnings)
    assert b"4:info" in adapter.download_torrent(result)
    assert stored["infohash"].lower() != unflagged(case).torrent.infohash


def test_rewritten_torrent_is_found_by_title_and_size(case, adapter, sandbox):
    payload = unflagged(case)
    result = send_unchecked(adapter, payload)
    found = adapter.find_existing(payload)
    (stored,) = sandbox.uploads(case.slug)
    assert found.remote_id == result.remote_id
    assert found.infohash == stored["infohash"].lower()


def test_torrent_is_found_by_its_largest_file_when_the_title_was_edited(case, adapter):
    payload = unflagged(case)
    result = send_unchecked(adapter, payload)
    renamed = dataclasses.replace(payload, title="Quite another name")
    assert adapter.find_existing(renamed).remote_id == result.remote_id


def test_same_title_with_another_size_is_not_the_same(case, adapter):
    adapter.upload(case.payload())
    larger = make_torrent(case.source_flag, files=(("B/other.mp3", 123_456),))
    assert adapter.find_existing(case.payload(torrent=larger)) is None


def test_payload_without_names_or_files_is_looked_for_by_infohash_only(case, adapter):
    bare = dataclasses.replace(make_torrent(case.source_flag, seed="x"), files=())
    assert adapter.find_existing(case.payload(title="…", torrent=bare)) is None


@only("ops")
def test_torrent_of_somebody_else_is_found_without_its_infohash_on_orpheus(
    case, sandbox
):
    other = sandbox.add_account("ops", "neighbour")
    with case.adapter(sandbox, build_session(), api_key=other["key"]) as theirs:
        result = theirs.upload(case.payload(torrent=make_torrent("OPS", seed="theirs")))
    with case.adapter(sandbox, build_session()) as ours:
        found = ours.find_existing(case.payload())
    assert found.remote_id == result.remote_id
    assert found.infohash == ""


def test_slow_index_does_not_hide_a_torrent_from_its_infohash(case, adapter, sandbox):
    sandbox.options(browse_lag=600)
    result = adapter.upload(case.payload())
    assert adapter.find_existing(case.payload()).remote_id == result.remote_id


@only("red")
def test_own_uploads_are_looked_through_when_the_index_lags(case, adapter, sandbox):
    sandbox.options(browse_lag=600)
    payload = unflagged(case)
    result = send_unchecked(adapter, payload)
    found = adapter.find_existing(payload)
    assert found.remote_id == result.remote_id


@only("red")
def test_own_upload_of_the_same_title_but_another_size_is_not_the_same(
    case, adapter, sandbox
):
    sandbox.options(browse_lag=600)
    send_unchecked(adapter, unflagged(case))
    larger = make_torrent("XYZ", files=(("B/other.mp3", 123_456),))
    assert adapter.find_existing(case.payload(torrent=larger)) is None


@only("red")
def test_own_uploads_of_other_titles_are_not_the_same(case, adapter, sandbox):
    sandbox.options(browse_lag=600)
    send_unchecked(adapter, unflagged(case))
    other = case.payload(title="Another", torrent=make_torrent(seed="other"))
    assert adapter.find_existing(other) is None


@only("red")
def test_key_that_may_not_list_uploads_is_not_taken_for_a_bad_key(
    case, adapter, sandbox
):
    sandbox.fail("red", "user_torrents", "bad-key")
    assert adapter.find_existing(case.payload()) is None
    assert len(sandbox.requests("red", "user_torrents")) == 1


@only("red")
@pytest.mark.parametrize("mode", ["bad-key", "refuse"])
def test_any_refusal_to_list_uploads_ends_the_search(
    case, adapter, sandbox, caplog, mode
):
    caplog.set_level("INFO", logger="trackers.adapters")
    said = f"You may not see this with {sandbox.key('red')}."
    sandbox.fail("red", "user_torrents", mode, message=said)
    assert adapter.find_existing(case.payload()) is None
    (record,) = [one for one in caplog.records if "user_torrents" in one.message]
    assert "HTTP 40" in record.message
    assert sandbox.key("red") not in record.message


@only("red")
@pytest.mark.parametrize("mode", ["rate-limit", "server-error", "html"])
def test_a_failure_to_list_uploads_is_no_absence(case, adapter, sandbox, mode):
    sandbox.fail("red", "user_torrents", mode)
    with pytest.raises(TrackerUnavailable):
        adapter.find_existing(case.payload())


@only("red")
def test_a_key_without_the_user_scope_looks_everywhere_else(case, sandbox):
    key = "sandbox-red-key-nouser"
    sandbox.add_account("red", "shy", key=key, scopes=["torrents"])
    with case.adapter(sandbox, build_session(), api_key=key) as adapter:
        assert adapter.find_existing(case.payload()) is None
    (asked,) = sandbox.requests("red", "user_torrents")
    assert asked["status"] == 401


@only("red")
def test_member_without_a_number_has_no_uploads_to_look_through(case, adapter, sandbox):
    sandbox.fail("red", "index", "bad-key")
    assert adapter.find_existing(case.payload()) is None
    assert sandbox.requests("red", "user_torrents") == []


def test_whole_search_stays_within_six_requests(case, adapter, sandbox):
    adapter.find_existing(case.payload())
    assert len(sandbox.requests(case.slug)) <= 6


def test_search_goes_on_when_it_fails_only_by_saying_so(case, adapter, sandbox):
    sandbox.fail(case.slug, "browse", "rate-limit", seconds=1)
    with pytest.raises(TrackerRateLimited):
        adapter.find_existing(case.payload())
    sandbox.fail(case.slug, "browse", "refuse", message="Search returned an error.")
    with pytest.raises(TrackerUnavailable, match="Search returned an error"):
        adapter.find_existing(case.payload())


@only("red")
def test_key_without_the_right_scope_passes_the_check_with_a_warning(case, sandbox):
    key = "sandbox-red-key-noupload"
    with case.adapter(sandbox, build_session(), api_key=key) as adapter:
        result = adapter.check()
        assert result.ok
        assert "Torrents scope" in result.warnings[0]
        with pytest.raises(TrackerAuthError) as caught:
            adapter.upload(case.payload())
    assert key not in f"{caught.value} {caught.value.detail}"


@only("ops")
def test_check_on_orpheus_has_nothing_to_warn_of(case, adapter):
    assert adapter.check().warnings == ()


def test_passkey_that_differs_from_the_sites_is_told(case, sandbox):
    with case.adapter(sandbox, build_session(), passkey="0" * 32) as adapter:
        assert "stored passkey is not the one" in adapter.check().warnings[-1]
    with case.adapter(sandbox, build_session(), passkey="") as adapter:
        assert not any("passkey" in each for each in adapter.check().warnings)


def test_torrent_whose_file_the_site_lost_counts_as_there(case, adapter, sandbox):
    first = adapter.upload(case.payload())
    sandbox.lose(case.slug, int(first.remote_id))
    with pytest.raises(DuplicateUpload) as caught:
        adapter.upload(case.payload())
    assert caught.value.existing is not None
    assert caught.value.existing.remote_id == first.remote_id


def test_warning_does_not_stop_an_upload(case, adapter, sandbox):
    payload = case.payload(attributes={"narrator": "has no field"})
    assert [problem.severity for problem in adapter.validate(payload)] == [
        Severity.WARNING
    ]
    adapter.upload(payload)
    assert len(sandbox.uploads(case.slug)) == 1


def test_flags_that_count_by_presence_are_not_sent(case, adapter):
    names = {name for name, _ in adapter.form_fields(case.payload())}
    assert not names & {"remaster", "scene", "vanity_house", "unknown", "vbr"}


def test_audiobook_description_arrives_in_both_places(case, adapter, sandbox):
    adapter.upload(case.payload())
    form = dict(map(tuple, sandbox.uploads(case.slug)[0]["form"]))
    assert form["album_desc"] == form["desc"] == case.payload().description


def test_names_beyond_ascii_arrive_unharmed(case, adapter, sandbox):
    files = tuple((f"Bücher – “读书” ´/{path}", size) for path, size in FILES)
    files = tuple((path.replace("A Book/", ""), size) for path, size in files)
    payload = case.payload(
        title="Zoë – “Ünïcödé” & <b>読書</b> 100%",
        description="[b]Łódź[/b] \r\n&eacute; is é; 'quoted' \"twice\" + %20",
        torrent=make_torrent(case.source_flag, files=files),
    )
    adapter.upload(payload)
    (stored,) = sandbox.uploads(case.slug)
    assert [tuple(pair) for pair in stored["form"]] == list(
        adapter.form_fields(payload)
    )
    found = adapter.find_existing(payload)
    assert found.remote_id == str(stored["id"])
    assert found.title == payload.title
