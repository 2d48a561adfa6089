"""A template, and one that takes it as its layout."""

import pytest

from tests.unit.trackers.admin.templates import make


@pytest.fixture
def template():
    return make()


@pytest.fixture
def child(template):
    return make("child", fields={"description": "Own words"}, layout=template)
