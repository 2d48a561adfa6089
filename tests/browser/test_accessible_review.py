"""Accessible as well: the review page, in each of its states and with all of it open."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from releases.models import MetadataRecord, Release
from releases.services.covers import covers_store
from tests import factories
from tests.browser.conftest import Visitor
from tests.duplicates import similar
from tests.unit.uploads.admin.bulk import DOUBT
from tests.unit.uploads.admin.test_review_changes import picture
from uploads.models import DuplicateSearch, Upload
from uploads.payloads import payload_digest
from uploads.services.approval import approvals_void, release_approve
from uploads.services.running import uploads_work

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def book(shop):
    """The M4B with fifteen chapters, ready for a decision."""
    return shop.prepare()


def at(visitor, book, query=""):
    visitor.open(f"releases/release/{book.pk}/change/{query}")
    return visitor.page


def edit(visitor, name, value):
    visitor.tab("metadata")
    field = visitor.page.locator(f"#metadata #field-{name}")
    field.get_by_text("Edit", exact=True).click()
    field.get_by_role("textbox").fill(value)
    field.get_by_role("button", name="Save").click()


def test_a_release_that_is_ready_is_accessible(root, book, eye):
    page = at(root, book)
    eye.look("ready")
    page = at(root, book)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    eye.every_way("help")
    page.keyboard.press("Escape")
    for name in ("metadata", "chapters", "cover", "sources", "history"):
        root.tab(name)
        eye.every_way(f"tab {name}")
    root.tab("chapters")
    page.locator("#chapters rect").first.focus()
    page.keyboard.press("ArrowRight")
    eye.every_way("chapter said")


def test_an_edit_with_its_undo_is_accessible(root, book, eye):
    page = at(root, book)
    edit(root, "isbn", "12345")
    expect(page.locator("body")).to_contain_text("is not an ISBN")
    eye.look("edit refused")
    at(root, book)
    edit(root, "subtitle", "A Corrected Invention")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    eye.look("edited")
    at(root, book)
    root.tab("metadata")
    page.get_by_role("button", name="Undo").click()
    eye.look("undone")


def test_doubts_duplicates_and_changes_are_accessible(root, book, eye):
    release_approve(release_id=book.pk, actor_id=None)
    approvals_void(book.pk, "Edited by hand: title.")
    for number, draft in enumerate(Upload.objects.filter(release=book)):
        draft.payload["form"][0][1] = "Something else"
        draft.digest = payload_digest(draft.payload, bytes(draft.torrent_file or b""))
        draft.problems = [
            {
                "code": "x",
                "field": "year",
                "message": "Odd year.",
                "remedy": "Correct it.",
                "severity": ("warning", "error")[number],
            }
        ]
        draft.save()
        DuplicateSearch.objects.filter(upload=draft).update(
            checked_at=timezone.now(),
            found=[similar(), similar("possible", "words", title="Another")],
        )
    covers_store(book, [picture(600), picture(500, b"y")])
    book.refresh_from_db()
    book.notices = [DOUBT, {"code": "x", "message": "A file is left out.", "path": "a"}]
    book.save()
    at(root, book)
    eye.look("doubted")


@pytest.mark.parametrize("state", ["new", "preparing", "failed", "rejected"])
def test_a_release_on_its_way_is_accessible(state, root, rows, eye):
    book = Release.objects.get(pk=rows["releases.release"])
    book.state = state
    book.progress = {"phase": "hash", "done": 40, "total": 100}
    book.error = {"code": "x", "message": "The folder went away. Put it back."}
    book.save()
    at(root, book)
    eye.look(state)
    root.open("releases/release/")
    eye.look(f"{state} in the list")


def test_asking_a_source_again_is_accessible(root, book, eye):
    newest = MetadataRecord.objects.filter(release=book).latest("pk")
    at(root, book, f"?fetching={newest.pk}#sources")
    expect(root.page.get_by_text("The source is being asked")).to_be_visible()
    eye.every_way("asked")


def test_what_was_sent_is_accessible(root, book, shop, eye):
    release_approve(release_id=book.pk, actor_id=None, note="Fine.")
    at(root, book)
    eye.look("being sent")
    shop.sandbox.fail("ops", "upload", "server-error")
    uploads_work()
    at(root, book)
    eye.look("sent")
    upload = Upload.objects.get(tracker__slug="red")
    root.open(f"uploads/upload/{upload.pk}/change/")
    eye.look("an upload that was sent")


def test_what_a_viewer_sees_is_accessible(page, live_server, book, eye):
    visitor = Visitor(page, live_server.url)
    visitor.enter(factories.UserFactory(role="viewer"))
    at(visitor, book)
    eye.look("a viewer's")
