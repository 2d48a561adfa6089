"""A book, its chapters and its authors, from one region."""

import pytest

from releases.metadata.base import (
    MetadataNotFound,
    ProviderRefused,
    ProviderUnavailable,
    UnreadableAnswer,
)
from tests.audnexus import BOOK, recording


def test_requests_say_who_sends_them(book, provider):
    provider.fetch(BOOK)
    assert {agent.split("/")[0] for agent in book.agents} == {"Herald"}


def test_book_chapters_and_authors_make_one_result(book, provider):
    result = provider.fetch(BOOK.lower(), region="us")
    assert result.source == "audnexus"
    assert result.region == "us"
    assert result.fields["title"] == "Harry Potter and the Sorcerer's Stone, Book 1"
    assert len(result.fields["chapters"]) == 19
    assert result.fields["runtime_ms"] == 29908801
    assert result.notices == ()


def test_raw_answers_are_kept_whole_with_keys_nobody_knows_yet(book, provider):
    future = recording("book_B017V4IM1G_us") | {"newKey": {"a": [1, None]}}
    book.on(f"/books/{BOOK}", future)
    raw = provider.fetch(BOOK).raw
    assert raw["book"] == future
    assert raw["chapters"] == recording("chapters_B017V4IM1G_us")
    assert [author["name"] for author in raw["authors"]] == ["Andy Weir"]


def test_first_region_that_has_the_book_gives_everything(server, provider):
    german = recording("synthetic_book_adult_de")
    server.on("/books/B0SYNDE001", german, region="de")
    chapters = recording("synthetic_chapters_de")
    server.on("/books/B0SYNDE001/chapters", chapters, region="de")
    server.on("/books/B0SYNDE001", german | {"title": "French"}, region="fr")
    result = provider.fetch("B0SYNDE001", region="UK")
    books = [region for path, region, _ in server.asked if path.endswith("DE001")]
    assert books == ["uk", "us", "de"]
    assert all(region == "de" for path, region, _ in server.asked[3:])
    assert result.region == result.fields["region"] == "de"
    assert "other_region" in {notice.code for notice in result.notices}


@pytest.mark.parametrize(
    "name", ["error_404_region_new", "error_404_delisted_new", "error_500_region_old"]
)
def test_each_way_to_say_not_here_leads_to_the_next_region(server, provider, name):
    server.fail("/books/B0SYNDE001", name)
    german = recording("synthetic_book_adult_de")
    server.on("/books/B0SYNDE001", german, region="uk")
    assert provider.fetch("B0SYNDE001").region == "uk"


def test_book_in_no_region_is_one_sentence_with_all_of_them(server, provider, cache):
    with pytest.raises(MetadataNotFound, match=r"B0SYNDE001.*us, uk, de"):
        provider.fetch("B0SYNDE001")
    assert len(server.asked) == 10
    with pytest.raises(MetadataNotFound):
        provider.fetch("B0SYNDE001")
    assert len(server.asked) == 10
    assert set(cache.ttls.values()) == {24 * 3600}


def test_missing_chapters_keep_the_book(book, provider):
    book.fail(f"/books/{BOOK}/chapters", "error_404_chapters_new")
    result = provider.fetch(BOOK)
    assert "chapters" not in result.fields
    assert result.fields["runtime_ms"] == 498 * 60_000
    assert [notice.code for notice in result.notices] == ["chapters_missing"]


def test_broken_chapters_keep_the_book_and_say_why(book, provider):
    book.on(f"/books/{BOOK}/chapters", b"<html>Bad gateway</html>")
    result = provider.fetch(BOOK)
    assert result.raw["chapters"] == {}
    assert [notice.code for notice in result.notices] == ["chapters_unavailable"]
    assert "web page" in result.notices[0].message


def test_missing_author_is_no_news(book, provider):
    book.fail("/authors/B000AP9A6K", "error_404_region_new")
    result = provider.fetch(BOOK)
    assert result.notices == ()
    assert result.raw["authors"] == []


def test_broken_author_keeps_the_book_and_says_why(book, provider):
    book.fail("/authors/B000AP9A6K", "error_500_plain")
    result = provider.fetch(BOOK)
    assert result.fields["title"].startswith("Harry")
    assert [notice.code for notice in result.notices] == ["authors_unavailable"]


def test_search_gives_books_in_the_order_of_the_service(server, provider):
    books = [recording("book_B08G9PRS1K_us_openapi"), {"asin": "?"}, None]
    server.on("/books/search", books, region="uk")
    found = provider.search(" hail mary ", region="uk")
    assert [result.fields["title"] for result in found] == ["Project Hail Mary"]
    assert found[0].raw["book"] == books[0]


def test_search_on_an_older_server_says_so(server, provider):
    server.fail("/books/search", "error_400_asin_old")
    with pytest.raises(ProviderRefused, match="cannot search by title"):
        provider.search("hail mary")
    server.on("/books/search", {}, status=503)
    with pytest.raises(ProviderUnavailable):
        provider.search("hail mary")
    server.on("/books/search", {})
    with pytest.raises(UnreadableAnswer):
        provider.search("hail mary")
    with pytest.raises(ProviderRefused, match="title or an author"):
        provider.search(" ")
