"""Editing metadata, preparing, progress and the cover."""

import re

import pytest
from django.urls import reverse

from releases.metadata.types import Cover
from releases.models import MetadataRecord
from releases.services.covers import cover_path, covers_store
from releases.services.remerge import release_merge
from releases.states import ReleaseState
from tests import factories

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def url(name, release, *args):
    return reverse(f"admin:releases_release_{name}", args=[release.pk, *args])


def test_a_field_set_by_hand_wins_and_says_so(press, look, book):
    said = press("preparer", url("field", book, "title"), value="My Title")

    assert said == ["Title is changed."]
    book.refresh_from_db()
    assert book.values["title"] == "My Title"
    assert book.metadata["title"]["source"] == "person"
    assert ">Person</span>" in look("viewer", url("change", book))


def test_leaving_a_field_out_and_taking_it_back(press, look, book):
    left = press("preparer", url("field", book, "year"), action="leave_out")
    book.refresh_from_db()
    page = look("viewer", url("change", book))
    back = press("preparer", url("field", book, "year"), action="revert")

    assert left == ["Year is left out."]
    assert "year" not in book.values
    assert "left out on purpose" in page
    assert back == ["Year comes from the sources again."]
    book.refresh_from_db()
    assert book.values["year"] == 1999


def test_another_sources_value_is_taken_with_one_click(press, book):
    press("preparer", url("field", book, "authors"), action="take0")

    book.refresh_from_db()
    assert book.values["authors"] == [{"name": "A. Author"}]


def seen_in(page, name):
    """The mark that a field's own form sends along."""
    found = re.search(rf'id="field-{name}".*?name="seen" value="(\w+)"', page, re.S)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("action", ["save", "leave_out", "take0"])
def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    press, look, book, people, action
):
    old = seen_in(look("preparer", url("change", book)), "authors")
    press("approver", url("field", book, "authors"), value="Pat Other", seen=old)

    said = press(
        "preparer",
        url("field", book, "authors"),
        action=action,
        value="Mine",
        seen=old,
    )

    assert said == [
        f"{people['approver']} changed “Authors” after you opened this page; it is now: "
        "Pat Other. Nothing was saved. Look again."
    ]
    book.refresh_from_db()
    assert book.values["authors"] == [{"name": "Pat Other"}]
    new = seen_in(look("preparer", url("change", book)), "authors")
    assert press("preparer", url("field", book, "authors"), value="Mine", seen=new) == [
        "Authors is changed."
    ]


def test_another_field_that_changed_keeps_nobody_from_saving(press, look, book):
    old = seen_in(look("preparer", url("change", book)), "title")
    press("approver", url("field", book, "year"), action="leave_out")

    assert press("preparer", url("field", book, "title"), value="T", seen=old) == [
        "Title is changed."
    ]


def test_a_source_that_says_something_else_by_now_is_told_as_well(press, look, book):
    old = seen_in(look("preparer", url("change", book)), "title")
    MetadataRecord.objects.filter(release=book).update(fields={"title": "Other"})
    release_merge(book)

    said = press("preparer", url("field", book, "title"), value="T", seen=old)

    assert said[0].startswith("Somebody changed “Title” after you opened this page")
    assert "it is now: Other." in said[0]


@pytest.mark.parametrize(
    ("name", "fields", "sentence"),
    [
        ("year", {"value": "19x"}, "'19x' is not a year"),
        ("asin", {"value": "no"}, "is not an ASIN"),
        ("title", {"value": "  "}, "Title is empty."),
        ("genres", {"value": "\n"}, "Genres is empty."),
        ("audio", {"value": "MP3"}, "cannot be set by hand"),
        ("chapters", {"value": "One"}, "a time and a title are needed"),
        ("chapters", {"value": "0:00 One"}, "whole milliseconds"),
        ("title", {"action": "take7"}, "not there any more"),
        ("title", {"action": "takex"}, "not there any more"),
    ],
)
def test_what_cannot_be_is_a_sentence_and_changes_nothing(
    press, book, name, fields, sentence
):
    before = book.metadata

    said = press("preparer", url("field", book, name), **fields)

    assert sentence in said[0]
    book.refresh_from_db()
    assert book.metadata == before


def test_typed_html_is_made_safe(press, look, book):
    press(
        "preparer",
        url("field", book, "description_html"),
        value="<p onclick=x>Fine <b>text</b></p><script>alert(1)</script>",
    )

    page = look("viewer", url("change", book))
    assert "Fine <b>text</b>" in page
    assert "<script>alert" not in page


def test_a_field_nobody_knows_of_is_not_found(client, people, book):
    client.force_login(people["preparer"])

    assert client.post(url("field", book, "price"), {"value": 1}).status_code == 404


@pytest.mark.parametrize(
    ("name", "args", "sentence"),
    [
        ("field", ["title"], "edit metadata"),
        ("prepare", [], "prepare releases"),
        ("cancel", [], "cancel preparations"),
    ],
)
def test_a_viewer_changes_nothing(press, book, name, args, sentence):
    said = press("viewer", url(name, book, *args), value="Mine")

    assert said[0].startswith(f"Your role does not allow you to {sentence}")
    book.refresh_from_db()
    assert book.values["title"] == "A Book"


# --- preparing -------------------------------------------------------------------
def test_preparing_again_waits_for_a_worker_on_the_page(client, people, book):
    client.force_login(people["preparer"])

    answer = client.post(url("prepare", book), follow=True)

    assert answer.redirect_chain[-1][0].endswith("?queued=1")
    text = answer.content.decode()
    assert "Waiting for a worker" in text
    assert "queued=1" in text


def test_an_approved_release_is_not_prepared(press, book):
    book.state = ReleaseState.APPROVED
    book.save()

    assert press("preparer", url("prepare", book))[0].startswith(
        "This release is approved."
    )


def test_cancelling_asks_the_worker_to_stop(press, look, book):
    book.state = ReleaseState.PREPARING
    book.save()

    press("preparer", url("cancel", book))

    book.refresh_from_db()
    assert book.cancel_requested
    assert "Stopping …" in look("viewer", url("change", book))


def test_nothing_to_cancel_is_a_sentence(press, book):
    assert press("preparer", url("cancel", book))[0].startswith("Nothing is being")


def test_progress_shows_phase_bytes_rate_and_time_left(look, book):
    book.state = ReleaseState.PREPARING
    book.progress = {
        "phase": "hash",
        "done": 3 * 2**20,
        "total": 4 * 2**20,
        "rate": 2**20,
        "eta": 1.0,
    }
    book.save()

    text = look("preparer", url("progress", book))

    assert "Hashing …" in text
    assert 'value="75"' in text
    assert "3.0 MiB of 4.0 MiB · 1.0 MiB/s · 1 s left" in text
    assert "Cancel preparation" in text
    assert "Cancel preparation" not in look("viewer", url("progress", book))


def test_progress_of_reading_counts_files(look, book):
    book.state = ReleaseState.PREPARING
    book.progress = {"phase": "read", "done": 2, "total": 8}
    book.save()

    assert "2 of 8 files" in look("viewer", url("progress", book))


def test_a_finished_preparation_sends_the_page_to_its_new_face(client, people, book):
    client.force_login(people["viewer"])

    answer = client.get(url("progress", book))

    assert answer["HX-Redirect"] == url("change", book)


def test_a_queued_preparation_is_waited_for_until_something_happened(
    client, people, book
):
    client.force_login(people["viewer"])
    event = book.events.create(new="ready")

    waiting = client.get(url("progress", book), {"queued": 1, "seen": event.pk})
    book.events.create(old="ready", new="failed")
    over = client.get(url("progress", book), {"queued": 1, "seen": event.pk})

    assert "Waiting for a worker" in waiting.content.decode()
    assert "HX-Redirect" in over


# --- the cover -------------------------------------------------------------------
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
