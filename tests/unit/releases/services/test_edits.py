"""Undoing what was changed by hand, the newest change first."""

import pytest

from releases.errors import ReleaseError
from releases.models import MetadataRecord
from releases.services.edits import release_undo
from releases.services.remerge import release_merge, release_override
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def book():
    release = factories.ReleaseFactory()
    MetadataRecord.objects.create(
        release=release, source="tags", fields={"title": "A Book", "year": 1999}
    )
    release_merge(release)
    return release


def change(book, revert=(), **changes):
    release_override(release_id=book.pk, changes=changes, revert=revert, actor_id=None)
    return book.acts.edits().first()


def undo(book, edit):
    labels = release_undo(release_id=book.pk, edit_id=edit.pk, actor_id=None)
    book.refresh_from_db()
    return labels


def test_each_change_is_kept_with_what_was_there_before(book):
    person = factories.UserFactory()
    release_override(release_id=book.pk, changes={"title": "Mine"}, actor_id=person.pk)
    edit = book.acts.edits().get()
    assert edit.actor == person
    assert (edit.before, edit.after) == ({"title": {}}, {"title": {"value": "Mine"}})


def test_undoing_goes_back_change_by_change(book):
    first = change(book, title="One")
    second = change(book, title="Two")
    third = change(book, year=None)

    assert undo(book, third) == ["Year"]
    assert book.values["year"] == 1999
    assert undo(book, second) == ["Title"]
    assert book.values["title"] == "One"
    undo(book, first)
    assert (book.values["title"], book.overrides) == ("A Book", {})


def test_going_back_to_the_sources_can_be_undone_too(book):
    change(book, title="One")
    edit = change(book, revert=["title"])

    undo(book, edit)

    assert book.values["title"] == "One"


def test_a_change_of_nothing_leaves_nothing_to_undo(book):
    change(book, title="One")
    change(book, title="One")
    assert book.acts.edits().count() == 1


def test_only_the_newest_change_is_undone(book):
    first = change(book, title="One")
    change(book, year=2000)

    with pytest.raises(ReleaseError) as refused:
        undo(book, first)

    assert refused.value.code == "edit_not_newest"
    book.refresh_from_db()
    assert book.values["title"] == "One"


def test_what_changed_in_another_way_since_is_not_overwritten(book):
    edit = change(book, title="One")
    book.refresh_from_db()
    book.overrides = {"title": "Elsewhere"}
    book.save()

    with pytest.raises(ReleaseError) as refused:
        undo(book, edit)

    assert refused.value.code == "edit_overtaken"
    assert "Title changed since" in refused.value.message


def test_nothing_is_undone_while_the_release_is_prepared(book):
    edit = change(book, title="One")
    book.refresh_from_db()
    book.state = "preparing"
    book.save()

    with pytest.raises(ReleaseError) as refused:
        undo(book, edit)

    assert refused.value.code == "release_preparing"


def test_undoing_counts_as_a_change(book):
    edit = change(book, title="One")
    book.refresh_from_db()
    revision = book.revision
    undo(book, edit)
    assert book.revision == revision + 1
    assert edit not in book.acts.edits().filter(undone_at=None)
