"""The whole way at the browser: a folder goes in, and every copy is proven to seed."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.workers import wait_until
from uploads.models import Upload, UploadAttempt

pytestmark = [pytest.mark.qbittorrent]


def test_a_folder_goes_in_and_every_copy_seeds(
    approver, seeding_shop, workers, qbittorrent
):
    page, sandbox = approver.page, seeding_shop.sandbox
    workers.start()
    book = next(
        p for p in Path(seeding_shop.library.path).iterdir() if "Wells" in p.name
    )

    approver.open("releases/release/add/")
    page.get_by_label("Path").fill(str(book))
    page.get_by_label("ASIN").fill("B0HERALD01")
    page.get_by_role("button", name="Add and prepare").click()

    approve = page.get_by_role("button", name="Approve Orpheus + Redacted")
    expect(approve).to_be_visible()
    release_page = page.url
    expect(page.get_by_role("heading", name="The Time Machine").first).to_be_visible()
    assert page.locator(".hd-panel .hd-alert").all_inner_texts() == []
    for site in ("Orpheus", "Redacted"):
        page.get_by_role("tab", name=site).click()
        panel = page.locator(".hd-panel", has_text=site)
        expect(panel.locator(".bbcode").first).to_contain_text("The Time Traveller")
        panel.get_by_text("Exact form").click()
        expect(panel.get_by_role("rowheader", name="tags")).to_be_visible()

    approve.click()
    live = page.locator(".hd-live")
    expect(live.get_by_text("Success")).to_have_count(2)
    expect(live.get_by_text("Confirmed")).to_have_count(2)

    for site in ("red", "ops"):
        (stored,) = sandbox.uploads(site)
        upload = Upload.objects.get(tracker__slug=site)
        assert stored["infohash"] == upload.infohash
        assert qbittorrent.client().status(upload.infohash).confirmed
        (seeder,) = sandbox.seeders(site)
        assert seeder["infohash"] == upload.infohash

    with page.expect_popup() as opened:
        page.locator(".hd-live tr", has_text="Redacted").get_by_role(
            "link", name="On the tracker"
        ).click()
    theirs = opened.value
    expect(theirs.get_by_role("heading", name="The Time Machine").first).to_be_visible()
    expect(theirs.locator("body")).to_contain_text("The Palace of Green Porcelain")
    expect(theirs.locator("body")).to_contain_text("1 seeding")
    theirs.close()

    page.locator(".hd-live tr", has_text="Redacted").get_by_role(
        "link", name="Details"
    ).click()
    expect(page.locator("#timeline")).to_contain_text("The tracker took it.")
    expect(page.locator("#upload-live")).to_contain_text("as approved")

    approver.open("")
    for site in ("Orpheus", "Redacted"):
        row = page.get_by_role("row").filter(has_text=site).first
        expect(row).to_contain_text("100")

    page.goto(release_page)
    expect(page.locator(".hd-head")).to_contain_text("Published")
    assert UploadAttempt.objects.count() == 2


def test_a_lost_answer_is_settled_before_the_reader_s_eyes(approver, shop, workers):
    page, sandbox = approver.page, shop.sandbox
    release = shop.prepare()
    sandbox.fail("red", "upload", "drop-after")
    workers.start()

    approver.open(f"releases/release/{release.pk}/change/")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".hd-live").get_by_text("Success")).to_have_count(2)

    page.locator(".hd-live tr", has_text="Redacted").get_by_role(
        "link", name="Details"
    ).click()
    expect(page.locator("#timeline")).to_contain_text("the tracker is asked first")
    approver.tab("history")
    expect(page.locator("#timeline")).to_contain_text("Asked the tracker: it is there.")
    assert len(sandbox.uploads("red")) == 1
    assert len(sandbox.requests("red", "upload")) == 1


def test_a_refusal_is_shown_in_the_site_s_words_and_can_be_retried(
    approver, shop, workers
):
    page, sandbox = approver.page, shop.sandbox
    release = shop.prepare()
    sandbox.fail("ops", "upload", "refuse", message="No room in the archive today.")
    workers.start()

    approver.open(f"releases/release/{release.pk}/change/")
    page.get_by_role("button", name="Approve").click()
    refused = page.locator(".hd-live tr", has_text="Orpheus")
    expect(refused).to_contain_text("No room in the archive today.")
    expect(page.locator(".hd-live tr", has_text="Redacted")).to_contain_text("Success")

    refused.get_by_role("link", name="Details").click()
    expect(page.locator("#timeline")).to_contain_text("No room in the archive today.")
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("#upload-live")).to_contain_text("Success")
    wait_until(lambda: len(sandbox.uploads("ops")) == 1)
    expect(page.locator("#timeline article")).to_have_count(2)
