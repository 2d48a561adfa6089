"""Budget, pacing and cache: nothing is asked too often, nothing twice."""

import pytest

from releases.metadata.base import (
    ProviderRateLimited,
)
from tests.audnexus import BOOK, recording


@pytest.mark.parametrize("name", ["error_429_new", "error_429_old"])
def test_rate_limit_is_raised_with_its_wait_and_nothing_more_is_sent(
    server, provider, clock, name
):
    server.fail(f"/books/{BOOK}", name)
    with pytest.raises(ProviderRateLimited, match="37 s") as caught:
        provider.fetch(BOOK)
    assert caught.value.retry_after == 37
    clock.now += 30
    with pytest.raises(ProviderRateLimited, match="7 s"):
        provider.fetch(BOOK)
    assert len(server.asked) == 1
    clock.now += 8
    server.on(f"/books/{BOOK}", recording("book_B017V4IM1G_us"))
    assert provider.fetch(BOOK).region == "us"


def test_rate_limit_between_book_and_chapters_costs_no_second_book(
    book, provider, clock
):
    book.fail(f"/books/{BOOK}/chapters", "error_429_new")
    with pytest.raises(ProviderRateLimited):
        provider.fetch(BOOK)
    clock.now += 40
    book.on(f"/books/{BOOK}/chapters", recording("chapters_B017V4IM1G_us"))
    provider.fetch(BOOK)
    assert [path for path, *_ in book.asked].count(f"/books/{BOOK}") == 1


def test_last_request_of_the_budget_is_noticed_before_a_refusal(book, provider):
    book.on(
        f"/books/{BOOK}",
        recording("book_B017V4IM1G_us"),
        headers={"x-ratelimit-remaining": "0", "x-ratelimit-reset": "12"},
    )
    with pytest.raises(ProviderRateLimited) as caught:
        provider.fetch(BOOK)
    assert caught.value.retry_after == pytest.approx(12, abs=1)
    assert len(book.asked) == 1


def test_rate_limit_without_headers_waits_five_seconds(server, provider):
    server.on(f"/books/{BOOK}", b"slow down", status=429)
    with pytest.raises(ProviderRateLimited) as caught:
        provider.fetch(BOOK)
    assert caught.value.retry_after == 5


def test_requests_keep_their_distance(book, provider, clock):
    provider.fetch(BOOK)
    assert len(book.asked) == 3
    assert clock.now == pytest.approx(1000.3)


def test_second_fetch_comes_from_the_cache_until_refreshed(book, provider, cache):
    provider.fetch(BOOK)
    assert set(cache.ttls) == {
        f"audnexus:book:{BOOK}:us",
        f"audnexus:chapters:{BOOK}:us",
        "audnexus:author:B000AP9A6K:us",
    }
    assert set(cache.ttls.values()) == {7 * 24 * 3600}
    again = provider.fetch(BOOK)
    assert len(book.asked) == 3
    assert again.fields["title"].startswith("Harry")
    provider.fetch(BOOK, refresh=True)
    assert book.asked[3:] == [
        (f"/books/{BOOK}", "us", "1"),
        (f"/books/{BOOK}/chapters", "us", "1"),
    ]
