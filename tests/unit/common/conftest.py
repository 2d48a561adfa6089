"""A table with encrypted fields; one test's secrets are not another's."""

import pytest

from common.http import build_session
from common.redact import forget_secrets
from tests.unit.common.vault_rows import VaultRow, create_table, key_line
from tests.unit.common.wire import Wire, answering


@pytest.fixture
def keys(settings):
    """Sets the ring: `keys("new", "old")`; the byte of each key is its place in a-z."""

    def use(*ids):
        text = ",".join(key_line(one, ord(one[0])) for one in ids)
        settings.HERALD_KEYS = {"text": text}

    return use


@pytest.fixture(autouse=True)
def _no_secrets_from_elsewhere():
    forget_secrets()
    yield
    forget_secrets()


@pytest.fixture(scope="session")
def _vault_table(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        create_table()


@pytest.fixture
def rows(_vault_table, db):
    """The model with encrypted fields, its table empty."""
    VaultRow._base_manager.all().delete()
    return VaultRow


@pytest.fixture
def serve():
    """Starts a Wire with a function, or with the bytes that it answers."""
    started = []

    def start(what):
        wire = Wire(answering(what) if isinstance(what, bytes) else what)
        started.append(wire)
        return wire

    yield start
    for wire in started:
        wire.close()


@pytest.fixture
def session():
    """A session that loses patience early."""
    with build_session(connect_seconds=2, read_seconds=0.3, max_bytes=1000) as session:
        yield session
