"""Streams of events as they are really served: gunicorn's threads, as in the image."""

import json

import pytest
import requests

from config.access import token_issue
from releases.models import Release
from tests import factories
from tests.qbittorrent import free_port
from tests.workers import wait_until

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.django_db]

PLACES = 4


@pytest.fixture
def served(workers, people):
    """A session with a token, and the API's address at a gunicorn of its own."""
    port = free_port()
    workers.start(
        *("-m", "gunicorn", "config.wsgi", f"--bind=127.0.0.1:{port}"),
        *("--worker-class=gthread", "--workers=1", "--threads=8"),
        "--no-control-socket",
        HERALD_EVENT_STREAMS=str(PLACES),
    )
    session = requests.Session()
    session.trust_env = False
    session.headers["Authorization"] = f"Token {token_issue(people['viewer'])[1]}"

    def answers():
        try:
            return session.get(f"http://127.0.0.1:{port}/healthz", timeout=5).ok
        except requests.ConnectionError:
            return False

    wait_until(answers)
    return session, f"http://127.0.0.1:{port}/api"


def listen(session, address):
    return session.get(
        address, headers={"Accept": "text/event-stream"}, stream=True, timeout=30
    )


def states(answer):
    for line in answer.iter_lines(decode_unicode=True):
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))["state"]


def test_few_streams_and_threads_left_for_all_else(served):
    session, api = served
    release = factories.ReleaseFactory(state="preparing")
    address = f"{api}/releases/{release.pk}/progress/"
    heard = [listen(session, address) for _ in range(PLACES)]
    told = [states(answer) for answer in heard]
    assert [next(one) for one in told] == ["preparing"] * PLACES
    full = listen(session, address)
    assert (full.status_code, full.json()["code"]) == (503, "streams_full")
    for _ in range(10):
        assert session.get(f"{api}/releases/", timeout=5).status_code == 200
    Release.objects.update(state="ready")
    for one in told:
        assert list(one) == ["ready", "ready"]  # the state, and the end
    wait_until(lambda: listen(session, address).status_code == 200)


def test_whoever_hangs_up_leaves_a_place(served):
    session, api = served
    release = factories.ReleaseFactory(state="preparing")
    address = f"{api}/releases/{release.pk}/progress/"
    heard = [listen(session, address) for _ in range(PLACES)]
    for answer in heard:
        next(states(answer))
        answer.close()
    Release.objects.update(progress={"done": 1})  # what is said is not taken
    Release.objects.update(progress={"done": 2})
    wait_until(lambda: listen(session, address).status_code == 200, seconds=40)
