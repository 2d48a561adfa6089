"""What was typed and refused stands in its field again, with the reason beside it."""

import re

import pytest
from django.urls import reverse

from releases.admin.refused import KEPT, MOST_CHARACTERS
from tests import factories

PAGE = "admin:releases_release_change"


TITLE = {"title": {"value": "A Book", "source": "tags", "alternatives": []}}


@pytest.fixture
def book(db):
    """A release with a title."""
    return factories.ReleaseFactory(metadata=TITLE)


@pytest.fixture
def shown(client, people):
    """The part of the review page about a field, as the preparer sees it."""
    client.force_login(people["preparer"])

    def see(release, name):
        page = client.get(reverse(PAGE, args=[release.pk])).content.decode()
        found = re.search(rf'id="field-{name}".*?class="hd-field__source"', page, re.S)
        assert found is not None
        return found[0]

    return see


def send(client, release, name, **fields):
    url = reverse("admin:releases_release_field", args=[release.pk, name])
    assert client.post(url, fields).status_code == 302


def test_a_refused_value_is_shown_once_in_its_open_field(client, shown, book):
    send(client, book, "isbn", value="<12345>")

    text = shown(book, "isbn")
    assert '<details class="hd-edit" open>' in text
    assert 'value="&lt;12345&gt;"' in text
    assert 'aria-describedby="refused-isbn"' in text
    assert re.search(r'id="refused-isbn">[^<]*is not an ISBN', text)

    again = shown(book, "isbn")
    assert "12345" not in again
    assert "refused" not in again
    assert " open>" not in again


def test_a_refused_value_of_many_lines_is_kept_as_well(client, shown, book):
    send(client, book, "chapters", value="no time\nat all")

    text = shown(book, "chapters")
    assert "no time\nat all</textarea>" in text
    assert 'aria-invalid="true" aria-describedby="refused-chapters"' in text


def test_it_is_not_shown_in_another_release(client, shown, book):
    other = factories.ReleaseFactory(metadata=TITLE)
    send(client, book, "isbn", value="12345")

    assert "12345" not in shown(other, "isbn")
    assert "12345" not in shown(book, "isbn")


@pytest.mark.parametrize(
    "fields", [{"action": "take7"}, {"value": "9" * (MOST_CHARACTERS + 1)}]
)
def test_only_what_was_typed_and_is_not_huge_is_kept(client, shown, book, fields):
    send(client, book, "isbn", **fields)

    assert KEPT not in client.session
    assert " open>" not in shown(book, "isbn")
