"""The far end of every contract test: the sandbox, over real loopback HTTP."""

import logging

import pytest

from common.http import build_session
from tests.contract.cases import CASES
from tests.sandbox import sandbox

__all__ = ["sandbox"]


@pytest.fixture(params=CASES, ids=lambda case: case.slug)
def case(request):
    return request.param


@pytest.fixture
def adapter(case, sandbox):
    with case.adapter(sandbox, build_session()) as made:
        yield made


@pytest.fixture(autouse=True)
def _no_secret_is_logged(case, sandbox, caplog):
    caplog.set_level(logging.DEBUG)
    yield
    for secret in (sandbox.key(case.slug), sandbox.passkey(case.slug)):
        assert secret not in caplog.text
