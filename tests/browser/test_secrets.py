"""Secrets go into forms and never come out."""

import pytest
from playwright.sync_api import expect

from releases.models import TorrentClient
from tests import factories
from trackers.models import Credential

PLANTED = "planted-password-4711"


@pytest.fixture
def keeper(visitor):
    """A person of the role that keeps the keys."""
    visitor.enter(factories.UserFactory(role="admin"))
    return visitor


@pytest.fixture
def seen(keeper):
    """Read pages with `seen()`; what they say is collected and returned."""
    said = []

    def read():
        keeper.settle()
        said.append(keeper.page.content())
        return said

    return read


def test_a_key_goes_in_and_never_comes_out(keeper, shop, seen):
    page, key = keeper.page, shop.sandbox.key("red")
    Credential.objects.all().delete()

    keeper.open("trackers/credential/add/")
    page.get_by_role("link", name="Redacted").click()
    page.get_by_label("Label").fill("mine")
    page.get_by_label("API key").fill(key)
    page.get_by_role("button", name="Save").click()
    seen()
    credential = Credential.objects.get()
    assert credential.values["api_key"] == key

    keeper.open(f"trackers/credential/{credential.pk}/change/")
    expect(page.get_by_label("API key")).to_have_value("")
    expect(page.get_by_label("API key")).to_have_attribute("type", "password")
    seen()

    page.get_by_role("button", name="Test").click()
    expect(page.locator("body")).to_contain_text("rehearsal")
    seen()
    credential.refresh_from_db()
    passkey = credential.values["passkey"]
    assert passkey == shop.sandbox.passkey("red"), "the test learns the passkey"

    page.get_by_label("Label").fill("renamed")
    page.get_by_role("button", name="Save").click()
    for path in (
        "trackers/credential/",
        f"trackers/credential/{credential.pk}/history/",
    ):
        keeper.open(path)
        expect(page.locator("body")).to_contain_text("renamed")
        seen()
    credential.refresh_from_db()
    assert credential.values == {"api_key": key, "passkey": passkey}
    for text in seen():
        assert key not in text
        assert passkey not in text


def test_a_client_s_password_goes_in_and_never_comes_out(keeper, seen):
    page = keeper.page
    keeper.open("releases/torrentclient/add/")
    for field, value in (
        ("name", "home"),
        ("url", "http://127.0.0.1:9"),
        ("username", "admin"),
        ("password", PLANTED),
    ):
        page.locator(f"[name={field}]").fill(value)
    page.get_by_role("button", name="Save", exact=True).click()
    seen()
    client = TorrentClient.objects.get()
    assert client.login["password"] == PLANTED
    keeper.open(f"releases/torrentclient/{client.pk}/change/")
    expect(page.locator("[name=password]")).to_have_value("")
    assert not [text for text in seen() if PLANTED in text]
