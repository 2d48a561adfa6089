"""Requests into the world: looked up once, and never into this house."""

import socket
from types import SimpleNamespace

import pytest
import requests
from urllib3.util import connection

from common.http import transport_failure
from common.outside import InsideAddress, build_outside_session, is_outside

NAME = "http://hook.example/hook"


@pytest.fixture
def world(httpserver, monkeypatch):
    """Names and addresses of the outside world, played by the system's own calls.

    `world.names` are known; whoever connects to an address of `world.there` meets the
    server of the test, and nobody answers elsewhere. `world.tried` are all.
    """
    found = SimpleNamespace(names={}, there=set(), tried=[])
    really, look_up = connection.create_connection, socket.getaddrinfo

    def known(host, port, *args, **kwargs):
        if host == "hook.example":
            if not found.names:
                raise socket.gaierror
            return [(0, 0, 0, "", (one, port)) for one in found.names[host]]
        return look_up(host, port, *args, **kwargs)

    def connected(address, *args, **kwargs):
        found.tried.append(address[0])
        if address[0] not in found.there:
            raise ConnectionRefusedError
        return really((httpserver.host, httpserver.port), *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", known)
    monkeypatch.setattr(connection, "create_connection", connected)
    return found


def test_a_name_is_asked_once_and_its_addresses_are_tried_in_turn(httpserver, world):
    world.names["hook.example"] = ["8.8.8.8", "8.8.4.4"]
    world.there = {"8.8.4.4"}
    httpserver.expect_request("/hook").respond_with_data("ok")
    with build_outside_session(inside_too=False) as session:
        assert session.post(NAME).text == "ok"
    assert world.tried == ["8.8.8.8", "8.8.4.4"]
    ((request, _),) = httpserver.log
    assert request.headers["Host"] == "hook.example"


def test_a_name_that_leads_inside_as_well_is_not_tried(world):
    world.names["hook.example"] = ["8.8.8.8", "127.0.0.1"]
    with (
        build_outside_session(inside_too=False) as session,
        pytest.raises(requests.ConnectionError) as caught,
    ):
        session.post(NAME)
    assert isinstance(caught.value.args[0].reason, InsideAddress)
    assert world.tried == []


@pytest.mark.parametrize("url", [NAME, f"http://{'x' * 70}.example/", "http://8.8.8.8"])
def test_a_name_that_is_none_and_nobody_there_are_told_from_inside(world, url):
    with (
        build_outside_session(inside_too=False) as session,
        pytest.raises(requests.RequestException) as caught,
    ):
        session.post(url)
    assert transport_failure(caught.value) == "not_sent"
    assert "outside world" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_address_inside_is_not_tried(world, scheme):
    with (
        build_outside_session(inside_too=False) as session,
        pytest.raises(requests.ConnectionError, match="outside world"),
    ):
        session.post(f"{scheme}://127.0.0.1:9/")
    assert world.tried == []


@pytest.mark.parametrize(
    ("host", "outside"),
    [
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - data
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("8.8.8.8", True),
        ("2606:4700:4700::1111", True),
    ],
)
def test_what_is_outside(host, outside):
    assert is_outside(host) is outside
