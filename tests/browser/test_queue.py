"""The queue in a browser: live, without losing what a person does there meanwhile."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import Complaints, Visitor
from tests.browser.queues import busy_queue, queued
from tests.many import pending
from uploads.models import Upload
from uploads.services.lanes import due_uploads

SCREENS = {"narrow": (390, 844), "wide": (1440, 900)}


@pytest.fixture
def site(transactional_db):
    return factories.TrackerFactory(name="Redsite")


def order(page):
    return page.locator("[data-order] .hq-what a").all_inner_texts()


def test_rows_move_by_keys_and_by_drag_and_the_focus_stays(approver, site):
    page = approver.page
    one, two, three = queued(site, "One", "Two", "Three")
    approver.open("queue/")
    assert order(page) == ["One", "Two", "Three"]

    handle = page.locator(f"#u-{three.pk} .hq-handle")
    handle.focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("[data-order] .hq-what a").nth(1)).to_have_text("Three")
    expect(handle).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("[data-order] .hq-what a").nth(0)).to_have_text("Three")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-order] .hq-what a").nth(0)).to_have_text("One")
    expect(handle).to_be_focused()

    page.drag_and_drop(
        f"#u-{two.pk} .hq-handle",
        f"#u-{one.pk}",
        target_position={"x": 200, "y": 4},
    )
    expect(page.locator("[data-order] .hq-what a").nth(0)).to_have_text("Two")
    assert order(page) == ["Two", "One", "Three"]
    assert list(due_uploads().values_list("pk", flat=True)) == [
        two.pk,
        one.pk,
        three.pk,
    ]


def test_looking_again_keeps_focus_ticks_and_typed_numbers(approver, site):
    page = approver.page
    one, two = queued(site, "One", "Two")
    approver.open("queue/")
    tick = page.get_by_label("Tick Two → Redsite")
    tick.check()
    number = page.get_by_label("Priority of One → Redsite")
    number.fill("42")

    queued(site, "Three")
    expect(page.locator("#q-due .hd-count")).to_have_text("3")
    expect(number).to_be_focused()
    expect(number).to_have_value("42")
    expect(tick).to_be_checked()

    page.locator(f"#u-{one.pk}").get_by_role("button", name="Set", exact=True).click()
    expect(page.locator("#queue-said")).to_contain_text("new priority")
    one.refresh_from_db()
    assert one.priority == 42
    page.locator("#queue-bulk").get_by_role("button", name="Cancel").click()
    expect(page.locator("#q-due .hd-count")).to_have_text("2")
    two.refresh_from_db()
    assert two.status == "cancelled"


def test_it_stops_looking_when_nothing_moves(approver, site):
    page = approver.page
    (upload,) = queued(site, "One")
    approver.open("queue/")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    Upload.objects.filter(pk=upload.pk).update(status="success")
    expect(page.locator(".hq-sums")).to_contain_text("Nothing moves.")
    page.wait_for_timeout(200)
    asked.clear()
    page.wait_for_timeout(3000)
    assert asked == []


@pytest.fixture
def busy(site):
    """Something in each part of the queue."""
    return busy_queue(site)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_every_page_fits(screen, scheme, browser, live_server, busy, tmp_path):
    width, height = SCREENS[screen]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme
    )
    found = Complaints()
    found.watch(context)
    visitor = Visitor(context.new_page(), live_server.url)
    visitor.enter(factories.UserFactory(is_superuser=True))
    too_wide = {}
    for name, path in {
        "queue": "queue/",
        "dashboard": "",
        "upload": f"uploads/upload/{busy.pk}/change/",
        "none": "uploads/trouble/",
        "nothing": "uploads/upload/?q=zzzz",
    }.items():
        visitor.open(path)
        visitor.page.wait_for_load_state("load")
        visitor.page.wait_for_timeout(300)
        visitor.page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        needed = visitor.page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            too_wide[name] = needed
    context.close()
    assert too_wide == {}
    assert found.lines == []


def test_ten_thousand_waiting_ones_are_paged(approver, site):
    pending(10_000, tracker=site)
    page = approver.page
    approver.open("queue/")
    expect(page.locator("#q-due .hq-row")).to_have_count(50)
    expect(page.locator(".hq-pager")).to_contain_text("1 to 50 of 10000")
    page.locator(".hq-pager").get_by_role("link", name="Next").click()
    expect(page.locator(".hq-pager")).to_contain_text("51 to 100 of 10000")
