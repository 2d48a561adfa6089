"""A person who wants to hear of everything, and a service on loopback that tells."""

import json

import pytest

from tests import factories
from uploads.models import NotificationTarget
from uploads.notices import EVENTS

TOKEN = "planted-token-4f7e+x"


class Service:
    """A service on loopback that takes every message, and what it was told."""

    def __init__(self, server):
        server.expect_request(f"/hook/{TOKEN}").respond_with_data("ok")
        self._server = server
        self.url = f"json://{server.host}:{server.port}/hook/{TOKEN}"

    def __call__(self):
        return [json.loads(request.data) for request, _ in self._server.log]


@pytest.fixture
def service(httpserver):
    return Service(httpserver)


@pytest.fixture
def target(service):
    return NotificationTarget.objects.create(
        user=factories.UserFactory(),
        name="phone",
        address={"url": service.url},
        events=list(EVENTS),
    )
