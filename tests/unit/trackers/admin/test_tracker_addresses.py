"""A tracker's addresses in the admin: web addresses, and no secret in them."""

import pytest

from tests.unit.trackers.admin.test_tracker_admin import form, url
from trackers.models import Tracker

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("announce", "sentence"),
    [
        ("ftp://x/{passkey}", "An announce URL begins with"),
        ("https://x/{passkey} announce", "An announce URL begins with"),
        ("https://x/0123456789abcdef0123456789abcdef/announce", "has a passkey in it"),
        ("https://x/announce?passkey=hunter2pass", "has a passkey in it"),
        ("https://ann:pw@x/{passkey}/announce", "An address holds no login."),
        ("https://x/announce", "Write {passkey} where"),
    ],
)
def test_an_announce_url_is_a_shape_without_a_passkey(
    client, people, announce, sentence
):
    client.force_login(people["admin"])
    page = client.post(url("add"), form(announce_url=announce)).content.decode()
    assert sentence in page
    assert not Tracker.objects.exists()


@pytest.mark.parametrize(
    ("base", "sentence"),
    [
        ("ftp://x.example", "This is no web address."),
        ("http://127.0.0.1:99999", "This is no web address."),
        ("https://ann:pw@x.example", "An address holds no login."),
        ("https://x.example/0123456789abcdef0123456789abcdef", "has a passkey in it"),
    ],
)
def test_a_base_url_is_a_web_address_without_a_secret(client, people, base, sentence):
    client.force_login(people["admin"])
    page = client.post(url("add"), form(base_url=base)).content.decode()
    assert sentence in page
    assert not Tracker.objects.exists()


def test_a_site_may_have_a_short_name(client, people):
    client.force_login(people["admin"])
    client.post(
        url("add"),
        form(
            base_url="http://sandbox:8700/red",
            announce_url="http://sandbox:8700/announce/red/{passkey}",
        ),
    )
    assert Tracker.objects.get().base_url == "http://sandbox:8700/red"
