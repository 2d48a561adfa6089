"""Failures of the service over real loopback HTTP, each one clear sentence."""

import pytest

from releases.metadata.base import (
    NotThatKind,
    ProviderBlocked,
    ProviderDisabled,
    ProviderRefused,
    ProviderUnavailable,
    UnreadableAnswer,
)
from releases.metadata.pacing import Pacer
from releases.metadata.providers.audnexus import AudnexusProvider
from tests.audnexus import BOOK, recording


def test_podcast_is_told_apart_and_no_other_region_is_asked(server, provider):
    server.fail("/books/B08JC5J5HR", "error_400_podcast_new")
    with pytest.raises(NotThatKind, match="podcast"):
        provider.fetch("B08JC5J5HR")
    assert len(server.asked) == 1


@pytest.mark.parametrize("name", ["error_400_asin_new", "error_400_asin_old"])
def test_refused_asin_blames_the_server_when_it_is_numeric(server, provider, name):
    server.fail("/books/1774248182", name)
    with pytest.raises(ProviderRefused, match="update the server"):
        provider.fetch("1774248182")
    server.fail(f"/books/{BOOK}", name)
    with pytest.raises(ProviderRefused, match="compare the ASIN"):
        provider.fetch(BOOK)


def test_mistyped_numeric_asin_is_told(server, provider):
    book = recording("book_B017V4IM1G_us") | {"asin": "1774248183"}
    server.on("/books/1774248183", book)
    codes = [notice.code for notice in provider.fetch("1774248183").notices]
    assert "asin_checksum" in codes


def test_what_is_no_asin_is_never_sent(server, provider):
    with pytest.raises(ProviderRefused, match="'Harry Potter' is not an ASIN"):
        provider.fetch("Harry Potter")
    with pytest.raises(ProviderRefused, match="no region 'br'"):
        provider.fetch(BOOK, region="br")
    assert server.asked == []


@pytest.mark.parametrize(
    ("status", "body", "error", "sentence"),
    [
        (403, b"<html>cf</html>", ProviderBlocked, "403"),
        (500, {"statusCode": 500, "message": "x"}, ProviderUnavailable, "HTTP 500"),
        (503, b"", ProviderUnavailable, "HTTP 503"),
        (418, b"{}", UnreadableAnswer, "HTTP 418"),
        (422, {"error": "odd"}, ProviderRefused, "compare"),
        (200, b"\n <!doctype html>", UnreadableAnswer, "web page"),
        (200, b"{{", UnreadableAnswer, "cannot be read"),
        (200, b"", UnreadableAnswer, "cannot be read"),
        (200, b'{"asin": NaN}', UnreadableAnswer, "cannot be read"),
        (200, b"\xff\xfe\x00", UnreadableAnswer, "cannot be read"),
        (200, b"[" * 200_000, UnreadableAnswer, "cannot be read"),
        (200, b"[]", UnreadableAnswer, "something else"),
        (200, b'{"asin": "B000000000"}', UnreadableAnswer, "something else"),
        (200, {"asin": BOOK, "title": " "}, UnreadableAnswer, "without a title"),
        (200, b" " * 2**21, UnreadableAnswer, "more than 1 MiB"),
    ],
)
def test_bad_answers_are_one_clear_sentence(
    server, provider, cache, status, body, error, sentence
):
    server.on(f"/books/{BOOK}", body, status=status)
    with pytest.raises(error, match=sentence) as caught:
        provider.fetch(BOOK)
    assert type(caught.value) is error
    assert len(server.asked) == 1


def test_redirect_is_not_followed(server, provider):
    headers = {"location": f"{server.url}/books/B0SYNDE001"}
    server.on(f"/books/{BOOK}", b"", status=301, headers=headers)
    with pytest.raises(UnreadableAnswer, match="another address"):
        provider.fetch(BOOK)
    assert len(server.asked) == 1


def test_damaged_compression_is_told(server, provider):
    server.on(f"/books/{BOOK}", b"not gzip", headers={"content-encoding": "gzip"})
    with pytest.raises(UnreadableAnswer, match="cannot be read"):
        provider.fetch(BOOK)


def test_characters_no_database_stores_are_replaced(server, provider):
    book = recording("book_B017V4IM1G_us") | {"odd\x00": ["a\x00", "\ud800"]}
    server.on(f"/books/{BOOK}", book)
    assert provider.fetch(BOOK).raw["book"]["odd\ufffd"] == ["a\ufffd", "\ufffd"]


def test_silence_ends(server, provider, released):
    def silent():
        released.wait(10)
        yield b"{}"

    server.on(f"/books/{BOOK}", silent)
    with pytest.raises(ProviderUnavailable, match="in time"):
        provider.fetch(BOOK)
    released.set()


def test_dripping_answer_ends(server, provider, released):
    def dripping():
        while not released.wait(0.05):
            yield b" "

    server.on(f"/books/{BOOK}", dripping)
    with pytest.raises(ProviderUnavailable, match="too slowly"):
        provider.fetch(BOOK)
    released.set()


def test_connection_cut_in_the_middle_is_told(server, provider):
    server.on(f"/books/{BOOK}", b'{"asin"', headers={"content-length": "1000"})
    with pytest.raises(UnreadableAnswer, match="ask again later"):
        provider.fetch(BOOK)


def test_nobody_listening_is_told(provider):
    lonely = AudnexusProvider(
        base_url="http://127.0.0.1:9", session=provider.session, pacer=Pacer(interval=0)
    )
    with pytest.raises(ProviderUnavailable, match="cannot be reached"):
        lonely.fetch(BOOK)


def test_server_without_tls_is_told(server, provider):
    plain = AudnexusProvider(
        base_url=server.url.replace("http://", "https://"),
        session=provider.session,
        pacer=Pacer(interval=0),
    )
    with pytest.raises(ProviderUnavailable, match="No secure connection"):
        plain.fetch(BOOK)


@pytest.mark.parametrize("url", ["", "  ", "api.audnex.us", "ftp://x", "https://"])
def test_without_an_address_the_provider_is_switched_off(provider, url):
    with pytest.raises(ProviderDisabled, match="HERALD_AUDNEXUS_URL"):
        AudnexusProvider(base_url=url, session=provider.session)
