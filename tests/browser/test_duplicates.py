"""While a person looks at a draft, its tracker says that it has it already."""

import pytest

from trackers.services.adapters import adapter_open
from trackers.services.choosing import credential_choose
from uploads.models import Upload
from uploads.payloads import payload_load
from uploads.services.searching import upload_search

pytestmark = pytest.mark.browser


def publish(upload):
    """Let the site have the draft's torrent; gives its page."""
    with adapter_open(upload.tracker, credential_choose(upload.tracker)) as adapter:
        payload = payload_load(upload.payload, bytes(upload.torrent_file))
        return adapter.upload(payload).url


def test_the_answer_comes_up_on_the_open_page(shop, approver, complaints):
    release = shop.prepare("Time Machine")
    red, ops = (
        Upload.objects.select_related("tracker").get(tracker__slug=site)
        for site in ("red", "ops")
    )
    link = publish(red)
    approver.open(f"releases/release/{release.pk}/change/")
    approver.page.get_by_role("tab", name="Redacted").click()
    panel = approver.page.locator(f"#duplicates-{red.pk}")
    assert "Redacted was not yet asked for duplicates." in panel.inner_text()

    upload_search(red.pk)
    upload_search(ops.pk)

    panel.get_by_text("Already there").wait_for(timeout=15_000)
    assert "the same name and total size" in panel.inner_text()
    found = panel.get_by_role("link", name="On the tracker")
    assert found.get_attribute("href") == link
    approver.page.get_by_role("tab", name="Orpheus").click()
    other = approver.page.locator(f"#duplicates-{ops.pk}")
    other.get_by_text("none found").wait_for(timeout=15_000)
    approver.open("releases/release/")
    approver.page.get_by_text("duplicate?", exact=True).wait_for()
    assert complaints.lines == []
