"""Views of the list that a person keeps."""

import pytest

from releases.errors import ReleaseError
from releases.services.saved_views import (
    MOST_VIEWS,
    view_delete,
    view_query,
    view_rename,
    view_save,
    views_of,
)
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return factories.UserFactory().pk


def code(call, **wishes):
    with pytest.raises(ReleaseError) as refused:
        call(**wishes)
    return refused.value.code


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("?q=a&state__exact=ready", "q=a&state__exact=ready"),
        (
            "state__exact=ready&q=a&p=2&e=1&_changelist_filters=x",
            "q=a&state__exact=ready",
        ),
        ("q=&p=3", ""),
        ("q=Bront%C3%AB+a%26b", "q=Bront%C3%AB+a%26b"),
    ],
)
def test_a_query_has_one_form(query, kept):
    assert view_query(query) == kept


def test_a_view_is_saved_renamed_and_deleted(person):
    view = view_save(user_id=person, name="  My   books ", query="q=a&p=2")
    assert (view.name, view.query) == ("My books", "q=a")
    view_rename(user_id=person, view_id=view.pk, name="Ours")
    assert [one.name for one in views_of(person)] == ["Ours"]
    view_delete(user_id=person, view_id=view.pk)
    assert views_of(person) == []


def test_nobody_touches_the_view_of_somebody_else(person):
    view = view_save(user_id=person, name="Mine", query="q=a")
    other = factories.UserFactory().pk
    assert views_of(other) == []
    assert code(view_delete, user_id=other, view_id=view.pk) == "view_gone"
    assert code(view_rename, user_id=other, view_id=view.pk, name="Hers") == "view_gone"
    view_save(user_id=other, name="Mine", query="q=b")


@pytest.mark.parametrize(
    ("name", "query", "why"),
    [
        ("A", "", "view_empty"),
        ("A", "p=2", "view_empty"),
        ("A", f"q={'x' * 1000}", "view_empty"),
        (" ", "q=a", "view_name_invalid"),
        ("x" * 61, "q=a", "view_name_invalid"),
        ("Taken", "q=a", "view_name_taken"),
    ],
)
def test_what_cannot_be_kept_is_told(person, name, query, why):
    view_save(user_id=person, name="Taken", query="q=z")
    assert code(view_save, user_id=person, name=name, query=query) == why
    assert len(views_of(person)) == 1


def test_there_is_an_end_to_views(person):
    for number in range(MOST_VIEWS):
        view_save(user_id=person, name=f"View {number}", query="q=a")
    assert code(view_save, user_id=person, name="One more", query="q=a") == "views_full"
