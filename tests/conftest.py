"""Fixtures that many tests share."""

import pytest
from django.core.cache import cache
from django.utils import translation
from django.utils.translation import trans_real
from hypothesis import settings as hypothesis_settings

from common.redact import forget_secrets
from config import writes
from tests import factories
from tests.marking import Marking

# The machine may be busy with the other half of the tests.
hypothesis_settings.register_profile("herald", deadline=None)
hypothesis_settings.load_profile("herald")


def pytest_collection_modifyitems(items):
    """Tests that start workers run one after another, or they starve each other."""
    for item in items:
        if "workers" in item.fixturenames and not item.get_closest_marker(
            "xdist_group"
        ):
            item.add_marker(pytest.mark.xdist_group("workers"))


@pytest.fixture(autouse=True)
def _fresh_cache():
    """Nothing remembered from another test."""
    cache.clear()
    forget_secrets()


@pytest.fixture(autouse=True)
def _english():
    """The language of the last page that another test looked at is forgotten."""
    translation.deactivate()


@pytest.fixture(autouse=True, scope="session")
def _calm_pages():
    """A page's look at the database is no part of what it costs, unless asked for."""
    writes.FRESH_SECONDS = 3600.0


@pytest.fixture
def people(db):
    """One person of each role, one without any, and one who may do everything."""
    return {
        "viewer": factories.UserFactory(role="viewer"),
        "preparer": factories.UserFactory(role="preparer"),
        "approver": factories.UserFactory(role="approver"),
        "admin": factories.UserFactory(role="admin"),
        "stranger": factories.UserFactory(is_staff=False),
        "root": factories.UserFactory(is_superuser=True),
    }


@pytest.fixture
def marked_german(monkeypatch):
    """German marks whatever is looked up, whether or not it was translated yet."""
    monkeypatch.setitem(trans_real._translations, "de", Marking())
