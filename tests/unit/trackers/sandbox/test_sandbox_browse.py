"""Search: what fits, and the two shapes of rows."""

import re

import pytest

from tests.unit.trackers.sandbox.gazelle_calls import MUSIC, make_torrent

BAD_SEARCH = (
    "Search returned an error. Make sure all parameters are valid and of the expected"
    " types."
)


def titles(site, **arguments):
    return [row["groupName"] for row in site.ask("browse", **arguments)["results"]]


@pytest.fixture
def shelf(site):
    """Two audiobooks and an album of two torrents."""
    site.upload(title="Wells - The Time Machine", torrent=make_torrent("Time"))
    site.upload(
        title="Dickens - A Tale of Two Cities",
        tags="historical.fiction",
        year="1859",
        format="MP3",
        bitrate="Other",
        torrent=make_torrent("Tale", [("CD1/01 - The Period.mp3", 5)]),
    )
    site.upload(MUSIC, make_torrent("Sea"))
    group = site.sandbox.uploads(site.slug)[-1]["group_id"]
    site.upload(MUSIC, make_torrent("Sea 2", [("a.flac", 9)]), groupid=str(group))
    return site


def test_nothing_found_has_suggestions_and_no_pages(site):
    answer = site.ask("browse", searchstr="nothing")

    assert answer == {"results": [], "youMightLike": []}


def test_audiobooks_are_flat_rows(shelf):
    row = shelf.ask("browse", searchstr="time machine")["results"][0]

    upload = shelf.sandbox.uploads(shelf.slug)[0]
    assert row["torrentId"] == upload["id"]
    assert row["category"] == "Audiobooks"
    assert row["tags"] == ["science.fiction", "classic"]
    assert not {"torrents", "artist", "format", "groupYear"} & set(row)
    if shelf.slug == "ops":
        assert row["groupId"] == str(upload["group_id"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row["groupTime"])
    else:
        assert row["groupId"] == upload["group_id"]
        assert row["groupTime"] == int(upload["uploaded_at"])


def test_music_is_grouped(shelf):
    row = shelf.ask("browse", searchstr="crew songs 1999")["results"][0]

    assert row["artist"] == "The Crew"
    assert row["releaseType"] == "Album"
    assert row["groupYear"] == 1999
    assert row["maxSize"] == 1000
    assert len(row["torrents"]) == 2
    assert row["torrents"][0]["format"] == "FLAC"
    assert ("leechStatus" in row["torrents"][0]) == (shelf.slug == "red")


def test_category_filter_counts_from_one(shelf):
    assert titles(shelf, **{"filter_cat[1]": "1"}) == ["Sea Songs"]
    assert len(titles(shelf, **{"filter_cat[4]": "1"})) == 2
    assert titles(shelf, **{"filter_cat[3]": "1"}) == []
    assert len(titles(shelf, filter_cat="1|4")) == 3


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"searchstr": "TALE cities 1859"}, True),
        ({"searchstr": "tale machine"}, False),
        ({"groupname": "two cities"}, True),
        ({"artistname": "dickens"}, False),
        ({"filelist": "period"}, True),
        ({"filelist": "01 mp3 tale"}, True),
        ({"filelist": "flac"}, False),
        ({"taglist": "historical.fiction,romance"}, True),
        ({"taglist": "historical.fiction,romance", "tags_type": "1"}, False),
        ({"year": "1859"}, True),
        ({"year": "1860"}, False),
        ({"format": "MP3"}, True),
        ({"format": "AAC"}, False),
        ({"encoding": "64"}, True),
        ({"media": "CD"}, False),
        ({"releasetype": "1"}, False),
    ],
)
def test_every_argument_must_fit(shelf, arguments, found):
    assert ("Dickens - A Tale of Two Cities" in titles(shelf, **arguments)) is found


def test_newest_comes_first_unless_asked(shelf):
    assert titles(shelf)[0] == "Sea Songs"
    assert titles(shelf, order_way="asc")[0] == "Wells - The Time Machine"
    by_year = titles(shelf, order_by="year", order_way="asc")
    assert by_year[0] == "Dickens - A Tale of Two Cities"
    assert titles(shelf, order_by="size", order_way="asc")[0] == by_year[0]
    for order in ("seeders", "leechers", "snatched", "random"):
        assert len(titles(shelf, order_by=order)) == 3


@pytest.mark.parametrize(
    "arguments", [{"page": "two"}, {"order_by": "mood"}, {"order_way": "sideways"}]
)
def test_nonsense_is_an_error(site, arguments):
    assert site.error("browse", **arguments) == BAD_SEARCH


def test_pages_hold_fifty_and_count_from_one(site):
    for number in range(51):
        site.upload(torrent=make_torrent(f"Book {number}"), title=f"Title {number}")

    first = site.ask("browse")
    second = site.ask("browse", page=2)

    assert (first["currentPage"], first["pages"]) == (1, 2)
    assert len(first["results"]) == 50
    assert [row["groupName"] for row in second["results"]] == ["Title 0"]
    assert site.ask("browse", page=3) == {"results": [], "youMightLike": []}
    assert site.ask("browse", page=0)["currentPage"] == 1


def test_index_can_lag_behind(site):
    site.sandbox.options(browse_lag=3600)
    site.upload()

    assert titles(site) == []
    upload = site.sandbox.uploads(site.slug)[0]
    assert site.ask("torrent", hash=upload["infohash"].upper())

    site.sandbox.options(browse_lag=0)
    assert len(titles(site)) == 1
