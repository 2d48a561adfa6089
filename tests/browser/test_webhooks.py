"""An admin makes a webhook, copies its secret, tests it, and looks what was said."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import Complaints, Visitor
from tests.browser.test_screens import SCREENS
from uploads.models import Delivery, Webhook
from uploads.services.hooking import webhook_secret

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(visitor, people):
    visitor.enter(people["admin"])
    return visitor


def test_from_the_form_to_a_signed_delivery(
    admin, httpserver, settings, complaints, page
):
    settings.WEBHOOK_PRIVATE = True
    httpserver.expect_request("/hook").respond_with_data("thanks")
    admin.open("uploads/webhook/add/")
    page.get_by_label("Name").fill("ci")
    page.get_by_label("Address").fill(httpserver.url_for("/hook"))
    page.get_by_label("An upload is seeding").check()
    page.get_by_role("button", name="Save", exact=True).click()
    secret = page.get_by_label("Signing secret").inner_text().strip()
    assert secret == Webhook.objects.get().signing["secret"]
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_text("Nothing was delivered yet.")).to_be_visible()
    assert secret not in page.content()
    page.get_by_role("button", name="Test").click()
    expect(page.get_by_text("taken, with status 200")).to_be_visible()
    page.get_by_role("link", name="All deliveries").click()
    page.get_by_role("link", name=Delivery.objects.get().number[:8]).click()
    page.get_by_role("button", name="Deliver again").click()
    expect(page.get_by_text("It waits to be delivered.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_its_pages_fit(screen, scheme, browser, live_server, people, tmp_path):
    hook = Webhook.objects.create(
        name="ci",
        url="https://ci.example/some/rather/long/address/of/a/hook",
        events=["failed", "question", "seeding"],
        last_error="It answered 500; 200 to 299 would be right.",
    )
    webhook_secret(hook)
    Webhook.objects.create(name="chat", url="https://chat.example/", events=["failed"])
    given_up = hook.deliveries.create(
        number="evt_5c1f00000000000000000000000000aa",
        event="failed",
        body='{"id": "evt_5c1f", "event": "failed", "upload": {"id": 12}}',
        tries=8,
        status=500,
        duration_ms=41,
        answer="<html>Internal Server Error</html>",
        error="It answered 500; 200 to 299 would be right.",
        given_up_at="2026-01-01T00:00:00Z",
    )
    hook.deliveries.create(number="evt_2", event="seeding", body="{}")
    width, height = SCREENS[screen]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme
    )
    found = Complaints()
    found.watch(context)
    visitor = Visitor(context.new_page(), live_server.url)
    visitor.enter(factories.UserFactory(is_superuser=True))
    page = visitor.page
    for name, path in {
        "webhooks": "uploads/webhook/",
        "webhook": f"uploads/webhook/{hook.pk}/change/",
        "add": "uploads/webhook/add/",
        "deliveries": "uploads/delivery/",
        "delivery": f"uploads/delivery/{given_up.pk}/change/",
        "tokens": "knox/authtoken/",
    }.items():
        visitor.open(path)
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        needed = page.evaluate("document.documentElement.scrollWidth")
        assert needed <= width, name
    visitor.open(f"uploads/webhook/{hook.pk}/change/")
    page.get_by_role("button", name="New secret").click()
    expect(page.get_by_label("Signing secret")).to_be_visible()
    page.screenshot(path=tmp_path / "secret.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
    assert found.lines == []
