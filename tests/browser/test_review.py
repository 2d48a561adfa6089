"""The review page: looking, deciding, changing one's mind; and who may."""

import pytest
from playwright.sync_api import expect

from releases.models import Release
from releases.services.remerge import release_override
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
    page = at_book.page
    box = page.locator("#field-isbn input[name=value]")
    expect(page.locator("#field-isbn [role=alert]")).to_contain_text("is not an ISBN")
    expect(box).to_have_value("12345")
    expect(box).to_be_focused()
    assert "isbn" not in Release.objects.get(pk=book.pk).overrides
    # The page can be loaded anew, and knows its place.
    assert page.url.endswith(f"/{book.pk}/change/#field-isbn")


def test_of_two_who_edit_a_field_the_second_chooses(at_book, book):
    release_override(release_id=book.pk, changes={"subtitle": "Theirs"}, actor_id=None)
    edit(at_book, "subtitle", "Mine")
    field = at_book.page.locator("#field-subtitle")
    expect(field.locator("[data-now]")).to_have_text("Theirs")
    expect(field.get_by_role("textbox")).to_have_value("Mine")
    field.get_by_role("link", name="Keep what it is now").click()
    expect(field.locator("[data-now]")).to_have_count(0)
    expect(field.locator(".hd-edit > summary")).to_be_focused()
    assert Release.objects.get(pk=book.pk).values["subtitle"] == "Theirs"
    edit(at_book, "subtitle", "Mine after all")
    expect(field.locator(".hd-field__value")).to_contain_text("Mine after all")


def test_rejecting_keeps_the_note(at_book, book):
    page = at_book.page
    page.get_by_placeholder("Note").fill("The narrator is credited wrongly.")
    page.get_by_role("button", name="Reject").click()
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
    visitor.enter(factories.UserFactory(role=role))
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


def test_tabs_are_used_with_arrow_keys(at_book):
    page = at_book.page
    first = page.get_by_role("tab", name="Orpheus")
    expect(first).to_have_attribute("aria-selected", "true")
    first.focus()
    page.keyboard.press("ArrowRight")
    second = page.get_by_role("tab", name="Redacted")
    expect(second).to_be_focused()
    expect(second).to_have_attribute("aria-selected", "true")
    expect(page.locator(".hd-panel:visible")).to_have_count(1)
    expect(page.locator(".hd-panel:visible h3")).to_have_text("Redacted")
    page.keyboard.press("Home")
    expect(first).to_be_focused()

    page.locator("#tab-trackers").focus()
    page.keyboard.press("End")
    expect(page.locator("#history")).to_be_visible()


def test_a_problem_leads_to_its_field(at_book, book):
    upload = book.uploads.get(tracker__slug="red")
    problem = {"field": "year", "code": "x", "message": "Odd year.", "remedy": ""}
    upload.problems = [{**problem, "severity": "warning"}]
    upload.save()
    page = at_book.page
    page.reload()
    expect(page.get_by_role("tab", name="Redacted")).to_have_attribute(
        "aria-selected", "true"
    )
    page.get_by_role("link", name="Go there").click()
    expect(page.locator("#metadata")).to_be_visible()
    expect(page.locator("#field-year .hd-edit > summary")).to_be_focused()


def test_an_edit_is_undone_and_the_field_is_where_one_lands(at_book, book):
    edit(at_book, "subtitle", "A Corrected Invention")
    page = at_book.page
    expect(page.locator("#field-subtitle .hd-edit > summary")).to_be_focused()
    page.keyboard.press("z")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text("The change is undone.")
    expect(page.locator(".hd-head")).not_to_contain_text("A Corrected Invention")
    assert "subtitle" not in Release.objects.get(pk=book.pk).overrides


def test_the_chapters_are_read_along_the_line(at_book):
    at_book.tab("chapters")
    page = at_book.page
    page.locator("#chapters rect").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#said")).to_contain_text("2. ")
    page.keyboard.press("End")
    expect(page.locator("#said")).to_contain_text("15. ")


def test_j_and_k_go_through_the_list_that_one_came_from(approver, shop):
    first, second = shop.prepare("Time Machine"), shop.prepare("Two Cities")
    page = approver.page
    approver.open("releases/release/?q=a")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{second.pk}/change/")
    expect(page.get_by_text("1 / 2")).to_be_visible()
    expect(page.locator("[data-previous]")).to_be_hidden()
    page.keyboard.press("j")
    page.wait_for_url(f"**/{first.pk}/change/")
    page.get_by_placeholder("Note").press("k")
    expect(page.get_by_placeholder("Note")).to_have_value("k")
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    page.wait_for_url(f"**/{second.pk}/change/")
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Approve Orpheus")).to_be_focused()
    page.keyboard.press("u")
    page.wait_for_url("**/release/?q=a")
