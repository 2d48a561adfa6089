"""A change of a field that is refused: what was typed comes back, beside the reason."""

import re
from html import unescape

import pytest
from django.urls import reverse

from releases.states import ReleaseState


def url(name, release, *args):
    return reverse(f"admin:releases_release_{name}", args=[release.pk, *args])


@pytest.fixture
def refuse(client, people):
    """Post to a field as somebody, in vain; gives the field as it comes back."""

    def post(who, release, name, /, **fields):
        client.force_login(people[who])
        answer = client.post(url("field", release, name), fields)
        assert answer.status_code == 200, answer.status_code
        return part(answer.content.decode(), name)

    return post


def part(page, name):
    """What belongs to one field on the page."""
    pattern = rf'id="field-{name}">(.*?)(?=id="field-|<section id="cover")'
    found = re.search(pattern, page, re.S)
    assert found is not None
    return unescape(found[1])


def seen_in(field):
    """The mark that the field's form sends along."""
    found = re.search(r'name="seen" value="(\w+)"', field)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("name", "typed", "reason"),
    [
        ("year", "19x", "'19x' is not a year"),
        ("asin", '"B00<b>', "is not an ASIN"),
        ("publisher", "p" * 600, "600 characters are too many"),
        ("cover_url", "example.org/a b", "this is not a web address"),
        ("chapters", "0:00 One\nTwo without a time", "Chapters, line 2"),
        ("genres", "\n\n", "Genres is empty."),
        ("description_html", "<p>" + "x" * 100_000, "characters are too many"),
    ],
)
def test_what_was_typed_stands_in_the_form_with_the_reason_beside_it(
    refuse, book, name, typed, reason
):
    field = refuse("preparer", book, name, value=typed)

    assert reason in field
    assert '<details class="hd-edit" open>' in field
    assert f'value="{typed}"' in field or f"\n{typed}</textarea>" in field
    assert (
        f'data-refused aria-invalid="true" aria-describedby="refused-{name}"' in field
    )
    assert "What it is now" not in field


def test_a_page_on_which_nothing_was_refused_has_closed_forms(look, book):
    page = look("preparer", url("change", book))

    assert "data-refused" not in page
    assert '<details class="hd-edit" open>' not in page


def test_the_other_fields_stay_as_they_are(look, book, client, people):
    client.force_login(people["preparer"])
    page = client.post(url("field", book, "year"), {"value": "19x"}).content.decode()

    assert "data-refused" not in part(page, "title")
    assert page.count("data-refused") == 1


def test_what_somebody_else_wrote_meanwhile_stands_beside_what_was_typed(
    look, press, refuse, book, people
):
    old = seen_in(part(look("preparer", url("change", book)), "authors"))
    press("approver", url("field", book, "authors"), value="Pat | reader", seen=old)

    field = refuse(
        "preparer", book, "authors", action="save", value="Mine\nYours", seen=old
    )

    assert f"{people['approver']} changed “Authors” after you opened" in field
    assert '<pre class="hd-pre" data-now>Pat | reader</pre>' in field
    assert "\nMine\nYours</textarea>" in field
    assert "aria-invalid" not in field, "there is nothing wrong with it"
    assert "Save what I typed" in field
    assert "Keep what it is now" in field
    # The choice: whoever saves now has seen what it is.
    said = press(
        "preparer", url("field", book, "authors"), value="Mine", seen=seen_in(field)
    )
    assert said == ["Authors is changed."]
    book.refresh_from_db()
    assert book.values["authors"] == [{"name": "Mine"}]


def test_a_third_person_is_not_overwritten_either(look, press, refuse, book):
    old = seen_in(part(look("preparer", url("change", book)), "title"))
    press("approver", url("field", book, "title"), value="Second", seen=old)
    new = seen_in(refuse("preparer", book, "title", value="First", seen=old))
    press("approver", url("field", book, "title"), value="Third")

    field = refuse("preparer", book, "title", value="First", seen=new)

    assert "data-now>Third</pre>" in field
    assert 'value="First"' in field


def test_a_field_that_was_left_out_meanwhile_says_so(look, press, refuse, book):
    old = seen_in(part(look("preparer", url("change", book)), "year"))
    press("approver", url("field", book, "year"), action="leave_out")

    field = refuse("preparer", book, "year", value="2001", seen=old)

    assert "data-now>left out on purpose</pre>" in field
    assert 'value="2001"' in field


def test_a_click_that_comes_too_late_shows_the_field_as_it_is(
    look, press, refuse, book
):
    old = seen_in(part(look("preparer", url("change", book)), "authors"))
    press("approver", url("field", book, "authors"), value="Pat", seen=old)

    field = refuse("preparer", book, "authors", action="take0", seen=old)

    assert "it is now: Pat." in field
    assert "\nPat</textarea>" in field, "nothing was typed: the value stands there"
    assert "Save what I typed" not in field


def test_what_was_typed_while_a_preparation_began_can_be_copied(refuse, book):
    book.state = ReleaseState.PREPARING
    book.save()

    field = refuse("preparer", book, "title", value="Long work")

    assert "This release is still being prepared." in field
    assert "readonly>\nLong work</textarea>" in field
    assert "Save" not in field


def test_whoever_lost_their_role_meanwhile_can_copy_it_too(refuse, book):
    field = refuse("viewer", book, "title", value="Long work")

    assert "Your role does not allow you to edit metadata" in field
    assert "readonly>\nLong work</textarea>" in field


def test_what_was_typed_into_an_unknown_field_is_not_hidden_among_them(refuse, book):
    field = refuse("preparer", book, "isbn", value="12345")

    assert "is not an ISBN" in field
    assert 'value="12345"' in field


def test_a_release_that_was_deleted_meanwhile_is_not_found(client, people, book):
    client.force_login(people["preparer"])
    address = url("field", book, "title")
    book.delete()

    assert client.post(address, {"value": "Mine"}).status_code == 404
