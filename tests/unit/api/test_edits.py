"""What was changed by hand, and its undoing, from a program."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from releases.models import MetadataRecord
from releases.services.remerge import release_merge
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def book():
    release = factories.ReleaseFactory()
    MetadataRecord.objects.create(
        release=release, source="tags", fields={"title": "A Book", "year": 1999}
    )
    release_merge(release)
    return f"/api/releases/{release.pk}/"


def edit(api, book, **fields):
    answer = api("preparer").patch(f"{book}metadata/", {"fields": fields}, "json")
    assert answer.status_code == 200


def edits(api, book):
    return api("viewer").get(f"{book}edits/").json()["results"]


def test_changes_are_listed_and_undone_the_newest_first(api, book, people):
    edit(api, book, title="One")
    edit(api, book, title="Two", year=None)
    newest, oldest = edits(api, book)
    assert newest["before"] == {"title": {"value": "One"}, "year": {}}
    assert newest["after"] == {"title": {"value": "Two"}, "year": {"value": None}}
    assert newest["actor"] == people["preparer"].username
    client = api("preparer")

    early = client.post(f"{book}undo/", {"edit": oldest["id"]}, "json")
    assert (early.status_code, early.json()["code"]) == (409, "edit_not_newest")
    done = client.post(f"{book}undo/", {"edit": newest["id"]}, "json")

    assert done.status_code == 200
    assert done.json()["metadata"]["title"]["value"] == "One"
    assert done.json()["metadata"]["year"]["value"] == 1999
    assert [bool(one["undone_at"]) for one in edits(api, book)] == [True, False]


def test_an_undo_needs_what_was_read(api, book):
    edit(api, book, title="One")
    tag = api("viewer").get(f"{book}metadata/")["ETag"]
    edit(api, book, title="Two")
    (newest, _) = edits(api, book)
    asked = {"path": f"{book}undo/", "data": {"edit": newest["id"]}, "format": "json"}
    late = api("preparer").post(**asked, headers={"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    tag = api("viewer").get(f"{book}metadata/")["ETag"]
    done = api("preparer").post(**asked, headers={"If-Match": tag})
    assert done.status_code == 200
    assert done["ETag"] == api("viewer").get(f"{book}metadata/")["ETag"]


@pytest.mark.parametrize("given", [{}, {"edit": "x"}, {"edit": 0}, {"edit": 2**70}])
def test_what_is_no_change_is_refused(api, book, given):
    edit(api, book, title="One")
    answer = api("preparer").post(f"{book}undo/", given, "json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_the_list_costs_the_same_however_long(api, book):
    def cost():
        with CaptureQueriesContext(connection) as seen:
            edits(api, book)
        return len(seen)

    edit(api, book, title="One")
    cost()  # what the viewer may is looked up once
    few = cost()
    for number in range(5):
        edit(api, book, title=f"Title {number}")
    assert cost() == few > 0
    assert len(edits(api, book)) == 6
