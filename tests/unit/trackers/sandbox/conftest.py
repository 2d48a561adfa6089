import pytest

from tests.sandbox import sandbox, sandbox_process
from tests.unit.trackers.sandbox.gazelle_calls import SiteCalls

__all__ = ["sandbox", "sandbox_process"]


@pytest.fixture
def red(sandbox):
    return SiteCalls(sandbox, "red")


@pytest.fixture
def ops(sandbox):
    return SiteCalls(sandbox, "ops")


@pytest.fixture(params=["red", "ops"])
def site(request, sandbox):
    """Each site in turn, without rate limits."""
    sandbox.options(limits=False)
    return SiteCalls(sandbox, request.param)
