"""Editing metadata: what is set by hand, taken back, refused or overtaken."""

import re

import pytest

from releases.models import MetadataRecord
from releases.services.remerge import release_merge
from tests.release_pages import url


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
