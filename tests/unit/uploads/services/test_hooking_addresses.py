"""Where a webhook may lead: never into this house unasked."""

import socket

import pytest
from django.core.exceptions import ValidationError
from werkzeug import Response

from tests.unit.uploads.services.hooks import everything_due, said
from uploads.services.hooking import check_hook_address, webhook_test

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hooks_at_once")]


def test_a_redirect_is_not_followed(queued, hook, httpserver):
    httpserver.expect_request("/hook").respond_with_response(
        Response(status=302, headers={"Location": httpserver.url_for("/inside")})
    )
    httpserver.expect_request("/inside").respond_with_data("secret")
    everything_due()
    assert [request.path for request in said(httpserver)] == ["/hook"]
    queued.refresh_from_db()
    assert queued.error.startswith("It answered 302, which leads elsewhere")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_no_way_into_this_house_unless_allowed(
    queued, hook, httpserver, settings, host
):
    settings.WEBHOOK_PRIVATE = False
    httpserver.expect_request("/hook").respond_with_data("ok")
    hook.url = f"http://{host}:{httpserver.port}/hook"
    hook.save()
    everything_due()
    assert said(httpserver) == []
    queued.refresh_from_db()
    assert "leads into this machine or its own network" in queued.error
    assert "HERALD_WEBHOOK_PRIVATE" in queued.error
    assert (queued.status, queued.tries) == (None, 1)


def test_what_is_said_of_an_address_inside_tells_nothing_of_its_ports(
    hook, httpserver, settings
):
    """Open, closed, or silent: the last one would take the whole timeout."""
    settings.WEBHOOK_PRIVATE = False
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    errors = set()
    for place in (
        *(f"127.0.0.1:{httpserver.port}", f"127.0.0.1:{port}", f"localhost:{port}"),
        *("10.255.255.1", "[::1]:9"),
    ):
        hook.url = f"http://{place}/hook"
        hook.save()
        row = webhook_test(hook)
        assert row.status is None
        errors.add(row.error)
    assert len(errors) == 1


@pytest.mark.parametrize(
    "url",
    [
        "ftp://host/x",
        "http://",
        "javascript:alert(1)",
        "http://user:pw@host/",
        "http://host/#part",
        "http://host/a b",
        "http://host/?api_key=abcdefgh12345678",
        "http://host:99999/",
    ],
)
def test_odd_addresses_are_refused(url):
    with pytest.raises(ValidationError):
        check_hook_address(url)


@pytest.mark.parametrize(
    "url", ["https://ci.example/hooks/herald", "http://ci:8080/x?job=5"]
)
def test_addresses_that_will_do(url):
    check_hook_address(url)
