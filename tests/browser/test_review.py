"""The review page: looking, deciding, changing one's mind; and who may."""

import pytest
from playwright.sync_api import expect

from releases.models import Release
from tests import factories
from tests.workers import wait_until
from uploads.models import Approval, Upload


@pytest.fixture
def book(shop):
    """The M4B with fifteen chapters, ready for a decision."""
    return shop.prepare()


@pytest.fixture
def at_book(approver, book):
    """The approver, on the book's page."""
    approver.open(f"releases/release/{book.pk}/change/")
    return approver


def edit(visitor, name, value):
    visitor.tab("metadata")
    field = visitor.page.locator(f"#metadata #field-{name}")
    field.get_by_text("Edit", exact=True).click()
    field.get_by_role("textbox").fill(value)
    field.get_by_role("button", name="Save").click()


def test_everything_about_the_book_can_be_read(at_book):
    page = at_book.page
    at_book.tab("chapters")
    rows = page.locator("#chapters tbody tr")
    expect(rows).to_have_count(15)
    expect(rows.nth(10)).to_contain_text("The Palace of Green Porcelain")
    expect(page.locator("#chapters svg rect")).to_have_count(15)

    at_book.tab("metadata")
    narrators = page.locator("#metadata #field-narrators")
    expect(narrators).to_contain_text("Ada Sparrow")
    expect(narrators).to_contain_text("Audnexus")
    authors = page.locator("#metadata #field-authors")
    authors.get_by_text("other value").click()
    expect(authors.get_by_role("button", name="Use this").first).to_be_visible()

    at_book.tab("cover")
    cover = page.locator("#cover img")
    assert cover.evaluate("image => image.complete && image.naturalWidth") > 100

    at_book.tab("files")
    expect(page.locator("#files")).to_contain_text("The Time Machine.m4b")

    at_book.tab("sources")
    source = page.locator("#sources .hd-source", has_text="Audnexus")
    source.get_by_text("Raw answer").click()
    expect(source.locator(".hd-raw")).to_contain_text("B0HERALD01")

    at_book.tab("torrents")
    expect(page.locator("#torrents tbody tr").first).to_contain_text("KiB")


def test_a_tracker_can_be_left_out(at_book, book, workers):
    page = at_book.page
    page.get_by_label("Approve for Orpheus").uncheck()
    page.get_by_role("button", name="Approve Redacted").click()
    workers.start()
    expect(page.locator(".hd-live tr", has_text="Redacted")).to_contain_text("Success")
    expect(page.locator(".hd-live tr", has_text="Orpheus")).to_contain_text("Draft")
    assert not Upload.objects.get(tracker__slug="ops").approved_digest


def test_an_edit_after_approval_asks_for_approval_again(at_book, book, shop, workers):
    page = at_book.page
    page.get_by_role("button", name="Approve Orpheus + Redacted").click()
    expect(page.locator(".hd-live").get_by_text("Pending")).to_have_count(2)

    edit(at_book, "subtitle", "A Corrected Invention")
    expect(page.locator(".hd-head")).to_contain_text("Ready")
    expect(page.locator(".hd-head")).to_contain_text("A Corrected Invention")
    at_book.tab("history")
    expect(page.locator("#history")).to_contain_text("void")

    workers.start()
    drafts = Upload.objects.filter(release=book, release_revision__gt=book.revision)
    wait_until(lambda: drafts.count() == 2)
    assert shop.sandbox.uploads() == []
    page.reload()
    at_book.tab("trackers")
    expect(page.locator(".hd-panel .bbcode").first).to_contain_text(
        "A Corrected Invention"
    )
    page.get_by_role("button", name="Approve Orpheus + Redacted").click()
    expect(page.locator(".hd-live").get_by_text("Success")).to_have_count(2)
    for stored in shop.sandbox.uploads():
        assert "A Corrected Invention" in dict(stored["form"])["album_desc"]


def test_a_wrong_value_is_refused_with_a_sentence(at_book, book):
    edit(at_book, "isbn", "12345")
    expect(at_book.page.locator("body")).to_contain_text("is not an ISBN")
    assert "isbn" not in Release.objects.get(pk=book.pk).overrides


def test_rejecting_keeps_the_note(at_book, book):
    page = at_book.page
    page.get_by_placeholder("Note").fill("The narrator is credited wrongly.")
    page.get_by_role("button", name="Reject", exact=True).click()
    expect(page.locator(".hd-head")).to_contain_text("Rejected")
    at_book.tab("history")
    expect(page.locator("#history")).to_contain_text(
        "The narrator is credited wrongly."
    )
    decision = Approval.objects.get()
    assert (decision.decision, str(decision.actor)) == ("rejected", "pat")
    page.get_by_role("button", name="Reopen").click()
    expect(page.locator(".hd-head")).to_contain_text("Ready")


@pytest.mark.parametrize("role", ["viewer", "preparer"])
def test_who_may_not_decide_sees_no_buttons_for_it(visitor, book, role):
    visitor.login(factories.UserFactory(role=role))
    visitor.open(f"releases/release/{book.pk}/change/")
    page = visitor.page
    expect(page.locator(".hd-panel")).to_have_count(2)
    for name in ("Approve", "Reject"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    prepares = 1 if role == "preparer" else 0
    expect(page.get_by_role("button", name="Prepare again")).to_have_count(prepares)
    visitor.tab("metadata")
    edits = page.locator("#metadata").get_by_text("Edit", exact=True)
    assert bool(edits.count()) == (role == "preparer")
