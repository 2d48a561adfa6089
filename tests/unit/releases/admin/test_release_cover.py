"""The cover: served as what it is, to who may look."""

import pytest

from releases.metadata.types import EMBEDDED, Cover
from releases.services.covers import cover_path, covers_store
from tests import factories
from tests.release_pages import url

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def test_the_cover_is_served_as_what_it_is_to_who_may_look(client, people, book):
    covers_store(book, [Cover(content=PNG, mime="image/png", origin="cover.png")])
    client.force_login(people["viewer"])

    answer = client.get(url("cover", book))

    assert b"".join(answer.streaming_content) == PNG
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]
    assert "sandbox" in answer["Content-Security-Policy"]

    client.force_login(factories.UserFactory())
    assert client.get(url("cover", book)).status_code == 403


def test_the_covers_size_and_origin_are_on_the_page(look, book):
    found = Cover(
        content=PNG, mime="image/png", origin="cover.png", width=600, height=500
    )
    covers_store(book, [found])

    text = look("viewer", url("change", book))

    assert "600 × 500 pixels" in text
    assert "cover.png" in text


@pytest.mark.parametrize("trouble", ["none", "mime", "gone"])
def test_a_cover_that_cannot_be_shown_is_not_found(client, people, book, trouble):
    if trouble != "none":
        covers_store(book, [Cover(content=PNG, mime="image/png", origin="x")])
    if trouble == "mime":
        book.cover["mime"] = "text/html"
        book.save()
    if trouble == "gone":
        file = cover_path(book)
        assert file is not None
        file.unlink()
    client.force_login(people["viewer"])

    assert client.get(url("cover", book)).status_code == 404


def test_where_a_cover_was_found_and_its_size_are_said_in_words(look, db):
    book = factories.ReleaseFactory()
    found = [
        Cover(
            content=b"x" * 2048, mime="image/png", origin=EMBEDDED, width=9, height=9
        ),
        Cover(content=b"y" * 1536, mime="image/png", origin="b.png", width=8, height=8),
    ]
    covers_store(book, found)

    text = look("viewer", url("change", book))

    assert "<dd>inside an audio file</dd>" in text
    assert "2.0 KiB, inside an audio file" in text
    assert "1.5 KiB, b.png" in text
    assert EMBEDDED not in text
