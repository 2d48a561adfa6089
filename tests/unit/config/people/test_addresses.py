"""Where a request comes from, with and without proxies of ours."""

import pytest
from django.test import RequestFactory

from config.people.addresses import client_address


@pytest.mark.parametrize(
    ("proxies", "told", "peer", "address"),
    [
        (0, "", "10.0.0.1", "10.0.0.1"),
        (0, "1.2.3.4", "10.0.0.1", "10.0.0.1"),
        (1, "", "10.0.0.1", "10.0.0.1"),
        (1, "1.2.3.4", "10.0.0.1", "1.2.3.4"),
        (1, "9.9.9.9, 1.2.3.4", "10.0.0.1", "1.2.3.4"),
        (2, "9.9.9.9, 1.2.3.4, 5.5.5.5", "10.0.0.1", "1.2.3.4"),
        (5, "9.9.9.9, 1.2.3.4", "10.0.0.1", "9.9.9.9"),
        (1, "1.2.3.4:55", "10.0.0.1", "1.2.3.4"),
        (1, "[2001:db8::1]:443", "10.0.0.1", "2001:db8::1"),
        (1, "2001:db8::1", "10.0.0.1", "2001:db8::1"),
        (1, "unknown", "10.0.0.1", "10.0.0.1"),
        (0, "", "fe80::1%eth0", "fe80::1"),
        (1, "fe80::1%eth0", "10.0.0.1", "fe80::1"),
        (0, "", "", None),
    ],
)
def test_the_address(settings, proxies, told, peer, address):
    settings.PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=told)
    assert client_address(request) == address
