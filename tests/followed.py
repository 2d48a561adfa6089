"""Torrents in a real client, followed until they are as wanted."""

import time

import torf

from releases.clients.types import SeedPhase

LOOKS_TO_ANNOUNCE = 100


def make_torrent(path, *urls):
    torrent = torf.Torrent(path, trackers=list(urls), private=True, source="TEST")
    torrent.piece_size = 65_536
    torrent.generate(threads=1)
    return torrent.dump(), torrent.infohash


def wait_until(client, infohash, wanted):
    """Poll until `wanted(status)`; the test's own time limit ends a vain wait.

    A client that misses an announce is asked for another, as Herald does.
    """
    looks = 0
    while True:
        looks += 1
        status = client.follow(infohash)
        if wanted(status):
            return status
        if not looks % LOOKS_TO_ANNOUNCE and status.phase is SeedPhase.SEEDING:
            client.reannounce(infohash)
        time.sleep(0.05)


def phase_is(phase):
    return lambda status: status.phase is phase


def seed(server, book, url, **options):
    content, infohash = make_torrent(book, url)
    client = server.client()
    added = client.add(
        content, infohash=infohash, save_path=str(book.parent), **options
    )
    return client, infohash, added
