"""What a site has of the same work: said with how sure it is, and by few requests."""

import dataclasses

import pytest

from common.http import build_session
from tests.contract.cases import CASES, everything_told
from tests.contract.test_adapter_questions import READ_FAULTS, taxon
from tests.payloads import make_torrent
from trackers.errors import TrackerError
from trackers.types import Capability, Likeness, Strength

SEARCHED = [
    case for case in CASES if Capability.SEARCH in case.adapter_class.capabilities
]
OTHER_FILES = (("A Book/whole.mp3", 123_456),)


@pytest.fixture(params=SEARCHED, ids=lambda case: case.slug)
def case(request):
    return request.param


def copy(case, **changes):
    """The same book in other files."""
    torrent = make_torrent(case.source_flag, files=OTHER_FILES)
    return case.payload(torrent=torrent, **changes)


def test_a_site_without_the_work_has_nothing_similar(case, adapter):
    adapter.upload(copy(case, title="Ben Writer - Another Thing"))
    assert adapter.find_similar(case.payload()) == []


def test_the_same_files_of_another_member_are_surely_a_duplicate(
    case, adapter, sandbox
):
    other = sandbox.add_account(case.slug, "neighbour")
    theirs = case.payload(
        title="Quite another name", torrent=make_torrent(case.source_flag, seed="x")
    )
    with case.adapter(sandbox, build_session(), api_key=other["key"]) as neighbour:
        result = neighbour.upload(theirs)
    (found,) = adapter.find_similar(case.payload())
    assert (found.strength, found.why) == (Strength.SURE, Likeness.FILES)
    assert (found.remote_id, found.url) == (result.remote_id, result.url)
    assert (found.title, found.size) == (theirs.title, theirs.torrent.size)


def test_the_same_name_and_total_size_are_surely_a_duplicate(case, adapter):
    adapter.upload(case.payload())
    (found,) = adapter.find_similar(case.payload())
    assert (found.strength, found.why) == (Strength.SURE, Likeness.NAME_AND_SIZE)


def test_the_same_total_size_alone_is_only_likely_one(case, adapter):
    """Its files have other names, though words of ours are in them."""
    ours = case.payload()
    files = sorted(ours.torrent.files, key=lambda entry: entry[1])
    path, size = files[-1]
    others = ((f"{path}.mp3", size), *files[:-1])
    adapter.upload(
        case.payload(
            title="Ann Author - A Book of Books",
            torrent=make_torrent(case.source_flag, files=others),
        )
    )
    (found,) = adapter.find_similar(ours)
    assert (found.strength, found.why) == (Strength.LIKELY, Likeness.SIZE)
    assert found.size == ours.torrent.size


def test_the_same_name_in_the_same_format_is_likely_one(case, adapter):
    result = adapter.upload(copy(case))
    (found,) = adapter.find_similar(case.payload())
    assert (found.strength, found.why) == (
        *(Strength.LIKELY, Likeness.NAME_AND_FORMAT),
    )
    assert (found.remote_id, found.format) == (result.remote_id, "MP3")
    assert found.encoding == "V2 (VBR)"


def test_the_same_name_in_another_format_is_possibly_one(case, adapter):
    other = {"format": "FLAC", "bitrate": "Lossless"}
    adapter.upload(copy(case, attributes=other))
    (found,) = adapter.find_similar(case.payload())
    assert (found.strength, found.why) == (Strength.POSSIBLE, Likeness.NAME)
    assert found.format == "FLAC"


def test_the_surest_comes_first(case, adapter):
    adapter.upload(copy(case, title="Ann Author - A Book of Books"))
    adapter.upload(case.payload())
    adapter.upload(
        case.payload(
            torrent=make_torrent(case.source_flag, files=(("A Book/b.mp3", 5_000),))
        )
    )
    found = adapter.find_similar(case.payload())
    assert [one.strength for one in found] == list(Strength)


def test_what_is_hidden_is_not_found(case, adapter, sandbox):
    adapter.upload(case.payload())
    sandbox.fail(case.slug, "browse", "hide", times=0, seconds=60)
    assert adapter.find_similar(case.payload()) == []


@pytest.mark.parametrize("fault", READ_FAULTS)
def test_a_failed_search_never_says_none(case, adapter, sandbox, fault):
    adapter.upload(case.payload())
    sandbox.fail(case.slug, "browse", fault, seconds=4, message="No.")
    with pytest.raises(TrackerError) as caught:
        adapter.find_similar(case.payload())
    assert taxon(caught.value) is READ_FAULTS[fault]
    assert sandbox.key(case.slug) not in everything_told(caught.value)


def test_only_a_few_requests_are_made_and_none_changes_anything(case, adapter, sandbox):
    for number in range(6):
        files = ((f"A Book/{number}.mp3", 1_000 + number),)
        adapter.upload(case.payload(torrent=make_torrent(case.source_flag, files)))
    before = len(sandbox.requests(case.slug))
    adapter.find_similar(case.payload())
    asked = sandbox.requests(case.slug)[before:]
    assert 1 <= len(asked) <= 4
    assert {request["method"] for request in asked} == {"GET"}


def test_a_payload_without_words_or_files_is_not_asked_about(case, adapter, sandbox):
    bare = dataclasses.replace(make_torrent(case.source_flag), files=(), size=0)
    assert adapter.find_similar(case.payload(title="…", torrent=bare)) == []
    assert sandbox.requests(case.slug) == []


def test_what_is_gone_by_changes_with_nothing_but_the_payload(case, adapter):
    """A draft that says the same in these is not asked for again."""
    assert set(type(adapter).similar_by) <= set(case.payload().attributes)
