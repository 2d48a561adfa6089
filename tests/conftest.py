"""Fixtures that many tests share."""

import gc
import os

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.utils import translation
from django.utils.translation import trans_real
from hypothesis import settings as hypothesis_settings

from common.redact import forget_secrets
from common.spoken import _spoken
from config import writes
from tests import factories, marks
from tests.emptying import Pristine
from tests.marking import Marking

# The machine may be busy with the other half of the tests.
hypothesis_settings.register_profile("herald", deadline=None)
hypothesis_settings.load_profile("herald")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Tests that start workers run one after another, or they starve each other."""
    marks.mark(items)
    for item in items:
        if "workers" in item.fixturenames and not item.get_closest_marker(
            "xdist_group"
        ):
            item.add_marker(pytest.mark.xdist_group("workers"))


def pytest_collection_finish():
    """What was loaded stays: the garbage collector need not look at it each time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Coverage looks away from tests marked so, and from all that they start."""
    coverage = item.config.pluginmanager.getplugin("_cov")
    if coverage is None or not item.get_closest_marker("unmeasured"):
        return (yield)
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
    coverage.cov_controller.pause()
    try:
        return (yield)
    finally:
        coverage.cov_controller.resume()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Also lets tests that commit clean up after themselves quickly."""
    with django_db_blocker.unblock():
        pristine = Pristine.of_now()
    with pytest.MonkeyPatch.context() as monkeypatch:
        pristine.install(monkeypatch)
        yield


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
    build = factories.UserFactory.build
    roles = {role: build() for role in ("viewer", "preparer", "approver", "admin")}
    others = {"stranger": build(is_staff=False), "root": build(is_superuser=True)}
    User.objects.bulk_create([*roles.values(), *others.values()])
    groups = dict(Group.objects.values_list("name", "pk"))
    membership = User.groups.through
    membership.objects.bulk_create(
        membership(user_id=person.pk, group_id=groups[role])
        for role, person in roles.items()
    )
    return roles | others


@pytest.fixture
def marked_german(monkeypatch):
    """German marks whatever is looked up, whether or not it was translated yet."""
    catalogues = vars(trans_real)["_translations"]
    monkeypatch.setitem(catalogues, "de", Marking())
    _spoken.cache_clear()
    yield
    _spoken.cache_clear()
