"""Adding many, watch folders and rules in a browser, on every kind of screen."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from releases.models import Candidate, Release, WatchFolder
from tests import factories
from tests.browser.conftest import Complaints, Visitor
from tests.browser.test_screens import SCREENS
from uploads.models import ApprovalRule, Upload
from uploads.services.rules import rule_save, rules_apply

MANY = "releases/release/add-many/"


def test_many_are_added_with_the_keyboard(shop, approver):
    (Path(shop.library.path) / "notes.txt").write_text("words")
    page = approver.page
    approver.open("releases/release/add/")
    page.get_by_role("link", name="Add many at once").press("Enter")
    page.get_by_label("Folder with releases in it").fill(shop.library.path)
    page.get_by_label("Folder with releases in it").press("Enter")
    expect(page.get_by_text("2 releases can be added")).to_be_visible()
    boxes = page.locator("input[name=path]")
    assert [box.is_checked() for box in boxes.all()] == [True, True, False]
    everything = page.get_by_label("All that can be ticked")
    everything.press("Space")
    assert not any(box.is_checked() for box in boxes.all())
    page.get_by_label("Time Machine").press("Space")
    page.get_by_role("button", name="Add what is ticked").press("Enter")
    expect(
        page.get_by_text("1 release was added and is being prepared.")
    ).to_be_visible()
    assert "Time Machine" in Release.objects.get().source_path


@pytest.fixture
def busy(shop):
    """A bit of everything: candidates in each state, and rules that were used."""
    release = shop.prepare("Time Machine")
    root = Path(shop.library.path)
    for name in ("Copying", "Papers"):
        (root / name).mkdir()
    watch = WatchFolder.objects.create(
        library=shop.library, scanned_at=timezone.now(), kind="audiobook"
    )
    WatchFolder.objects.create(
        library=shop.library,
        path="incoming",
        problem="The folder /srv/books/incoming is not there, or leads out of its "
        "library. It is looked for again by itself.",
    )
    said = {
        "waiting": "Still changing, or seen for too short a time: unchanged for 12 of "
        "60 seconds.",
        "skipped": "There is no audio in it, so it is no release of this kind.",
        "known": "",
    }
    for number, (state, message) in enumerate(said.items()):
        Candidate.objects.create(
            watch=watch,
            path=f"An Author with a rather long name - A Title of length {number}",
            state=state,
            message=message,
            file_count=number,
            total_size=number * 10**9,
            looked_at=timezone.now(),
        )
    Candidate.objects.create(watch=watch, path="Taken", state="taken", release=release)
    Upload.objects.filter(tracker__slug="red").update(
        problems=[
            {
                "code": "x",
                "field": "title",
                "message": "The title is long.",
                "severity": "warning",
            }
        ]
    )
    Release.objects.update(notices=[])
    rule = rule_save(
        ApprovalRule(name="Trusted folder", watch_folder=watch, is_active=True),
        actor_id=factories.UserFactory(username="ada").pk,
    )
    ApprovalRule.objects.update(active_since=timezone.now() - timedelta(days=1))
    waiting = shop.prepare("Two Cities")
    rules_apply(release.pk)
    return {
        "many": MANY,
        "watch-folders": "releases/watchfolder/",
        "watch-folder": f"releases/watchfolder/{watch.pk}/change/",
        "candidates": "releases/candidate/",
        "rules": "uploads/approvalrule/",
        "rule": f"uploads/approvalrule/{rule.pk}/change/",
        "new-rule": "uploads/approvalrule/add/",
        "approved": f"releases/release/{release.pk}/change/",
        "not-approved": f"releases/release/{waiting.pk}/change/",
        "approvals": "uploads/approval/",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_the_pages_fit(screen, scheme, browser, live_server, busy, shop, tmp_path):
    width, height = SCREENS[screen]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme
    )
    found = Complaints()
    found.watch(context)
    visitor = Visitor(context.new_page(), live_server.url)
    visitor.enter(factories.UserFactory(is_superuser=True))
    too_wide = {}

    def picture(name):
        visitor.settle()
        visitor.page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        needed = visitor.page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            too_wide[name] = needed

    for name, path in busy.items():
        visitor.open(path)
        picture(name)
    visitor.open(MANY)
    visitor.page.get_by_label("Folder with releases in it").fill(shop.library.path)
    visitor.page.get_by_role("button", name="Look what is there").click()
    picture("many-found")
    visitor.open(MANY)
    visitor.page.get_by_role("button", name="Look what is there").click()
    picture("many-error")
    context.close()
    assert too_wide == {}
    assert found.lines == []
