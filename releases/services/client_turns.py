"""One look at a torrent client at a time, and none at one that just gave no answer.

A client that hangs holds whoever asks it for half a minute. Taking turns, and waiting
much longer than the last vain look took, it costs one worker a little now and then,
however many uploads wait for it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models import Q

from common import clock
from releases.clients import words
from releases.clients.errors import ClientBusy, ClientError
from releases.models import TorrentClient

# A turn lapses after this, should its process have died.
TURN_SECONDS = 120.0
TAKEN_SECONDS = 1.0
HOLDS = (1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 120.0)
LONGEST_HOLD = 300.0
# A client that hangs may have a fifth of one worker's time.
REST = 4.0


@contextmanager
def client_turn(client: TorrentClient) -> Iterator[None]:
    """Ask the client within; nobody else does meanwhile. Raises ClientBusy.

    A failure that time may heal holds the client until `client.not_before`.
    """
    client_free(client)
    now = clock.now()
    turn = now + timedelta(seconds=TURN_SECONDS)
    if not TorrentClient.objects.filter(
        Q(busy_until=None) | Q(busy_until__lte=now),
        Q(not_before=None) | Q(not_before__lte=now),
        pk=client.pk,
    ).update(busy_until=turn):
        raise _taken(client, now + timedelta(seconds=TAKEN_SECONDS))
    started = time.monotonic()
    changes: dict[str, object] = {"failures": 0, "not_before": None}
    try:
        yield
    except ClientError as exc:
        if exc.temporary:
            client.failures += 1
            client.not_before = _hold_end(client, time.monotonic() - started)
            changes = {"failures": client.failures, "not_before": client.not_before}
        raise
    finally:
        TorrentClient.objects.filter(pk=client.pk, busy_until=turn).update(
            busy_until=None, **changes
        )


def client_free(client: TorrentClient) -> None:
    """Raise ClientBusy when this is no time to ask the client, as far as known."""
    now = clock.now()
    if client.not_before and client.not_before > now:
        raise _taken(client, client.not_before)
    if client.busy_until and client.busy_until > now:
        raise _taken(client, now + timedelta(seconds=TAKEN_SECONDS))


def client_hold_end(**which: int) -> None:
    """Let the client that `which` finds be asked at once."""
    found = TorrentClient.objects.filter(**which).values_list("pk", flat=True)
    TorrentClient.objects.filter(pk__in=list(found)).update(not_before=None, failures=0)


def _taken(client: TorrentClient, until: datetime) -> ClientBusy:
    return ClientBusy(
        words.BUSY % {"client": client.name},
        until=until,
    )


def _hold_end(client: TorrentClient, took: float) -> datetime:
    n = client.failures
    seconds = HOLDS[n - 1] if n <= len(HOLDS) else LONGEST_HOLD
    return clock.now() + timedelta(seconds=max(seconds, REST * took))
