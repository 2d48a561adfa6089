"""Fixtures with a real qBittorrent: the current version, and the oldest we support.

The packages are kept between runs in HERALD_TEST_CACHE (default: herald-tests in the
user's cache folder); every session has fresh profiles, every test an empty server.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import qbittorrentapi

from releases.clients.qbittorrent import QBittorrentClient
from scripts.debian_tree import CannotInstall
from scripts.qbittorrent import DEFAULT_SUITE, START_SECONDS, Settings, answers, prepare
from tests.announce import AnnounceServer, announce_server

OLD_SUITE = "bookworm"  # qBittorrent 4.5
REFRESH_MILLISECONDS = 100  # the default of 1500 is how stale a state may be


@dataclass(frozen=True)
class QBittorrent:
    """A running server. `folder` holds its profile and its downloads."""

    url: str
    username: str
    password: str = field(repr=False)
    folder: Path

    def client(self, password: str | None = None) -> QBittorrentClient:
        """Our client, logged in with the right password or the given one."""
        return QBittorrentClient(
            self.url, self.username, self.password if password is None else password
        )

    def api(self) -> qbittorrentapi.Client:
        """The library itself, to see and set what our client does not."""
        return qbittorrentapi.Client(
            self.url, username=self.username, password=self.password
        )


StartQBittorrent = Callable[..., AbstractContextManager[QBittorrent]]


def cache_folder() -> Path:
    """Where downloaded programs are kept between runs."""
    default = Path.home() / ".cache" / "herald-tests"
    return Path(os.environ.get("HERALD_TEST_CACHE") or default)


@contextmanager
def running_qbittorrent(
    *, suite: str = DEFAULT_SUITE, port: int | None = None, **settings: object
) -> Iterator[QBittorrent]:
    """A server with a fresh profile until the block ends."""
    port = port or free_port()
    cache = cache_folder() / "qbittorrent"
    folder = cache.resolve() / f"run-{port}"
    shutil.rmtree(folder, ignore_errors=True)
    asked = Settings(**{"password": "correct horse", **settings})  # type: ignore[arg-type]
    try:
        arguments, environment = prepare(cache, port, suite=suite, settings=asked)
    except CannotInstall as exc:
        missing(f"qBittorrent is missing: {exc}")
    url = f"http://127.0.0.1:{port}"
    with (
        (folder / "out").open("wb") as out,
        subprocess.Popen(
            arguments, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        ) as process,
    ):
        try:
            deadline = time.monotonic() + START_SECONDS
            while not answers(url):
                if process.poll() is not None or time.monotonic() > deadline:
                    said = (folder / "out").read_text(errors="replace")
                    pytest.fail(f"qBittorrent did not start: {said}")
                time.sleep(0.05)
            yield QBittorrent(url, asked.username, asked.password, folder)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
    shutil.rmtree(folder, ignore_errors=True)


def missing(reason: str) -> None:
    """A real part cannot be had: a failure where it is required, else a named skip."""
    if os.environ.get("HERALD_REQUIRE_REAL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    """A loopback port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _emptied(server: QBittorrent) -> QBittorrent:
    api = server.api()
    api.app_set_preferences({"refresh_interval": REFRESH_MILLISECONDS})
    api.torrents_delete(delete_files=False, torrent_hashes="all")
    api.torrents_remove_categories(list(api.torrents_categories()))
    api.torrents_delete_tags([str(tag) for tag in api.torrents_tags()])
    return server


@pytest.fixture(scope="session")
def qbittorrent_5() -> Iterator[QBittorrent]:
    """One qBittorrent 5 for the session; tests take `qbittorrent`."""
    with running_qbittorrent() as server:
        yield server


@pytest.fixture(scope="session")
def qbittorrent_4() -> Iterator[QBittorrent]:
    """One qBittorrent 4.5 for the session; tests take `old_qbittorrent`."""
    with running_qbittorrent(suite=OLD_SUITE) as server:
        yield server


@pytest.fixture
def qbittorrent(qbittorrent_5: QBittorrent) -> QBittorrent:
    """An empty qBittorrent 5."""
    return _emptied(qbittorrent_5)


@pytest.fixture
def old_qbittorrent(qbittorrent_4: QBittorrent) -> QBittorrent:
    """An empty qBittorrent 4.5."""
    return _emptied(qbittorrent_4)


@pytest.fixture(params=["qbittorrent", "old_qbittorrent"])
def any_qbittorrent(request: pytest.FixtureRequest) -> QBittorrent:
    """An empty server: the test runs once with each version."""
    server = request.getfixturevalue(request.param)
    assert isinstance(server, QBittorrent)
    return server


@pytest.fixture
def start_qbittorrent() -> StartQBittorrent:
    """Start a server of one's own, with settings of one's own."""
    return running_qbittorrent


@pytest.fixture
def announces() -> Iterator[AnnounceServer]:
    """A tracker on loopback that says yes, or refuses."""
    with announce_server() as server:
        yield server
