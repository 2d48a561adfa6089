"""Links of the sites' pages, as people copy them."""

import pytest

from tests.payloads import make_site
from trackers.adapters.gazelle.links import number_in, search_url
from trackers.adapters.gazelle.parsing import file_list


@pytest.mark.parametrize(
    ("link", "number"),
    [
        ("123", "123"),
        (" 0123 ", "123"),
        ("https://site.test/torrents.php?id=5&torrentid=7", "7"),
        ("https://site.test/torrents.php?torrentid=7&id=5", "7"),
        ("https://site.test/torrents.php?torrentid=7#torrent7", "7"),
        ("https://site.test/torrents.php?id=5#torrent7", "7"),
        ("https://site.test/torrents.php?id=5", ""),
        ("https://site.test/torrents.php?id=5#comments", ""),
        ("https://site.test/requests.php?torrentid=7", ""),
        ("https://site.test/torrents.php?torrentid=x", ""),
        ("https://site.test/torrents.php?torrentid=-7", ""),
        ("https://site.test/torrents.php?" + "a=1&" * 100, ""),
        ("12 34", ""),
        ("7" * 30, ""),
    ],
)
def test_the_number_of_a_torrent_is_read_from_its_link(link, number):
    assert number_in(link) == number


def test_a_search_takes_any_title():
    site = make_site()
    found = search_url(site, "A & B: <c>?")
    assert found.startswith(f"{site.base_url}/torrents.php?searchstr=A+%26+B%3A+%3Cc")


@pytest.mark.parametrize(
    ("listed", "folder", "files"),
    [
        ("a.mp3{{{5}}}|||b.mp3{{{6}}}", "Book", (("Book/a.mp3", 5), ("Book/b.mp3", 6))),
        ("a.m4b{{{5}}}", "", (("a.m4b", 5),)),
        ("a &amp; b.mp3{{{5}}}", "A &amp; B", (("A & B/a & b.mp3", 5),)),
        ("a.mp3{{{5}}}|||odd", "Book", ()),
        ("", "Book", ()),
        (None, None, ()),
        (["a"], 3, ()),
    ],
)
def test_the_files_of_a_torrent_are_read_whole_or_not_at_all(listed, folder, files):
    assert file_list({"fileList": listed, "filePath": folder}) == files
