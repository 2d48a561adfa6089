"""The list of releases: thirty approved in a few clicks, and all of it by keyboard."""

import pytest
from playwright.sync_api import expect

from releases.models import SavedView
from tests import factories
from tests.unit.uploads.admin.conftest import make_book, make_draft
from uploads.models import Upload

MOST_CLICKS = 10
SITES = ("Bluebird", "Heron", "Magpie", "Orpheus", "Wren")


@pytest.fixture
def trackers(transactional_db):
    """Five sites."""
    return [factories.TrackerFactory(name=name) for name in SITES]


@pytest.fixture
def books(trackers, tmp_path):
    """Thirty prepared releases, each drafted for all five."""
    found = []
    for number in range(30):
        book = make_book(tmp_path, f"Book {number:02}")
        book.title = book.name
        book.save()
        for tracker in trackers:
            make_draft(book, tracker, title=f"{book.name} as sent to {tracker}")
        found.append(book)
    return found


class Clicks:
    """Counts what a person clicks."""

    def __init__(self, page):
        self.page = page
        self.number = 0

    def __call__(self, locator):
        locator.click()
        self.number += 1

    def choose(self, locator, label):
        """Opening a list and clicking one of its lines are two clicks."""
        locator.select_option(label=label)
        self.number += 2


def at(visitor):
    """The title of the row that has the focus."""
    return visitor.page.evaluate(
        "document.activeElement.closest('tr.data-row')?.querySelector('strong').innerText"
    )


def test_thirty_releases_go_to_five_trackers_in_under_ten_clicks(approver, books):
    click = Clicks(approver.page)
    page = approver.page
    approver.open("")
    click(page.locator("a[href='/admin/releases/release/']").first)
    click(page.locator("#action-toggle"))
    click.choose(page.locator("select[name=action]"), "Approve …")
    click(page.locator("button[name=index]"))

    page.wait_for_selector("#confirm")
    lines = page.locator(".hd-line")
    expect(lines).to_have_count(150)
    said = page.locator("#confirm").inner_text()
    for book in books:
        for site in SITES:
            assert f"{book.name} as sent to {site}" in said
    assert "150 of 150 uploads will be sent, from 30 releases" in said
    click(page.get_by_role("button", name="Approve 150"))

    expect(page.locator("body")).to_contain_text("150 uploads approved")
    assert click.number < MOST_CLICKS
    assert Upload.objects.filter(status="pending").count() == 150


def test_a_whole_tracker_or_one_upload_can_be_left_out(approver, books):
    page = approver.page
    approver.open("releases/release/")
    page.keyboard.press("X")
    page.keyboard.press("a")
    page.get_by_role("checkbox", name="Wren 30").uncheck()
    page.get_by_role("checkbox", name="Book 07 as sent to Heron").uncheck()
    expect(
        page.locator(".hd-column", has_text="Heron").locator("input")
    ).not_to_be_checked()
    page.get_by_role("button", name="Approve 119").click()

    expect(page.locator("body")).to_contain_text("119 uploads approved")
    kept = Upload.objects.filter(status="draft")
    assert {one.tracker.name for one in kept} == {"Wren", "Heron"}
    assert kept.count() == 31


def test_warnings_and_other_recordings_are_only_sent_once_they_were_read(
    approver, books, trackers
):
    odd = Upload.objects.filter(release=books[0], tracker=trackers[0])
    odd.update(
        problems=[{"field": "", "code": "x", "message": "Odd.", "severity": "warning"}]
    )
    books[1].notices = [
        {"code": "other_recording", "message": "Longer.", "path": "", "figures": []}
    ]
    books[1].save()
    page = approver.page
    approver.open("releases/release/")
    page.keyboard.press("X")
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Approve 144")).to_be_visible()
    page.get_by_label("I have read the warnings").check()
    page.get_by_label("I have compared it").check()
    page.get_by_role("button", name="Approve 150").click()

    expect(page.locator("body")).to_contain_text("150 uploads approved")


def test_the_list_is_used_without_a_mouse(approver, books):
    page = approver.page
    approver.open("releases/release/")
    page.keyboard.press("j")
    assert at(approver) == "Book 29"
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert at(approver) == "Book 28"
    page.keyboard.press("x")
    expect(page.locator("tr.data-row input:checked")).to_have_count(1)

    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert at(approver) == "Book 28"

    page.keyboard.press("/")
    page.keyboard.type("jkxar")
    expect(page.locator("#searchbar")).to_have_value("jkxar")
    assert page.url.endswith("/releases/release/")
    page.locator("#searchbar").fill("")
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    page.keyboard.press("o")
    page.wait_for_url("**/change/")
    expect(page.locator(".hd-head h2")).to_have_text("Book 29")


def test_r_asks_before_it_rejects(approver, books):
    page = approver.page
    approver.open("releases/release/")
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(page.locator("main, #content, body").last).to_contain_text("Book 29")
    page.get_by_role("button", name="Reject").click()
    expect(page.locator("body")).to_contain_text("1 rejected.")


def test_a_view_is_saved_renamed_and_deleted(approver, books):
    page = approver.page
    approver.open("releases/release/?q=book+07")
    page.get_by_text("Save this view").click()
    page.get_by_label("Name of the view").fill("Sevens")
    page.get_by_role("button", name="Save view").click()
    tab = page.get_by_role("navigation", name="Views").get_by_role(
        "link", name="Sevens"
    )
    expect(tab).to_have_attribute("aria-current", "page")
    expect(page.locator("tr.data-row")).to_have_count(1)

    page.get_by_text("Change view").click()
    page.get_by_label("Name of the view").fill("Lucky")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("link", name="Lucky")).to_be_visible()

    page.get_by_text("Change view").click()
    page.get_by_role("button", name="Delete view").click()
    expect(page.locator("body")).to_contain_text("The view is deleted.")
    assert not SavedView.objects.exists()
