"""The cover's own facts on the page of its release."""

from django.urls import reverse

from releases.metadata.types import EMBEDDED, Cover
from releases.services.covers import covers_store
from tests import factories


def test_where_a_cover_was_found_and_its_size_are_said_in_words(look, db):
    book = factories.ReleaseFactory()
    found = [
        Cover(
            content=b"x" * 2048, mime="image/png", origin=EMBEDDED, width=9, height=9
        ),
        Cover(content=b"y" * 1536, mime="image/png", origin="b.png", width=8, height=8),
    ]
    covers_store(book, found)

    text = look("viewer", reverse("admin:releases_release_change", args=[book.pk]))

    assert "<dd>inside an audio file</dd>" in text
    assert "2.0 KiB, inside an audio file" in text
    assert "1.5 KiB, b.png" in text
    assert EMBEDDED not in text
