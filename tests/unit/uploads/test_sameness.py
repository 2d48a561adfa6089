"""The rules by which a torrent of a site is taken for the one that was sent."""

import dataclasses

import pytest

from tests.payloads import make_payload
from trackers.types import Existing
from uploads.sameness import difference

SENT = make_payload()
FILES = SENT.torrent.files


def found(**changes):
    same = {
        "remote_id": "1",
        "url": "",
        "infohash": SENT.torrent.infohash,
        "title": SENT.title,
        "size": SENT.torrent.size,
        "files": FILES,
    }
    return Existing(**{**same, **changes})


def said(rewrites=False, **changes):
    return difference(SENT, found(**changes), rewrites=rewrites)


def test_the_infohash_decides_where_the_site_keeps_it():
    assert said() == ""
    assert said(size=1, files=(), title="x") == ""
    assert said(infohash="0" * 40).startswith("its infohash is 000")


@pytest.mark.parametrize(
    ("rewrites", "infohash"), [(True, "0" * 40), (True, ""), (False, "")]
)
def test_else_size_and_files_do(rewrites, infohash):
    def other(**changes):
        return said(rewrites, infohash=infohash, **changes)

    assert other() == ""
    assert other(title="Edited on the site") == ""
    assert other(files=tuple(reversed(FILES))) == ""
    assert "1 bytes" in other(size=1)
    assert "a size it does not say" in other(size=0)
    assert other(files=FILES[1:]).startswith(f"it lacks the file {FILES[0][0]}")
    assert "a further file, x.nfo" in other(files=(*FILES, ("x.nfo", 3)))
    name, size = FILES[0]
    assert other(files=((name, size + 1), *FILES[1:])).startswith("it lacks the file")


def test_a_site_that_lists_no_files_is_taken_by_title_and_size():
    assert said(infohash="", files=(), title=f"  {SENT.title.upper()} ") == ""
    assert "its title is “Other”" in said(infohash="", files=(), title="Other")


def test_one_letter_may_be_written_in_two_ways():
    torrent = dataclasses.replace(SENT.torrent, files=(("cafe\u0301.mp3", 5),))
    sent = dataclasses.replace(SENT, torrent=torrent)
    same = found(infohash="", files=(("caf\u00e9.mp3", 5),))
    assert difference(sent, same, rewrites=False) == ""
