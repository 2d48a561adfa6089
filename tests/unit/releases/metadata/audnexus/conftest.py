"""A server with recorded answers and a provider that asks it."""

import threading

import pytest

from common.http import build_session
from releases.metadata.answers import Limits
from releases.metadata.pacing import Pacer
from releases.metadata.providers.audnexus import AudnexusProvider
from tests import sandbox as sandbox_module
from tests.audnexus import BOOK, Clock, MemoryCache, Server, recording


@pytest.fixture
def server(httpserver):
    return Server(httpserver)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def cache():
    return MemoryCache()


@pytest.fixture
def provider(server, clock, cache):
    with build_session() as session:
        yield AudnexusProvider(
            base_url=server.url,
            session=session,
            cache=cache,
            pacer=Pacer(clock=clock, sleep=clock.sleep),
            limits=Limits(connect=2, silence=0.3, total=0.5, mebibytes=1),
        )


@pytest.fixture
def book(server):
    server.on(f"/books/{BOOK}", recording("book_B017V4IM1G_us"))
    server.on(f"/books/{BOOK}/chapters", recording("chapters_B017V4IM1G_us"))
    author = recording("author_B00G0WYW92_us") | {"asin": "B000AP9A6K"}
    server.on("/authors/B000AP9A6K", author)
    return server


@pytest.fixture
def released():
    """Lets handlers that wait go home when the test is over."""
    event = threading.Event()
    yield event
    event.set()


sandbox = sandbox_module.sandbox
