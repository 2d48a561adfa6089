"""The page of figures in a browser: a failed bar leads to what the site answered."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import factories
from uploads.models import UploadAttempt

BAR = """
(key) => {
  const canvas = document.querySelector(`#${key} canvas`);
  const chart = Chart.getChart(canvas);
  const series = chart.data.datasets.findIndex((one) => one.column === "failed");
  const index = chart.data.datasets[series].data.findIndex((value) => value > 0);
  const bar = chart.getDatasetMeta(series).data[index].getCenterPoint();
  const box = canvas.getBoundingClientRect();
  return [box.left + bar.x, box.top + bar.y];
}
"""


@pytest.fixture
def refused(transactional_db):
    upload = factories.UploadFactory(status="failed", release__title="A Refused Book")
    now = timezone.now()
    for number, outcome in enumerate(("unavailable", "rejected"), 1):
        UploadAttempt.objects.create(
            upload=upload,
            number=number,
            outcome=outcome,
            error_code="upload_rejected" if number == 2 else "tracker_unavailable",
            answer="no such category; key=•••" if number == 2 else "busy",
            phase="answered",
            started_at=now,
            sending_at=now,
            answered_at=now,
            finished_at=now,
        )
    return upload


@pytest.mark.parametrize("key", ["history", "trackers"])
def test_a_failed_bar_leads_to_the_redacted_answer_in_two_clicks(
    key, approver, refused
):
    approver.open("analytics/")
    page = approver.page
    chart = page.locator(f"#{key} canvas[data-ready]")
    chart.scroll_into_view_if_needed()
    page.mouse.click(*page.evaluate(BAR, key))
    page.wait_for_url("**/uploadattempt/?*result=failed*")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    page.get_by_role("link", name="No. 2").click()
    expect(page.get_by_text("no such category; key=•••")).to_be_visible()


def test_the_numbers_are_links_for_the_keyboard(approver, refused):
    approver.open("analytics/")
    link = approver.page.locator("#trackers [data-column=failed] a")
    link.focus()
    approver.page.keyboard.press("Enter")
    approver.page.wait_for_url("**/uploadattempt/?*result=failed*")


def test_a_date_chooses_its_own_period(approver, refused):
    approver.open("analytics/")
    approver.page.get_by_label("From", exact=True).fill("2026-01-01")
    approver.page.get_by_role("button", name="Show").click()
    approver.page.wait_for_url("**period=custom*")
    expect(approver.page.get_by_text("From 1 Jan 2026")).to_be_visible()
