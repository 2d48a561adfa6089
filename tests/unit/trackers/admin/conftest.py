"""A template, and one that takes it as its layout."""

import pytest

from tests import factories
from tests.unit.trackers.admin.accounts import KEY, PASSKEY
from tests.unit.trackers.admin.templates import make


@pytest.fixture
def template():
    return make()


@pytest.fixture
def child(template):
    return make("child", fields={"description": "Own words"}, layout=template)


@pytest.fixture
def credential():
    return factories.CredentialFactory(values={"api_key": KEY, "passkey": PASSKEY})
